export { decodeAesKey, open, seal } from './crypto.ts';
export { textOf, type Fields, type FieldValue } from './fields.ts';
export { parseJson } from './json.ts';
export { signatureMatches, signatureOf } from './signature.ts';
export { parseXml, writeXml, type WritableFields } from './xml.ts';
