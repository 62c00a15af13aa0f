import type { Api } from './order.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Why an answer does not acknowledge a notice; undefined when it does. v3 takes any 200 or 204 (reference B.6); v2 wants 200 and the XML
 * with return_code SUCCESS, nothing else (A.6).
 */
export function refusalIn(api: Api, { status, body }: Answer): string | undefined {
  if (api === 'v3') return status === 200 || status === 204 ? undefined : `HTTP ${status}`;
  if (status !== 200) return `HTTP ${status}`;
  const code =
    /^\s*<xml>[\s\S]*<return_code>\s*(?:<!\[CDATA\[([^\]<]*)\]\]>|([^<]*))\s*<\/return_code>[\s\S]*<\/xml>\s*$/.exec(
      body,
    );
  if (code === null) return 'not the XML that acknowledges';
  const said = code[1] ?? code[2] ?? '';
  return said === 'SUCCESS' ? undefined : `return_code ${said}`;
}
