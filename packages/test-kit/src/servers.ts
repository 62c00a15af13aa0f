import { AppError } from '@lingquan/errors';

/** The real servers integration tests run against; `npm test` finds or starts them and says where they are. */
export function servers(): { kafkaBrokers: string[]; postgresUrl: string; redisUrl: string } {
  const read = (name: string): string => {
    const value = process.env[name];
    if (value === undefined || value === '')
      throw new AppError('invalid', `${name} is not set: run the tests through npm test, which starts real servers`);
    return value;
  };
  return {
    kafkaBrokers: read('KAFKA_BROKERS').split(','),
    postgresUrl: read('POSTGRES_URL'),
    redisUrl: read('REDIS_URL'),
  };
}
