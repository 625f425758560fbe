// Which of the content encodings that a prepared body exists in suits a client best (RFC 9110, section 12.5.3).

/** The encodings that the gateway keeps prepared bodies in. */
export type ContentEncoding = 'br' | 'gzip' | 'identity';

const PREFERENCE: readonly ContentEncoding[] = ['br', 'gzip', 'identity'];

/**
 * The best of the `offered` encodings under an Accept-Encoding header: the one with the highest weight, and the smallest
 * body among equals. `identity` is always one of them.
 * A client that sends no header gets the plain body, as does one that refuses everything: an answer it may not read is
 * of more use to it than a 406.
 */
export function chooseEncoding(
  acceptEncoding: string | undefined,
  offered: readonly ContentEncoding[] = PREFERENCE,
): ContentEncoding {
  const weights = parseWeights(acceptEncoding ?? '');
  let best: ContentEncoding = 'identity';
  // What is neither named nor covered by `*` stays allowed only as identity, and comes last.
  let bestWeight = weights.get('identity') ?? 0;
  for (const encoding of offered) {
    const weight = weights.get(encoding) ?? (encoding === 'identity' ? 0 : (weights.get('*') ?? 0));
    if (weight > bestWeight || (weight === bestWeight && weight > 0 && rank(encoding) < rank(best))) {
      best = encoding;
      bestWeight = weight;
    }
  }
  return best;
}

function rank(encoding: ContentEncoding): number {
  return PREFERENCE.indexOf(encoding);
}

function parseWeights(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    if (coding === '') continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = quality === undefined ? 1 : Number(quality);
    // A weight that is no number says nothing; the coding was named, so it is taken as wanted.
    weights.set(coding === 'x-gzip' ? 'gzip' : coding, Number.isNaN(weight) ? 1 : weight);
  }
  return weights;
}
