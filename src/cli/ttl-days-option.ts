// The option --ttl-days of the commands that copy rows into the table.
import { z } from 'zod';
import { numberOption } from './number-option.js';

const rule = 'must be a whole number of days from 0 to 3650; 0 is for ever';

/** Days until what is put expires; undefined: as the settings say. */
export const ttlDaysOption = numberOption(z.coerce.number(rule).int(rule).min(0, rule).max(3650, rule).optional());
