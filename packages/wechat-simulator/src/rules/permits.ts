/**
 * How many subscription messages each person has agreed to, by template. One "accept" is one message, without an end; they add up.
 * Long-term templates are accepted once for always. Rules: reference 7.4.
 */
export interface PermitBook {
  accept(openid: string, templateId: string, times?: number): void;
  /** Takes one: 43101 when there is none left. `longTerm` templates take none away. */
  take(openid: string, templateId: string, longTerm: boolean): 'ok' | 43101;
  left(openid: string, templateId: string): number;
}

export function createPermitBook(): PermitBook {
  const counts = new Map<string, number>();
  const keyOf = (openid: string, templateId: string) => `${openid}\n${templateId}`;
  const left = (openid: string, templateId: string) => counts.get(keyOf(openid, templateId)) ?? 0;
  return {
    accept(openid, templateId, times = 1) {
      counts.set(keyOf(openid, templateId), left(openid, templateId) + times);
    },
    take(openid, templateId, longTerm) {
      const have = left(openid, templateId);
      if (have <= 0) return 43101;
      if (!longTerm) counts.set(keyOf(openid, templateId), have - 1);
      return 'ok';
    },
    left,
  };
}
