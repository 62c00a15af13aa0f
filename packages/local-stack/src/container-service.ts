import { AppError } from '@lingquan/errors';
import { services, simulator } from './service-table.ts';
import type { Service } from './service-table.ts';

/** The service a container is, by its variable SERVICE. Throws `invalid` naming those there are. */
export function containerService(name: string | undefined): Service {
  const all = [...services, simulator];
  const found = all.find((service) => service.name === name);
  if (found !== undefined) return found;
  throw new AppError('invalid', `SERVICE must be one of ${[...all.map((service) => service.name), 'demo'].join(', ')}`);
}
