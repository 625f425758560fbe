// What a resolver has to say about the whole answer; it goes out as `extensions`.
import type { JsonValue } from '../domain/packed-text.js';

/** Notes of one operation, by the name of the field that made them. */
export type ResponseNotes = Map<string, JsonValue>;
