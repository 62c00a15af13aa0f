import { fileURLToPath } from 'node:url';

/** The absolute form of a path inside the checkout, wherever the command was called from. */
export const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
