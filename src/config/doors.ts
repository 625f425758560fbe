// Who may enter, and what production hides: the settings about it as one value, and the rules between them.
import type { ApiKeyLine } from './api-key-line.js';
import { isLoopback } from './loopback.js';
import type { SettingValues } from './settings.js';

/** Who is answered. */
export interface AuthConfig {
  /** Where true, a caller needs a key or token; false: everybody may read and write. */
  readonly required: boolean;
  readonly keys: readonly ApiKeyLine[];
  /** File of further keys, as given; null: none. */
  readonly keysFile: string | null;
  /** Whose tokens count; null: nobody's. */
  readonly jwt: JwtConfig | null;
}

/** What a JWT must be. */
export interface JwtConfig {
  /** https, or http on this machine. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Name of the claim that holds the scopes. */
  readonly scopeClaim: string;
}

/** What callers are shown besides their answers. */
export interface ProfileConfig {
  /** Whether the page at `/` is there, and its documents known. */
  readonly page: boolean;
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly suggestions: boolean;
  readonly stackTraces: boolean;
}

/** Persisted documents; null: off. */
export type PersistedConfig = { readonly mode: 'only' | 'allow'; readonly manifest: string } | null;

/** What the settings about callers say. To be asked for only where `doorProblems` has none. */
export function toAuth(values: SettingValues): AuthConfig {
  const { jwksUrl, jwtIssuer, jwtAudience, jwtScopeClaim: scopeClaim } = values;
  const isWhole = jwksUrl !== null && jwtIssuer !== null && jwtAudience !== null;
  return {
    required: areCallersKnown(values),
    keys: values.apiKeys,
    keysFile: values.apiKeysFile,
    jwt: isWhole ? { jwksUrl, issuer: jwtIssuer, audience: jwtAudience, scopeClaim } : null,
  };
}

/** What is shown: everything, or in production what is switched on. */
export function toProfile(values: SettingValues): ProfileConfig {
  const byDefault = values.nodeEnv !== 'production';
  return {
    page: values.page,
    graphiql: values.graphiql ?? byDefault,
    introspection: values.introspection ?? byDefault,
    suggestions: values.suggestions ?? byDefault,
    stackTraces: values.stackTraces,
  };
}

/** Which documents are run. */
export function toPersisted({ persisted: mode, persistedManifest: manifest }: SettingValues): PersistedConfig {
  return mode === 'off' || manifest === null ? null : { mode, manifest };
}

/** Everything wrong between these settings, one line each. */
export function doorProblems(values: SettingValues): string[] {
  const problems: string[] = [];
  const known = areCallersKnown(values);
  if (!isLoopback(values.host) && !known && values.auth !== 'none') {
    problems.push(
      'CRAWLGATE_HOST must be a loopback address (127.0.0.0/8, ::1 or localhost) unless callers are known ' +
        '(CRAWLGATE_API_KEYS, CRAWLGATE_API_KEYS_FILE or CRAWLGATE_JWKS_URL) or CRAWLGATE_AUTH is none, ' +
        `but is ${JSON.stringify(values.host)}`,
    );
  }
  if (known && values.auth === 'none') {
    problems.push('CRAWLGATE_AUTH must be unset where keys or tokens of callers are set, but is none');
  }
  const jwt = [values.jwksUrl, values.jwtIssuer, values.jwtAudience];
  if (jwt.some((value) => value !== null) && jwt.includes(null)) {
    problems.push(
      'CRAWLGATE_JWKS_URL, CRAWLGATE_JWT_ISSUER and CRAWLGATE_JWT_AUDIENCE must all be set, or none of them',
    );
  }
  if ((values.persisted === 'off') !== (values.persistedManifest === null)) {
    problems.push(
      'CRAWLGATE_PERSISTED_MANIFEST must be set where CRAWLGATE_PERSISTED is only or allow, and only there',
    );
  }
  return problems;
}

function areCallersKnown({ apiKeys, apiKeysFile, jwksUrl }: SettingValues): boolean {
  return apiKeys.length > 0 || apiKeysFile !== null || jwksUrl !== null;
}
