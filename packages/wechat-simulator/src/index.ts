export { account } from './accounts.ts';
export type { Account, AccountKind, AccountSettings } from './accounts.ts';
export { loadConfig } from './config.ts';
export type { Config } from './config.ts';
export { start } from './main.ts';
export type { Simulator } from './main.ts';
