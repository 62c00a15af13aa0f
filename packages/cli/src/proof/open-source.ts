import type { Env } from '@lingquan/config';
import { connectKafka } from '@lingquan/kafka';
import { findSystem, quietLog } from '../system.ts';
import type { System } from '../system.ts';
import { kafkaSource } from './kafka-source.ts';
import { recordingSource } from './recording-source.ts';
import type { Source } from './source.ts';

/** A recording when one is named, else the topics of the system that is found; `system` only then. Close the source. */
export async function openSource(
  env: Env,
  recording: string | undefined,
): Promise<{ source: Source; system: System | undefined }> {
  if (recording !== undefined) return { source: await recordingSource(recording), system: undefined };
  const system = findSystem(env);
  const { kafkaBrokers: brokers, topicPrefix } = system;
  const kafka = connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix });
  return { source: kafkaSource(kafka, `${brokers.join(',')} ${topicPrefix}`.trim()), system };
}
