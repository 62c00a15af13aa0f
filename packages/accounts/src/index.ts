export { readAccounts } from './read.ts';
export type { Account } from './account.ts';
