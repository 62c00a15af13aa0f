import { templates } from './templates.ts';
import type { Language } from './templates.ts';

/** The languages there are templates for, the default first. */
export const languages = Object.keys(templates) as [Language, ...Language[]];
