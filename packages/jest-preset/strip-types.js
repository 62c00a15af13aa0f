import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

/** Jest transformer: the same type stripping Node does in production, so lines and columns stay exact. */
export default {
  getCacheKey: (source, file, { configString, instrument }) =>
    createHash('sha1').update([process.version, instrument, configString, file, source].join('\0')).digest('hex'),
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
