/** A menu button as menu/create takes it and menu/get gives it back. */
export interface Button {
  readonly name: string;
  readonly type?: string;
  readonly key?: string;
  readonly url?: string;
  readonly media_id?: string;
  readonly article_id?: string;
  readonly appid?: string;
  readonly pagepath?: string;
  readonly sub_button?: readonly Button[];
}

/** Whom a conditional menu is for; the members that still matter (reference 8). */
export interface MatchRule {
  readonly tag_id?: string;
  readonly client_platform_type?: string;
}

/** What must stand beside the type. Source: "Create menu", table of types. */
const needs: Readonly<Record<string, readonly (keyof Button)[]>> = {
  click: ['key'],
  view: ['url'],
  scancode_push: ['key'],
  scancode_waitmsg: ['key'],
  pic_sysphoto: ['key'],
  pic_photo_or_album: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  media_id: ['media_id'],
  view_limited: ['media_id'],
  article_id: ['article_id'],
  article_view_limited: ['article_id'],
  miniprogram: ['url', 'appid', 'pagepath'],
};

/** The codes for the same mistake in a top button and in one below it. */
const codes = {
  type: { top: 40017, sub: 40024 },
  name: { top: 40018, sub: 40025 },
  key: { top: 40019, sub: 40026 },
  url: { top: 40020, sub: 40027 },
  domain: { top: 40055, sub: 40054 },
} as const;
type Level = 'top' | 'sub';

const nameBytes = { top: 16, sub: 60 } as const;
const bytes = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : 0);
const within = (value: unknown, most: number): boolean => bytes(value) > 0 && bytes(value) <= most;

/** Checks the `button` member of menu/create. Returns the code it is refused with, or undefined. Rules: reference 8. */
export function menuProblem(buttons: unknown): number | undefined {
  if (!Array.isArray(buttons)) return 40015;
  if (buttons.length === 0 || buttons.length > 3) return 40016;
  return firstProblem(buttons, (button) => buttonProblem(button, 'top'));
}

function firstProblem(buttons: readonly unknown[], check: (button: unknown) => number | undefined): number | undefined {
  for (const button of buttons) {
    const problem = check(button);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function buttonProblem(button: unknown, level: Level): number | undefined {
  if (typeof button !== 'object' || button === null) return codes.type[level];
  const { name, sub_button: below } = button as { name?: unknown; sub_button?: unknown };
  if (!within(name, nameBytes[level])) return codes.name[level];
  if (!Array.isArray(below) || below.length === 0) return leafProblem(button as Record<string, unknown>, level);
  if (level === 'sub') return 40022;
  return below.length > 5 ? 40023 : firstProblem(below, (one) => buttonProblem(one, 'sub'));
}

function leafProblem(button: Record<string, unknown>, level: Level): number | undefined {
  const needed = needs[String(button['type'])];
  if (needed === undefined) return codes.type[level];
  if (needed.includes('key') && !within(button['key'], 128)) return codes.key[level];
  if (needed.includes('url')) {
    if (!within(button['url'], 1024)) return codes.url[level];
    if (!/^https?:\/\/[^/]/.test(String(button['url']))) return codes.domain[level];
  }
  if (needed.includes('appid') && !within(button['appid'], 64)) return 40166;
  if (needed.includes('pagepath') && !within(button['pagepath'], 1024)) return 40165;
  if (needed.includes('media_id') && !within(button['media_id'], 512)) return 40007;
  return needed.includes('article_id') && !within(button['article_id'], 512) ? 40097 : undefined;
}

/** The members a button keeps: what its type needs. Leaves carry an empty `sub_button`, as menu/get shows them. */
export function storedButton(button: Button): Button {
  if ((button.sub_button?.length ?? 0) > 0)
    return { name: button.name, sub_button: button.sub_button?.map(storedButton) ?? [] };
  const kept = (needs[button.type ?? ''] ?? []).map((member) => [member, button[member]]);
  return { type: button.type ?? '', name: button.name, ...Object.fromEntries(kept), sub_button: [] };
}

/** The code a matchrule is refused with, or undefined. */
export function matchRuleProblem(rule: unknown): number | undefined {
  if (typeof rule !== 'object' || rule === null) return 65304;
  return Object.values(rule).every((value) => value === undefined || value === null || value === '')
    ? 65304
    : undefined;
}

/** Whether the rule is for this person: every member it has must fit. */
export function matches(rule: MatchRule, person: { tagIds: readonly number[]; platformType: string }): boolean {
  const hasTag = !rule.tag_id || person.tagIds.includes(Number(rule.tag_id));
  return hasTag && (!rule.client_platform_type || rule.client_platform_type === person.platformType);
}
