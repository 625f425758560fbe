// Which operations graphql-jit may compile. It is fast, and it is wrong or unsafe in known places: those are kept from it.
import { BREAK, type DocumentNode, type OperationDefinitionNode, visit } from 'graphql';

/**
 * Root fields that may be asked twice for the price of once: all they do is ask the request's loaders. Where a compiled
 * operation comes back with errors it is run again by graphql-js, so that errors are always graphql-js's own.
 */
const rootFields: ReadonlySet<string> = new Set(['crawlResult', 'crawlResults', 'crawlSession']);
/** Fields below them that ask somebody else. */
const askingFields: ReadonlySet<string> = new Set(['versions', '__schema', '__type']);
/** Characters of the longest document that is compiled: a compiled operation holds its document. */
const maxCharacters = 4_000;

/**
 * Whether graphql-jit 0.8.9 answers this operation as graphql-js does, whatever its variables. Not with directives (it
 * drops fields under @skip and @include: https://github.com/zalando-incubator/graphql-jit/issues/111). Not with texts
 * in it: it writes literals into the code that it makes, and takes a text of a certain beginning for code. Not with
 * underscores in names: it joins names of a path with underscores and takes two paths of one name for the same, and it
 * sets a key `__proto__` as a prototype.
 */
export function isCompilable(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== 'query' || (document.loc?.end ?? Number.POSITIVE_INFINITY) > maxCharacters) return false;
  const asksOnlyLoaders = operation.selectionSet.selections.every(
    (selection) => selection.kind === 'Field' && rootFields.has(selection.name.value),
  );
  if (!asksOnlyLoaders) return false;
  let isSafe = true;
  const refuse = (): typeof BREAK => {
    isSafe = false;
    return BREAK;
  };
  visit(document, {
    Directive: refuse,
    StringValue: refuse,
    ObjectValue: refuse,
    Name: ({ value }) => (value.includes('_') && value !== '__typename' ? refuse() : undefined),
    Field: ({ name, alias }) => (askingFields.has(name.value) || alias?.value === '__typename' ? refuse() : undefined),
  });
  return isSafe;
}
