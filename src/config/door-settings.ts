// Settings about who may enter: keys, tokens, origins, and what production hides.
import { z } from 'zod';
import { apiKeyLineRule, parseApiKeyLine } from './api-key-line.js';
import {
  choice,
  choiceOrNull,
  flag,
  flagOrNull,
  hostList,
  originList,
  pattern,
  patternOrNull,
  settingTexts,
  trustedUrl,
} from './kinds.js';

const NOT_EMPTY = /\S/;

/** The group, a part of `settings`. */
export const doorSettings = {
  auth: choiceOrNull(
    ['CRAWLGATE_AUTH'],
    '`none` says aloud that callers need no key. Without keys, tokens or this the gateway listens on loopback only.',
    ['none'],
    'unset',
    true,
  ),
  apiKeys: z
    .string()
    .transform((text) => text.split(',').map((one) => parseApiKeyLine(one.trim())))
    .pipe(z.array(z.custom<NonNullable<ReturnType<typeof parseApiKeyLine>>>((key) => key !== null)))
    .default([])
    .register(settingTexts, {
      names: ['CRAWLGATE_API_KEYS'],
      default: 'empty',
      bounds: `${apiKeyLineRule}; several separated by commas`,
      description: 'Keys of callers, sent as `Authorization: Bearer …`. `crawlgate key new` makes one.',
      secret: true,
    }),
  apiKeysFile: patternOrNull(
    ['CRAWLGATE_API_KEYS_FILE'],
    'File of such lines, one key a line; read again on SIGHUP.',
    NOT_EMPTY,
    'a path',
  ),
  jwksUrl: trustedUrl(['CRAWLGATE_JWKS_URL'], "Public keys (JWKS) of whoever signs callers' JWTs."),
  jwtIssuer: patternOrNull(['CRAWLGATE_JWT_ISSUER'], 'Issuer (`iss`) that a JWT must have.', NOT_EMPTY, 'any text'),
  jwtAudience: patternOrNull(
    ['CRAWLGATE_JWT_AUDIENCE'],
    'Audience (`aud`) that a JWT must have.',
    NOT_EMPTY,
    'any text',
  ),
  jwtScopeClaim: pattern(
    ['CRAWLGATE_JWT_SCOPE_CLAIM'],
    'Claim with the scopes of a JWT, a list or words: read, write or admin, with or without `crawlgate:` before.',
    NOT_EMPTY,
    'any text',
    'scope',
  ),
  publicHosts: hostList(['CRAWLGATE_PUBLIC_HOSTS'], 'Names accepted in the Host header besides the loopback names.'),
  corsOrigins: originList(['CRAWLGATE_CORS_ORIGINS'], 'Origins whose web pages may call the gateway (CORS).'),
  graphiql: flagOrNull(['CRAWLGATE_GRAPHIQL'], 'Whether browsers get GraphiQL at /graphql.'),
  page: flag(
    ['CRAWLGATE_PAGE'],
    'Whether browsers get the page at /. With it its own documents are run even where CRAWLGATE_PERSISTED is `only`.',
    true,
  ),
  introspection: flagOrNull(['CRAWLGATE_INTROSPECTION'], 'Whether the schema may be asked for.'),
  suggestions: flagOrNull(['CRAWLGATE_SUGGESTIONS'], 'Whether errors suggest names ("Did you mean …?").'),
  stackTraces: z
    .stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] })
    .default(false)
    .register(settingTexts, {
      names: ['CRAWLGATE_STACK_TRACES'],
      default: 'false',
      bounds: 'true, false, 1 or 0',
      description:
        'Whether INTERNAL_SERVER_ERROR carries its cause and stack to the caller; they are logged either way.',
    }),
  persisted: choice(
    ['CRAWLGATE_PERSISTED'],
    'Persisted documents: `only` those of the manifest are run, `allow` runs others too, `off` knows none.',
    ['off', 'allow', 'only'],
    'off',
  ),
  persistedManifest: patternOrNull(
    ['CRAWLGATE_PERSISTED_MANIFEST'],
    'Their manifest: a file as Apollo, Relay or graphql-codegen make it; read again on SIGHUP.',
    NOT_EMPTY,
    'a path',
  ),
};
