import { GenericContainer, getContainerRuntimeClient } from 'testcontainers';
import { waitUntil } from '../waiting.ts';
import { images } from './images.ts';
import type { ServerName } from './names.ts';
import { pings } from './ping.ts';
import { choosePort } from './ports.ts';
import { postgresSettings } from './postgres-program.ts';

/** A server in a container of its own, thrown away when it is stopped. */
export type TestContainer = { address: string; stop: () => Promise<void> };

const readyWithinMs = 120_000;

/** Starts one server by Testcontainers and waits until it answers. The image is fetched if it is not there. */
export async function startTestContainer(name: ServerName, taken: Set<number>, seed: string): Promise<TestContainer> {
  const host = (await getContainerRuntimeClient()).info.containerRuntime.host;
  const { container, addressAt } = await describe[name](host, taken, seed);
  const started = await container.withStartupTimeout(readyWithinMs).start();
  const stop = async () => void (await started.stop({ remove: true, removeVolumes: true }));
  const address = addressAt((port) => started.getMappedPort(port));
  try {
    await waitUntil(() => pings[name](address), { withinMs: readyWithinMs });
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Description = { container: GenericContainer; addressAt: (mapped: (port: number) => number) => string };
type Describe = (host: string, taken: Set<number>, seed: string) => Promise<Description>;

const describe: Record<ServerName, Describe> = { kafka, postgres, redis };

/** A broker tells its clients where it is, so its port on this machine has to be known before it starts. */
async function kafka(host: string, taken: Set<number>, seed: string): Promise<Description> {
  const port = await choosePort({ seed, taken });
  const container = new GenericContainer(images.kafka)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_HEAP_OPTS: '-Xms256m -Xmx512m',
    });
  return { container, addressAt: () => `${host}:${port}` };
}

/** The same settings as a test server run as a program, but for where it listens. */
async function postgres(host: string): Promise<Description> {
  const { listen_addresses: _, port: __, unix_socket_directories: ___, ...settings } = postgresSettings(5432, false);
  const command = ['postgres', ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const container = new GenericContainer(images.postgres)
    .withExposedPorts(5432)
    .withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withCommand(command);
  return { container, addressAt: (mapped) => `postgres://postgres@${host}:${mapped(5432)}` };
}

async function redis(host: string): Promise<Description> {
  const container = new GenericContainer(images.redis)
    .withExposedPorts(6379)
    .withCommand(['redis-server', '--save', '', '--appendonly', 'no']);
  return { container, addressAt: (mapped) => `redis://${host}:${mapped(6379)}` };
}
