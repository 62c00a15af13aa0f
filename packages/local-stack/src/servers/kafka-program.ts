import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Kept } from '../processes/keep-alive.ts';
import { launch } from '../processes/launch.ts';
import { localAddress } from './names.ts';
import { pingKafka } from './ping.ts';
import type { ServerProgram } from './redis-program.ts';

const run = promisify(execFile);

/** A broker needs a second port, for the controller that lives in the same process (KRaft). */
export type KafkaProgram = ServerProgram & { controllerPort: number; java: string; jars: string };

/**
 * One node that is broker and controller. A killed broker may register again only after its old session has run out: with
 * Kafka's nine seconds a restart takes about 12 s, with two seconds about 4 s.
 */
export function kafkaProperties({
  port,
  controllerPort,
  logDir,
}: {
  port: number;
  controllerPort: number;
  logDir: string;
}): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${logDir}`,
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=300',
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    '',
  ].join('\n');
}

/** Without its performance file the JVM leaves nothing in the folder for temporary files. */
const noTrace = '-XX:-UsePerfData';

const jvm = [
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  noTrace,
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

/** Kafka as a program on this machine, from the jars in `jars`. */
export function kafkaProgram({ port, controllerPort, java, jars, dataDir, logFile }: KafkaProgram): Kept {
  const properties = join(dataDir, 'server.properties');
  const logDir = join(dataDir, 'log');
  const classPath = ['-cp', join(jars, '*')];
  return {
    name: 'kafka',
    logFile,
    async prepare() {
      writeFileSync(properties, kafkaProperties({ port, controllerPort, logDir }));
      if (!existsSync(join(logDir, 'meta.properties'))) await format(java, [...classPath], properties);
    },
    start: () =>
      launch({
        command: java,
        args: [...jvm, ...classPath, 'kafka.Kafka', properties],
        cwd: dataDir,
        env: process.env,
        logFile,
      }),
    ready: () => pingKafka(localAddress('kafka', port)),
    readyWithinMs: 180_000, // it takes 15 s of CPU, on a busy machine two minutes; one that ends is known at once
    stopSignal: 'SIGTERM',
    stopWithinMs: 15_000,
  };
}

/** Once per data folder: writes the id of the cluster into it. */
async function format(java: string, classPath: string[], properties: string): Promise<void> {
  const tool = [noTrace, ...classPath, 'kafka.tools.StorageTool'];
  const { stdout } = await run(java, [...tool, 'random-uuid']);
  const clusterId = stdout.trim().split('\n').at(-1)!;
  await run(java, [...tool, 'format', '-t', clusterId, '-c', properties]);
}
