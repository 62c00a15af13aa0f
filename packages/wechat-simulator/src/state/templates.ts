import { createHash } from 'node:crypto';
import type { Account } from '../accounts.ts';

/** A message template of an account. */
export interface Template {
  readonly id: string;
  readonly title: string;
  /** Lines with `{{thing1.DATA}}` where a parameter goes. */
  readonly content: string;
  readonly example: string;
  /** Subscription templates: 2 is one message per consent, 3 is for always. */
  readonly type: 2 | 3;
}

export interface Templates {
  get(id: string): Template | undefined;
  /** In the order in which they were added. */
  list(): readonly Template[];
  add(template: Omit<Template, 'id'>): Template;
  remove(id: string): boolean;
}

/** 43 characters like the platform's; the same for the same account and title, so that it can stand in a configuration. */
export function templateIdFor(appid: string, title: string): string {
  return createHash('sha256').update(`${appid}\n${title}`).digest('base64url').slice(0, 43);
}

export function createTemplates(appid: string, first: readonly Omit<Template, 'id'>[]): Templates {
  const templates = new Map<string, Template>();
  function add(template: Omit<Template, 'id'>): Template {
    const added = {
      ...template,
      id: templateIdFor(appid, template.title + (templates.size < first.length ? '' : String(templates.size))),
    };
    templates.set(added.id, added);
    return added;
  }
  for (const template of first) add(template);
  return {
    get: (id) => templates.get(id),
    list: () => [...templates.values()],
    add,
    remove: (id) => templates.delete(id),
  };
}

const received = {
  title: '优惠券到账通知',
  content: '券名称:{{thing1.DATA}}\n券码:{{character_string2.DATA}}\n有效期至:{{date3.DATA}}',
  example: '券名称:满30减5\n券码:8F3K-Q2ZX\n有效期至:2026年12月31日',
  type: 2,
} as const;
const expiring = {
  title: '优惠券到期提醒',
  content: '券名称:{{thing1.DATA}}\n到期时间:{{time2.DATA}}',
  example: '券名称:满30减5\n到期时间:2026年12月31日 23:59',
  type: 2,
} as const;

/** Template messages (service accounts). */
export const privateTemplates = (account: Account): Templates =>
  createTemplates(account.appid, account.kind === 'official-account' ? [received, expiring] : []);

/** Subscription messages, of either kind of account. */
export const subscribeTemplates = (account: Account): Templates =>
  createTemplates(`${account.appid}/subscribe`, [received, expiring, { ...expiring, title: '长期服务提醒', type: 3 }]);
