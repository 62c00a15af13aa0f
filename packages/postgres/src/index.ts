export { arrayLiteral } from './array.ts';
export { asAppError } from './errors.ts';
export { databaseName, openStore } from './store.ts';
export type { Migrations, Store, StoreOptions } from './store.ts';
export { inTransaction } from './transaction.ts';
export type { Last } from './transaction.ts';
