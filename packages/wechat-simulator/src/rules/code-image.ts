import { isWxacodeScene } from '@lingquan/wechat';

/** What a mini-program code is to lead to, and how it is to look. */
export interface CodeOrder {
  /** What a phone that scans it opens: the page with its query, or the page with the scene. */
  readonly target: string;
  /** Pixels. */
  readonly width: number;
  /** `#rrggbb`. */
  readonly dark: string;
  readonly transparent: boolean;
}

export type CodeInterface = 'getwxacode' | 'getwxacodeunlimit' | 'createwxaqrcode';

type Members = Readonly<Record<string, unknown>>;

const versions: readonly unknown[] = ['release', 'trial', 'develop'];

/** Checks the body of the three interfaces that make mini-program codes. Rules: reference 11. */
export function readCodeOrder(which: CodeInterface, body: Members): CodeOrder | { readonly errcode: number } {
  const target =
    which === 'getwxacodeunlimit' ? sceneTarget(body) : pathTarget(body, which === 'getwxacode' ? 1024 : 128);
  if (typeof target !== 'string') return target;
  const version = body['env_version'];
  if (!versions.includes(version ?? 'release')) return { errcode: 40097 };
  return { target, width: widthOf(body['width']), dark: colourOf(body), transparent: body['is_hyaline'] === true };
}

function pathTarget(body: Members, lengthMax: number): string | { readonly errcode: number } {
  const path = body['path'];
  if (typeof path !== 'string' || path === '' || path.length > lengthMax) return { errcode: 40159 };
  return path;
}

function sceneTarget(body: Members): string | { readonly errcode: number } {
  if (body['scancode_time'] !== undefined) return { errcode: 85096 };
  const scene = body['scene'];
  if (typeof scene !== 'string' || scene === '' || scene.length > 32) return { errcode: 40169 };
  if (!isWxacodeScene(scene)) return { errcode: 40129 };
  const page = body['page'] ?? '';
  if (typeof page !== 'string' || page.startsWith('/') || page.includes('?')) return { errcode: 41030 };
  return `${page === '' ? 'pages/index/index' : page}?scene=${encodeURIComponent(scene)}`;
}

function widthOf(width: unknown): number {
  const pixels = Number(width ?? 430);
  return Number.isFinite(pixels) ? Math.min(Math.max(Math.round(pixels), 280), 1280) : 430;
}

/** `line_color` counts only without `auto_color`; its parts come as numbers or as text. */
function colourOf(body: Members): string {
  const line = body['line_color'];
  if (body['auto_color'] === true || typeof line !== 'object' || line === null) return '#000000';
  const parts = ['r', 'g', 'b'].map((name) => Math.min(Math.max(Number((line as Members)[name]) || 0, 0), 255));
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}
