// Which JSON type an Accept header asks for, chosen as yoga chooses it.

/** The types of one JSON answer. */
export type JsonMediaType = 'application/graphql-response+json' | 'application/json';

const jsonTypes = ['application/graphql-response+json', 'application/json'] as const;

/** The type of the answer; null where none of JSON's is asked for (text/event-stream, say): yoga knows what then. */
export function jsonTypeFor(accept: string | undefined): JsonMediaType | null {
  // What nearly every client sends.
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') {
    return 'application/json';
  }
  let chosen: JsonMediaType | null = null;
  // The first range counts, weights do not, and within a range application/json is preferred.
  for (const range of accept.replace(/\s/g, '').toLowerCase().split(',').reverse()) {
    const [name = '', ...parameters] = range.split(';');
    const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    for (const type of jsonTypes) if (matches(type, name)) chosen = type;
  }
  return chosen;
}

function matches(type: JsonMediaType, range: string): boolean {
  const [main, sub] = range.split('/');
  const [typeMain, typeSub] = type.split('/');
  return (main === '*' || main === typeMain) && (sub === '*' || sub === typeSub);
}
