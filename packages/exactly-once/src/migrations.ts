import { fileURLToPath } from 'node:url';
import type { Migrations } from '@lingquan/postgres';

/** The tables every exactly-once consumer keeps beside its own: `position` and `outbox`. */
export const exactlyOnceMigrations: Migrations = {
  dir: fileURLToPath(new URL('../migrations', import.meta.url)),
  table: 'migration_exactly_once',
};
