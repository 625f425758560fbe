// The kinds of values a setting can have: how each is parsed from text, and how its rule is said to people.
import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from './loopback.js';

/** What is known of a setting besides how to parse it. docs/settings.md and problem lines are made from this. */
export interface SettingText {
  /** Environment variables that set it; all are names of the same thing. */
  readonly names: readonly [string, ...string[]];
  /** The default as people read it. */
  readonly default: string;
  /** The rule, as it reads after "must be". */
  readonly bounds: string;
  readonly description: string;
  /** True where a value, even a wrong one, may be a secret: it is never printed. */
  readonly secret?: boolean;
}

/** Joins every setting's schema with its text. */
export const settingTexts = z.registry<SettingText>();

type Names = SettingText['names'];

/** A whole number within bounds, decimal digits only: no sign, space, exponent, fraction or thousands separator. */
export function whole(
  names: Names,
  description: string,
  rule: {
    readonly default: number;
    readonly min: number;
    readonly max: number;
    readonly unit?: string;
    /** Where the default is not the same everywhere. */
    readonly defaultText?: string;
  },
) {
  const say = (value: number) => (rule.unit === 'bytes' ? sayBytes(value) : String(value));
  const kind = rule.unit === undefined ? 'a whole number' : `a whole number of ${rule.unit}`;
  return z
    .string()
    .regex(/^[0-9]+$/)
    .transform(Number)
    .pipe(z.number().min(rule.min).max(rule.max))
    .default(rule.default)
    .register(settingTexts, {
      names,
      default: rule.defaultText ?? say(rule.default),
      bounds: `${kind} from ${say(rule.min)} to ${say(rule.max)}`,
      description,
    });
}

/** true, false, 1 or 0, in any case. */
export function flag(names: Names, description: string, byDefault: boolean) {
  return z
    .stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] })
    .default(byDefault)
    .register(settingTexts, { names, default: String(byDefault), bounds: 'true, false, 1 or 0', description });
}

/** The same, or null where unset: then it is on, but not in production. */
export function flagOrNull(names: Names, description: string) {
  return z
    .stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] })
    .nullable()
    .default(null)
    .register(settingTexts, {
      names,
      default: 'true; false in production',
      bounds: 'true, false, 1 or 0',
      description,
    });
}

/** One of the given words, exactly. */
export function choice<const Word extends string>(
  names: Names,
  description: string,
  words: readonly [Word, ...Word[]],
  byDefault: Word,
) {
  return z
    .enum(words)
    .default(() => byDefault)
    .register(settingTexts, { names, default: byDefault, bounds: listWords(words), description });
}

/** One of the given words, or null where unset; `unset` says what happens then. */
export function choiceOrNull<const Word extends string>(
  names: Names,
  description: string,
  words: readonly [Word, ...Word[]],
  unset: string,
  secret = false,
) {
  return z
    .enum(words)
    .nullable()
    .default(null)
    .register(settingTexts, { names, default: unset, bounds: listWords(words), description, secret });
}

/** Text of a given pattern. */
export function pattern(names: Names, description: string, rule: RegExp, bounds: string, byDefault: string) {
  return z
    .string()
    .regex(rule)
    .default(byDefault)
    .register(settingTexts, { names, default: byDefault, bounds, description });
}

/** Text of a given pattern, or null where unset. */
export function patternOrNull(names: Names, description: string, rule: RegExp, bounds: string) {
  return z
    .string()
    .regex(rule)
    .nullable()
    .default(null)
    .register(settingTexts, { names, default: 'unset', bounds, description });
}

/** Whether the variable is set at all. Its value is neither kept nor printed. */
export function presence(names: Names, description: string) {
  return z
    .string()
    .transform(() => true)
    .default(false)
    .register(settingTexts, { names, default: 'unset', bounds: 'any text', description, secret: true });
}

/** An http(s) URL without user, query and fragment; no slash at its end. Null where unset. */
export function httpUrl(names: Names, description: string) {
  return z
    .string()
    .regex(/^https?:\/\/[^\s@?#\\]+$/i)
    .refine((text) => URL.canParse(text))
    .transform((text) => new URL(text).href.replace(/\/+$/, ''))
    .nullable()
    .default(null)
    .register(settingTexts, {
      names,
      default: 'unset',
      bounds: 'an http:// or https:// URL without user, query and fragment',
      description,
    });
}

/** A URL that secrets depend on: https, or http on this machine. Null where unset. */
export function trustedUrl(names: Names, description: string) {
  return z
    .string()
    .regex(/^https?:\/\/[^\s@#\\]+$/i)
    .refine((text) => URL.canParse(text) && (/^https:/i.test(text) || isLoopback(new URL(text).hostname)))
    .transform((text) => new URL(text).href)
    .nullable()
    .default(null)
    .register(settingTexts, {
      names,
      default: 'unset',
      bounds: 'an https:// URL without user and fragment (http:// on loopback)',
      description,
    });
}

/** Comma-separated origins, each as browsers send it: scheme, host, and a port that is not the scheme's own. */
export function originList(names: Names, description: string) {
  return z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim().toLowerCase()))
    .pipe(
      z.array(
        z.string().refine((text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text),
      ),
    )
    .transform((origins): readonly string[] => [...new Set(origins)])
    .default([])
    .register(settingTexts, {
      names,
      default: 'empty',
      bounds: 'origins such as https://dash.example.com, separated by commas',
      description,
    });
}

/** An IP address or a host name to listen on. */
export function listenAddress(names: Names, description: string, byDefault: string) {
  return z
    .string()
    .refine((text) => isIP(text) !== 0 || isHostName(text))
    .default(byDefault)
    .register(settingTexts, { names, default: byDefault, bounds: 'an IP address or a host name', description });
}

/** Comma-separated host names and addresses, each as a Host header without port spells it; doubles are dropped. */
export function hostList(names: Names, description: string) {
  return z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim()))
    .pipe(z.array(z.string().refine((host) => isIP(host.replace(/^\[(.*:.*)\]$/, '$1')) !== 0 || isHostName(host))))
    .transform((hosts): readonly string[] => [...new Set(hosts.map(asInHostHeader))])
    .default([])
    .register(settingTexts, {
      names,
      default: 'empty',
      bounds: 'host names or IP addresses without port, separated by commas',
      description,
    });
}

function sayBytes(bytes: number): string {
  const units = [
    [1024 ** 3, 'GB'],
    [1024 ** 2, 'MB'],
    [1024, 'KB'],
  ] as const;
  const unit = units.find(([size]) => bytes > 0 && bytes % size === 0);
  return unit === undefined ? String(bytes) : `${bytes} (${bytes / unit[0]} ${unit[1]})`;
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Dotted labels. A last label that is a number (127.1, 0x7f000001) would be taken for an IPv4 address: refused. */
function isHostName(text: string): boolean {
  if (text.length > 253) return false;
  const labels = text.split('.');
  return (
    labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i.test(label)) &&
    !/^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '')
  );
}

function asInHostHeader(host: string): string {
  const address = isIP(host) === 6 ? `[${host}]` : host;
  return URL.canParse(`http://${address}`) ? new URL(`http://${address}`).hostname : address.toLowerCase();
}
