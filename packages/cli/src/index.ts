export { runAudit } from './audit/run-audit.ts';
export { sendCommand } from './campaign/send-command.ts';
export { openAnswersFile } from './load/answers-file.ts';
export { runLoad } from './load/run-load.ts';
export type { LoadOptions, LoadSummary } from './load/run-load.ts';
export { runShopLoad } from './shop-load/run-shop-load.ts';
export type { ShopLoadSummary } from './shop-load/run-shop-load.ts';
export type { System } from './system.ts';
export { table } from './table.ts';
