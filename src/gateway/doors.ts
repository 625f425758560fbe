// Who may enter, put together: keys and tokens, room and rates, persisted documents; and their files read anew.
import type { Config } from '../config.js';
import type { PersistedDeps } from '../graphql/plugins/use-persisted-documents.js';
import { type Admit, createAdmission } from '../http/admission.js';
import { createFindKey } from '../http/auth/api-keys.js';
import { type Authorize, authorizeAnyone, createAuthorize } from '../http/auth/authorize.js';
import { createCallerRate } from '../http/auth/caller-rate.js';
import { createTokens } from '../http/auth/jwt.js';
import { createRoom, type Room } from '../http/room.js';
import type { Events } from '../observability/events.js';
import { readKeysFile, readManifestFile, readPageDocuments } from './door-files.js';

/** The doors of one gateway. */
export interface Doors {
  /** For every path that shows data; wrong keys and tokens are counted. */
  readonly authorize: Authorize;
  /** For GraphQL requests: the same, and the caller's rate. */
  readonly admit: Admit;
  /** What GraphQL requests may hold together. */
  readonly room: Room;
  /** Null where there are no persisted documents. */
  readonly persisted: PersistedDeps | null;
  /** Reads the files anew; without any it says so. What cannot be used is told to the events and what was there before stays; never rejects. */
  reload(): Promise<void>;
}

/** In an outage of the issuer every new token fails alike: that is said once in this many milliseconds. */
const noticeMs = 10_000;

function createOutageNotice(events: Pick<Events, 'notice'>, elapsed: () => number): (error: unknown) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const at = elapsed();
    if (at - toldAt < noticeMs) return;
    toldAt = at;
    const why = error instanceof Error ? error.message : String(error);
    const message = `Tokens cannot be verified: the keys of CRAWLGATE_JWKS_URL cannot be had (${why}).`;
    events.notice({ level: 'error', message });
  };
}

/** Makes them. Rejects with a DoorFileError for a file that cannot be used. */
export async function openDoors(
  config: Pick<Config, 'auth' | 'limits' | 'persisted' | 'profile'>,
  deps: { readonly events: Events; readonly now: () => number; readonly elapsed: () => number },
): Promise<Doors> {
  const { auth, limits, persisted, profile } = config;
  const { events, now, elapsed } = deps;
  const readKeys = async () => [...auth.keys, ...(auth.keysFile === null ? [] : await readKeysFile(auth.keysFile))];
  const readDocuments = async () => (persisted === null ? new Map() : await readManifestFile(persisted.manifest));
  let findKey = createFindKey(await readKeys());
  let documents = await readDocuments();
  const ownTexts = new Set(persisted !== null && profile.page ? (await readPageDocuments()).values() : []);

  const tokens =
    auth.jwt === null
      ? null
      : createTokens(auth.jwt, {
          now,
          onKeysUnavailable: createOutageNotice(events, elapsed),
        });
  const { maxRequestsPerMinute: maxPerMinute } = limits;
  const rate = maxPerMinute === 0 ? null : createCallerRate({ maxPerMinute, elapsed });
  const authorize = auth.required
    ? createAuthorize({ findKey: (key) => findKey(key), tokens, guesses: rate })
    : authorizeAnyone;

  const renew = async (what: string, read: () => Promise<string>): Promise<void> => {
    try {
      events.notice({ level: 'info', message: `Read anew: ${await read()}.` });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      events.notice({ level: 'error', message: `${why}. The ${what} read before stay in force.` });
    }
  };
  return {
    authorize,
    admit: createAdmission({ authorize, rate }),
    room: createRoom(limits),
    persisted:
      persisted === null ? null : { allowOthers: persisted.mode === 'allow', documents: () => documents, ownTexts },
    async reload() {
      if (auth.keysFile === null && persisted === null) {
        events.notice({ level: 'info', message: 'There is no file of keys or persisted documents to be read anew.' });
        return;
      }
      await renew('keys', async () => {
        const keys = await readKeys();
        findKey = createFindKey(keys);
        return `${keys.length} keys`;
      });
      if (persisted === null) return;
      await renew('persisted documents', async () => {
        documents = await readDocuments();
        return `${documents.size} persisted documents`;
      });
    },
  };
}
