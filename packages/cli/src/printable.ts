/** Control and formatting characters: what followers wrote must not steer the terminal of who reads it. */
const STEERING = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text from outside on one line of a terminal: what would move the cursor, colour or turn the writing around stands as ·. */
export const printable = (text: string): string => text.replaceAll(STEERING, '·');
