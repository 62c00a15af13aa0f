import { createRing, type Ring } from './ring.ts';

/** One line in the chat between a follower and an account, as the follower's phone shows it. */
export interface ChatMessage {
  /** Counts up over all accounts. */
  readonly id: number;
  readonly appid: string;
  readonly openid: string;
  /** ISO 8601, by the platform's clock. */
  readonly at: string;
  /** `platform` is the grey text between bubbles: a service that does not answer, a follow. */
  readonly from: 'follower' | 'account' | 'platform';
  /** How it came: a push's own content, the passive reply, or an interface call. */
  readonly via: 'push' | 'reply' | 'customer-service' | 'template' | 'subscribe' | 'notice';
  /** The type in WeChat's words: text, image, news, event … */
  readonly type: string;
  /** What the follower reads; for other types than text a short description. */
  readonly text: string;
  /** The content as it was sent, for the types that are more than text. */
  readonly content?: unknown;
  /** Which push it belongs to: the one it is, or the one it answers. */
  readonly pushId?: number;
}

export interface Chat {
  add(message: Omit<ChatMessage, 'id' | 'appid'>): ChatMessage;
  /** Oldest first, at most the newest 500 of a follower. */
  of(openid: string): readonly ChatMessage[];
}

const keptPerFollower = 500;
let lastId = 0;

/** `onMessage` hears of every new line. */
export function createChat(appid: string, onMessage: (message: ChatMessage) => void): Chat {
  const byOpenid = new Map<string, Ring<ChatMessage>>();
  return {
    add(message) {
      lastId += 1;
      const made: ChatMessage = { ...message, id: lastId, appid };
      const ring = byOpenid.get(message.openid) ?? createRing<ChatMessage>(keptPerFollower);
      byOpenid.set(message.openid, ring);
      ring.add(made);
      onMessage(made);
      return made;
    },
    of: (openid) => byOpenid.get(openid)?.list() ?? [],
  };
}
