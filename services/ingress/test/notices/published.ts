import { decode, envelopeOf, topics } from '@lingquan/events';
import type { Envelope } from '@lingquan/events';
import { PaymentNotificationSchema } from '@lingquan/events/payment.ts';
import type { PaymentNotification } from '@lingquan/events/payment.ts';
import type { IncomingRecord, Kafka } from '@lingquan/kafka';
import { until } from '@lingquan/test-kit';

/** One notice as it stood on payment.notifications. */
export type PublishedNotice = {
  key: string;
  envelope: Envelope;
  bytes: Buffer;
  notification: PaymentNotification['notification'];
};

export type Notices = {
  /** Every notice that is on the topic at this moment. */
  all: () => Promise<PublishedNotice[]>;
  stop: () => Promise<void>;
};

const MARKER = 'marker ';

/** Reads payment.notifications as it grows. A marker behind what is there tells when all of it was read: the topic has one partition. */
export async function readNotices(kafka: Kafka): Promise<Notices> {
  const topic = topics.paymentNotifications.name;
  await kafka.ensureTopics([topics.paymentNotifications]);
  const published: PublishedNotice[] = [];
  let markersSent = 0;
  let markersRead = 0;
  const read = ({ key, headers, value }: IncomingRecord): void => {
    if (String(key).startsWith(MARKER)) markersRead++;
    else {
      const { notification } = decode(PaymentNotificationSchema, value);
      published.push({ key: String(key), envelope: envelopeOf(headers), bytes: value!, notification });
    }
  };
  const fatal = (error: unknown) => {
    throw error;
  };
  const producer = kafka.producer();
  const consumer = await kafka.consume({
    group: 'test-notices',
    topics: [topic],
    onRound: async (batches) => {
      for (const { records } of batches) records.forEach(read);
    },
    onPoison: async (_, error) => fatal(error),
    onFatal: fatal,
  });
  return {
    all: async () => {
      const marker = ++markersSent;
      await until(
        () =>
          producer
            .publish([{ topic, key: `${MARKER}${marker}`, value: Buffer.alloc(0), headers: {} }])
            .then(() => true),
        'the marker is sent',
      );
      await until(() => markersRead >= marker, 'all notices are read');
      return [...published];
    },
    stop: async () => {
      await consumer.stop();
      await producer.stop();
    },
  };
}
