// One line of an API key: a name, a scope, and the key's SHA-256. The key itself is nowhere but with its holder.

/** A key as the gateway knows it. */
export interface ApiKeyLine {
  /** 1 to 64 of a-z, A-Z, 0-9, `.`, `_` and `-`. Two keys may share one: a caller whose key is being replaced. */
  readonly name: string;
  readonly scope: 'read' | 'write' | 'admin';
  /** Of the key as it is sent: 64 hexadecimal digits, lower case. */
  readonly sha256: string;
}

const line = /^([a-z0-9][a-z0-9._-]{0,63}):(read|write|admin):([0-9a-f]{64})$/i;

/** The line as people are told of it. */
export const apiKeyLineRule = 'name:scope:sha256-hex-of-the-key, scope read, write or admin';

/** Reads `name:scope:sha256`; null where it is none. */
export function parseApiKeyLine(text: string): ApiKeyLine | null {
  const [, name, scope, sha256] = line.exec(text) ?? [];
  if (name === undefined || sha256 === undefined) return null;
  const known = (['read', 'write', 'admin'] as const).find((word) => word === scope);
  return known === undefined ? null : { name, scope: known, sha256: sha256.toLowerCase() };
}

/** The line of a key. */
export function formatApiKeyLine({ name, scope, sha256 }: ApiKeyLine): string {
  return `${name}:${scope}:${sha256}`;
}

/**
 * Reads a file of such lines; empty ones and those that begin with `#` say nothing. What is wrong is told by the number of
 * its line, without what stands there: it may be a key that somebody pasted.
 */
export function parseApiKeyFile(
  text: string,
):
  | { readonly ok: true; readonly keys: readonly ApiKeyLine[] }
  | { readonly ok: false; readonly wrongLines: readonly number[] } {
  const keys: ApiKeyLine[] = [];
  const wrongLines: number[] = [];
  for (const [index, one] of text.split(/\r?\n/).entries()) {
    const trimmed = one.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const key = parseApiKeyLine(trimmed);
    if (key === null) wrongLines.push(index + 1);
    else keys.push(key);
  }
  return wrongLines.length > 0 ? { ok: false, wrongLines } : { ok: true, keys };
}
