import { randomBytes } from 'node:crypto';

/** Crockford's base32: no letters that look like digits. https://www.crockford.com/base32.html */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new campaign's id: twelve characters one can read out (60 random bits). */
export const newCampaignId = (): string => Array.from(randomBytes(12), (byte) => alphabet[byte % 32]).join('');
