import type { System } from './system.ts';

export type Pushed = { msgId: string; reply: { type: string; content: string } | null; shown: string | null };

/** Pushes as the platform would, through the simulator, and returns what the follower sees. */
export async function push({ urlOf }: System, what: Record<string, unknown>): Promise<Pushed> {
  const answer = await fetch(`${urlOf('simulator')}/_sim/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(what),
  });
  if (!answer.ok) throw new Error(`/_sim/push: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Pushed;
}

/** A follower types a text. */
export const say = (system: System, openid: string, text = '优惠券') => push(system, { openid, type: 'text', text });

/** The code in a reply, from the line that is exactly 券码： and the code. */
export const codeIn = (pushed: Pushed): string | undefined => /^券码：(\S+)$/m.exec(pushed.reply?.content ?? '')?.[1];

export type Seen = { from: string; via: string; content?: string };

/** What a follower has been shown by accounts, oldest first. */
export async function messagesTo({ urlOf }: System, openid: string): Promise<Seen[]> {
  const answer = await fetch(`${urlOf('simulator')}/_sim/messages?openid=${openid}`);
  const { items } = (await answer.json()) as { items: Seen[] };
  return items.filter(({ from }) => from === 'account');
}

export type LoggedEvent = {
  id: string;
  type: string;
  time: string;
  openid: string;
  campaignId: string;
  code: string | null;
  reason?: string;
  traceparent?: string;
  kafka: { topic: string; partition: number; offset: number };
};

/** Every logged event that fits, page by page. */
export async function loggedEvents({ urlOf }: System, filter: Record<string, string>): Promise<LoggedEvent[]> {
  const items: LoggedEvent[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ ...filter, limit: '500', ...(cursor === '' ? {} : { cursor }) });
    const answer = await fetch(`${urlOf('claim-log')}/events?${query.toString()}`);
    const page = (await answer.json()) as { items: LoggedEvent[]; next: string | null };
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}
