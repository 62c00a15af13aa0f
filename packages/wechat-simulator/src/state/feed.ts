/** One thing that happened on the platform, for those who watch: the chat page through `/_sim/stream`. */
export interface FeedEvent {
  readonly type: 'push' | 'message' | 'call' | 'account' | 'followers' | 'faults' | 'clock' | 'typing' | 'pay';
  readonly data: unknown;
}

export interface Feed {
  publish(type: FeedEvent['type'], data: unknown): void;
  /** Returns the way to stop listening. */
  subscribe(listener: (event: FeedEvent) => void): () => void;
}

export function createFeed(): Feed {
  const listeners = new Set<(event: FeedEvent) => void>();
  return {
    publish(type, data) {
      for (const listener of listeners) listener({ type, data });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
