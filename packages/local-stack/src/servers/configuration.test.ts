import { expect, test } from '@jest/globals';
import { kafkaProperties } from './kafka-program.ts';
import { localAddress } from './names.ts';
import { postgresSettings } from './postgres-program.ts';
import { redisArguments } from './redis-program.ts';

test('Kafka listens on this machine alone, with its controller beside it', () => {
  const lines = kafkaProperties({ port: 20_001, controllerPort: 20_002, logDir: '/data/log' }).split('\n');
  expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002');
  expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:20002');
  expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:20001');
  expect(lines).toContain('log.dirs=/data/log');
  expect(lines).toContain('auto.create.topics.enable=false');
});

test('Postgres is durable for a system and only for a test run not', () => {
  expect(postgresSettings(20_003, true)).not.toHaveProperty('fsync');
  expect(postgresSettings(20_003, false)).toMatchObject({ fsync: 'off', synchronous_commit: 'off' });
  for (const durable of [true, false])
    expect(postgresSettings(20_003, durable)).toMatchObject({ listen_addresses: '127.0.0.1', port: '20003' });
});

test('Redis keeps nothing on disk and listens on this machine alone', () => {
  const args = redisArguments(20_004, '/data').join(' ');
  expect(args).toContain('--bind 127.0.0.1');
  expect(args).toContain('--save  --appendonly no');
});

test('addresses have the form their variables take', () => {
  expect(localAddress('kafka', 1)).toBe('127.0.0.1:1');
  expect(localAddress('postgres', 2)).toBe('postgres://postgres@127.0.0.1:2');
  expect(localAddress('redis', 3)).toBe('redis://127.0.0.1:3');
});
