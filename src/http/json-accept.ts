// Which type of answer an Accept header asks for, chosen as yoga chooses it.

/** The types of one JSON answer. */
export type JsonMediaType = 'application/graphql-response+json' | 'application/json';

const jsonTypes = ['application/graphql-response+json', 'application/json'] as const;
/** What else yoga answers with. */
const otherTypes = ['text/event-stream', 'multipart/mixed'] as const;
/** Header that was found to take an answer last: clients send the same one again and again. */
let lastTaken = '*/*';

/** Whether there is an answer of a type that the header takes. */
export function hasAnswerFor(accept: string | undefined): boolean {
  if (accept === undefined || accept === '' || accept === lastTaken) return true;
  const isTaken = rangesOf(accept).some((range) => [...jsonTypes, ...otherTypes].some((type) => matches(type, range)));
  if (isTaken) lastTaken = accept;
  return isTaken;
}

/** The type of the answer; null where none of JSON's is asked for (text/event-stream, say): yoga knows what then. */
export function jsonTypeFor(accept: string | undefined): JsonMediaType | null {
  // What nearly every client sends.
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') {
    return 'application/json';
  }
  let chosen: JsonMediaType | null = null;
  // The first range counts, weights do not, and within a range application/json is preferred.
  for (const range of rangesOf(accept).reverse()) {
    for (const type of jsonTypes) if (matches(type, range)) chosen = type;
  }
  return chosen;
}

/** The ranges of the header, without those that want another charset than the one there is. */
function rangesOf(accept: string): string[] {
  return accept
    .replace(/\s/g, '')
    .toLowerCase()
    .split(',')
    .flatMap((range) => {
      const [name = '', ...parameters] = range.split(';');
      const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
      return charset === 'charset=utf-8' ? [name] : [];
    });
}

function matches(type: string, range: string): boolean {
  const [main, sub] = range.split('/');
  const [typeMain, typeSub] = type.split('/');
  return (main === '*' || main === typeMain) && (sub === '*' || sub === typeSub);
}
