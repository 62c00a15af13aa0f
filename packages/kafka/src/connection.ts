import type { Log } from '@lingquan/log';
import type { Kafka } from 'kafkajs';

/** What kafkajs and the system's prefix are to the rest of this package. */
export type Connection = { client: Kafka; log: Log; prefix: string };
