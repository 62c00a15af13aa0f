import type { ServerName } from './names.ts';

/** The images servers run from when Docker runs them; docker-compose.yml names the same. */
export const images: Record<ServerName, string> = {
  kafka: 'apache/kafka:4.3.1',
  postgres: 'postgres:17',
  redis: 'redis:7',
};
