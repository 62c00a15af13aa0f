export type { Account, AccountKind } from './accounts.ts';
export { onPlatform } from './accounts.ts';
export { loadConfig } from './config.ts';
export type { Config } from './config.ts';
export { start } from './main.ts';
export type { Simulator } from './main.ts';
