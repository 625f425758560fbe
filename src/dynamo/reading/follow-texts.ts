// From primary keys, as texts, to the keys of whoever follows: one of them may lie in several items.
import type { Follow } from '../../domain/follow.js';

/** A follower of texts; undefined where nobody follows. `keyOf` is asked for each text that was sent. */
export function followTexts<Key>(
  follow: Follow<Key> | undefined,
  keyOf: (text: string) => Key | undefined,
): Follow<string> | undefined {
  if (follow === undefined) return undefined;
  const keysOf = (texts: readonly string[]): readonly Key[] => texts.flatMap((text) => keyOf(text) ?? []);
  return {
    lookups: follow.lookups,
    sent: (operation, texts, all) => follow.sent(operation, keysOf(texts), all),
    retried: (texts) => follow.retried(keysOf(texts)),
  };
}
