// Who asks, and what they may: three scopes, each including the one before.

/** What a caller may do: read, read and write, or everything. */
export type Scope = 'read' | 'write' | 'admin';

/** Somebody the gateway answers. */
export interface Caller {
  /** The key's name or the token's subject; null where callers need no key. No secret: it may stand in logs. */
  readonly name: string | null;
  readonly scope: Scope;
}

const rank: Readonly<Record<Scope, number>> = { read: 1, write: 2, admin: 3 };

/** Everybody, where callers need no key. */
export const anyone: Caller = { name: null, scope: 'admin' };

/** What WWW-Authenticate says where a scope is missing (https://www.rfc-editor.org/rfc/rfc6750#section-3.1). */
export function insufficientScope(scope: Scope): string {
  return `Bearer realm="crawlgate", error="insufficient_scope", scope="${scope}"`;
}

/** Whether the caller's scope is `needed` or includes it. */
export function mayDo({ scope }: Caller, needed: Scope): boolean {
  return rank[scope] >= rank[needed];
}

/** The highest of some words that are scopes, `crawlgate:` before them or not; null where none is. */
export function highestScope(words: readonly string[]): Scope | null {
  const held = words.map((word) => word.replace(/^crawlgate:/, ''));
  return (['admin', 'write', 'read'] as const).find((scope) => held.includes(scope)) ?? null;
}
