/** A value in a push: text (numbers too, digit for digit), a group of fields, or a list of either. */
export type FieldValue = string | Fields | readonly FieldValue[];

/** The fields of a push by the platform's own names, the root element or brace left away. */
export interface Fields {
  readonly [name: string]: FieldValue;
}

/** The text of a field; undefined when it is missing, a group or a list. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** How many levels of groups a push may have, and how many values altogether. Real pushes have 5 levels and under 100 values. */
export const limits = { depth: 32, values: 2000 } as const;

/** Names a tree must not hold: reading or writing them would reach Object's own members. */
export const isReservedName = (name: string): boolean => name in Object.prototype || name === 'prototype';

// Illegal in XML 1.0 and refused by Postgres (U+0000); users can produce some of them, so they are taken out, not refused.
// oxlint-disable-next-line no-control-regex
const illegalCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** The text without the characters XML 1.0 forbids, among them halves of surrogate pairs. */
export function withoutIllegal(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.replaceAll(/\p{Surrogate}/gu, '');
  return wellFormed.search(illegalCharacters) === -1 ? wellFormed : wellFormed.replace(illegalCharacters, '');
}
