/**
 * Thrown by a handler whose own dependency is away (its database, say): the same batch is given to it again, with pauses that grow to 30 s,
 * for as long as it takes. Anything else it throws counts as an attempt.
 */
export class TryAgain extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TryAgain';
  }
}
