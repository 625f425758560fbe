// Numbers among the options of commands.
import { z } from 'zod';

/** The option as `schema` has it. An empty text, a shell's variable that is not set, is no number and not 0. */
export function numberOption<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((given) => (typeof given === 'string' && given.trim() === '' ? Number.NaN : given), schema);
}
