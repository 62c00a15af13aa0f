import type { ApiRoute } from './call.ts';

export type Found =
  | { kind: 'route'; route: ApiRoute; params: Record<string, string> }
  /** The address exists for these methods. */
  | { kind: 'method'; allow: string }
  | { kind: 'nothing' };

/** Finds the route for a request. A piece of a path that begins with a colon stands for any one piece. */
export function routeTable(routes: readonly ApiRoute[]): (method: string, path: string) => Found {
  const table = routes.map((route) => ({ route, pieces: route.path.split('/') }));
  return (method, path) => {
    const asked = path.split('/');
    const here = table.flatMap(({ route, pieces }) => {
      const params = match(pieces, asked);
      return params === undefined ? [] : [{ route, params }];
    });
    const found = here.find(({ route }) => route.method === method);
    if (found !== undefined) return { kind: 'route', ...found };
    if (here.length === 0) return { kind: 'nothing' };
    return { kind: 'method', allow: here.map(({ route }) => route.method).join(', ') };
  };
}

function match(pieces: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  if (pieces.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [place, piece] of pieces.entries()) {
    const text = asked[place]!;
    if (piece.startsWith(':') && text !== '') params[piece.slice(1)] = text;
    else if (piece !== text) return undefined;
  }
  return params;
}
