import { z } from 'zod';

/** Where in a list, and how much of it. The cursor is whoever's who made the list. */
export const pageFields = {
  cursor: z
    .string()
    .regex(/^[\w.=:,+/-]{1,200}$/)
    .optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/)
    .optional(),
};
