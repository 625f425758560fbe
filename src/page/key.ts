// The caller's key: asked for where the gateway wants one, kept for as long as the browser's tab is open.

const place = 'crawlgate-key';
/** Where the browser keeps nothing, this page does. */
let held: string | null = null;

/** The key, if one was given. */
export function readKey(): string | null {
  try {
    return held ?? sessionStorage.getItem(place);
  } catch {
    return held;
  }
}

/** Keeps a key. */
export function keepKey(key: string): void {
  held = key;
  try {
    sessionStorage.setItem(place, key);
  } catch {
    // Storage is switched off.
  }
}

/** Forgets it: the gateway does not take it. */
export function forgetKey(): void {
  held = null;
  try {
    sessionStorage.removeItem(place);
  } catch {
    // Storage is switched off.
  }
}
