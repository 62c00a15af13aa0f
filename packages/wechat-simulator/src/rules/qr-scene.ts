/** What a QR code with parameters is to carry. */
export interface QrOrder {
  /** As it comes back in pushes. */
  readonly scene: string;
  readonly permanent: boolean;
  /** Undefined for a permanent code. */
  readonly expireSeconds: number | undefined;
}

const expireSecondsMax = 2_592_000;
/** Of the current documentation; 30 in older texts. */
const expireSecondsDefault = 60;

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** Checks the body of qrcode/create. Rules: reference 9.4. */
export function readQrOrder(body: Members): QrOrder | { readonly errcode: 40052 | 40053 } {
  const action = body['action_name'];
  const match = typeof action === 'string' ? /^QR_(LIMIT_)?(STR_)?SCENE$/.exec(action) : null;
  if (match === null) return { errcode: 40052 };
  const permanent = match[1] !== undefined;
  const info = body['action_info'];
  if (!isMembers(info)) return { errcode: 40053 };
  // Without the `scene` level the platform makes a code all the same; its pushes carry 0 (reference 3.3).
  const scene = isMembers(info['scene']) ? sceneOf(info['scene'], match[2] !== undefined, permanent) : '0';
  if (scene === undefined) return { errcode: 40053 };
  return { scene, permanent, expireSeconds: permanent ? undefined : expiryOf(body['expire_seconds']) };
}

function sceneOf(scene: Members, isText: boolean, permanent: boolean): string | undefined {
  if (isText) {
    const text = scene['scene_str'];
    // Too long a text was seen to be refused for permanent codes only.
    return typeof text === 'string' && text !== '' && (!permanent || text.length <= 64) ? text : undefined;
  }
  const id = Number(scene['scene_id']);
  return Number.isInteger(id) && id >= 1 && id <= (permanent ? 100_000 : 0xffff_ffff) ? String(id) : undefined;
}

function expiryOf(given: unknown): number {
  const seconds = Number(given ?? expireSecondsDefault);
  return Number.isInteger(seconds) && seconds > 0 ? Math.min(seconds, expireSecondsMax) : expireSecondsDefault;
}
