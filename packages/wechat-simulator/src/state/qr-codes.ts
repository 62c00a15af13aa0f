/** A QR code with parameters an account had made. */
export interface QrCode {
  readonly ticket: string;
  readonly scene: string;
  /** What the picture holds. */
  readonly url: string;
  readonly permanent: boolean;
  /** Milliseconds; never for permanent ones. */
  readonly expiresAt: number;
}

export interface QrCodes {
  add(code: QrCode): void;
  byTicket(ticket: string): QrCode | undefined;
  /** The one made last that carries this scene. */
  byScene(scene: string): QrCode | undefined;
  permanentCount(): number;
  /** Oldest first. */
  list(): readonly QrCode[];
}

/** Temporary codes are forgotten beyond this number; permanent ones never, as on the platform. */
const temporaryMax = 5_000;

export function createQrCodes(): QrCodes {
  const codes = new Map<string, QrCode>();
  let permanent = 0;
  return {
    add(code) {
      codes.set(code.ticket, code);
      if (code.permanent) permanent += 1;
      else if (codes.size - permanent > temporaryMax) {
        const oldest = [...codes.values()].find((other) => !other.permanent);
        if (oldest !== undefined) codes.delete(oldest.ticket);
      }
    },
    byTicket: (ticket) => codes.get(ticket),
    byScene: (scene) => [...codes.values()].findLast((code) => code.scene === scene),
    permanentCount: () => permanent,
    list: () => [...codes.values()],
  };
}
