// Documents are parsed within bounds. Yoga's cache of documents stands after this: what it holds has passed.
import type { Plugin } from 'graphql-yoga';
import type { ParseDocument } from '../limits/bounded-parse.js';

/** Parses with `parse`. */
export function useBoundedParse(parse: ParseDocument): Plugin {
  return {
    onParse: ({ setParseFn }) => setParseFn(parse),
  };
}
