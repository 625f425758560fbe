// What callers learn of the schema: all of it, or only what they know already.
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ProfileConfig } from '../../config/doors.js';
import { withoutSuggestion } from '../error-policy.js';

/** Refuses `__schema` and `__type`, and takes suggestions out of what validation says, unless `profile` shows them. */
export function useProductionSchema({ introspection, suggestions }: ProfileConfig): Plugin {
  return {
    onValidate: ({ addValidationRule }) => {
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
      if (suggestions) return undefined;
      // Yoga's cache of validations stands after this: it holds the errors without suggestions.
      return ({ result, setResult }) => {
        const errors: readonly unknown[] = result;
        setResult(errors.map((error) => (error instanceof GraphQLError ? withoutSuggestion(error) : error)));
      };
    },
  };
}
