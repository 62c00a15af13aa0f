/** How many messages are under way to each receiver. One that keeps failing gets one at a time until it succeeds again. */
export type Lanes = {
  /** Places that are free; 0 until half of them are, so that a few statements serve many messages. */
  free: (webhookId: string) => number;
  begin: (webhookId: string) => void;
  end: (webhookId: string, succeeded: boolean) => void;
};

const PLACES = 32;
/** So many failures in a row are no accident. */
const FAILING = 4;

export function openLanes(): Lanes {
  const lanes = new Map<string, { underWay: number; failures: number }>();
  const laneOf = (webhookId: string) => lanes.get(webhookId) ?? { underWay: 0, failures: 0 };
  return {
    free: (webhookId) => {
      const { underWay, failures } = laneOf(webhookId);
      if (failures >= FAILING) return underWay === 0 ? 1 : 0;
      return underWay > PLACES / 2 ? 0 : PLACES - underWay;
    },
    begin: (webhookId) => {
      const { underWay, failures } = laneOf(webhookId);
      lanes.set(webhookId, { underWay: underWay + 1, failures });
    },
    end: (webhookId, succeeded) => {
      const { underWay, failures } = laneOf(webhookId);
      if (succeeded && underWay === 1) lanes.delete(webhookId);
      else lanes.set(webhookId, { underWay: underWay - 1, failures: succeeded ? 0 : failures + 1 });
    },
  };
}
