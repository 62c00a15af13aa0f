/** Sends that must not happen twice: for one receiver and client_msg_id only one message within 10 minutes (reference 7.2). */
export interface RecentSends {
  /** The msgid of an equal send in the last 10 minutes. */
  find(openid: string, clientMsgId: string, now: number): string | undefined;
  add(openid: string, clientMsgId: string, msgid: string, now: number): void;
}

const rememberedMs = 600_000;

export function createRecentSends(): RecentSends {
  const sends = new Map<string, { msgid: string; at: number }>();
  const keyOf = (openid: string, clientMsgId: string) => `${openid}\n${clientMsgId}`;
  return {
    find(openid, clientMsgId, now) {
      const found = sends.get(keyOf(openid, clientMsgId));
      return found !== undefined && now - found.at < rememberedMs ? found.msgid : undefined;
    },
    add(openid, clientMsgId, msgid, now) {
      for (const [key, { at }] of sends) {
        if (now - at < rememberedMs) break; // the oldest come first
        sends.delete(key);
      }
      sends.set(keyOf(openid, clientMsgId), { msgid, at: now });
    },
  };
}
