// The options of `provision`, and what they ask of a table.
import { z } from 'zod';
import { ownTag, type TableWishes } from '../../dynamo/provision/wishes.js';
import { numberOption } from '../number-option.js';

const units = numberOption(
  z.coerce
    .number('must be a whole number from 1')
    .int('must be a whole number from 1')
    .min(1, 'must be a whole number from 1')
    .optional(),
);

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id: a key of many regions is `mrk-` and 32 digits. */
const keyPattern = /^(aws-owned|kms|(arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:\d{12}:key\/)?[A-Za-z0-9-]+)$/;

function isAlias(key: string): boolean {
  return /^alias\/|:alias\//.test(key);
}

function isBareId(key: string): boolean {
  return key !== 'aws-owned' && !key.startsWith('arn:');
}

/** As commander hands them over. */
export const provisionOptions = z
  .object({
    layout: z.enum(['document', 'versioned'], 'must be document or versioned').optional(),
    billing: z.enum(['on-demand', 'provisioned'], 'must be on-demand or provisioned').optional(),
    readUnits: units,
    writeUnits: units,
    sse: z
      .string()
      .refine((key) => !isAlias(key), {
        error:
          'must not be an alias: DynamoDB tells the key behind it, so the two cannot be compared; name its id or ARN',
        abort: true,
      })
      .regex(keyPattern, 'must be aws-owned, kms, or the id or ARN of a KMS key')
      .optional(),
    recovery: z.boolean(),
    deletionProtection: z.boolean(),
    tag: z
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
      .array(z.string().regex(/^[^=]{1,128}=.{0,256}$/s, 'must be key=value, 128 and 256 characters at most'))
      .refine((tags) => tags.every((text) => !text.startsWith(`${ownTag[0]}=`) || text === ownTag.join('=')), {
        error: `must not give ${ownTag[0]} another value than ${ownTag[1]}`,
      })
      .default([]),
    dryRun: z.boolean().default(false),
    print: z.enum(['cloudformation', 'terraform', 'iam'], 'must be cloudformation, terraform or iam').optional(),
    policy: z
      .enum(['reading', 'writing', 'operator', 'classic'], 'must be reading, writing, operator or classic')
      .optional(),
    account: z.string().regex(/^(\d{12}|\*)$/, 'must be the twelve digits of an account'),
  })
  .refine(({ readUnits, writeUnits }) => (readUnits === undefined) === (writeUnits === undefined), {
    path: ['billing'],
    message: 'provisioned needs both --read-units and --write-units',
    abort: true,
  })
  .refine(({ billing, readUnits }) => (billing === 'provisioned') === (readUnits !== undefined), {
    path: ['billing'],
    message: 'provisioned needs --read-units and --write-units, and they need provisioned',
  })
  .refine(({ sse, print }) => print !== 'terraform' || sse === undefined || sse === 'kms' || !isBareId(sse), {
    path: ['sse'],
    message: "must be the key's ARN with --print terraform: Terraform's kms_key_arn takes no id",
  })
  .refine(({ policy, print }) => policy === undefined || print === 'iam', {
    path: ['policy'],
    message: 'needs --print iam',
  });

/** As they were read. */
export type ProvisionOptions = z.output<typeof provisionOptions>;

/** What they ask for. `Application` is always crawl4ai. */
export function wishesOf(options: ProvisionOptions): TableWishes {
  const { billing, readUnits, writeUnits, sse, recovery, deletionProtection, tag } = options;
  const tags = tag.map((text): [string, string] => {
    const at = text.indexOf('=');
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return {
    billing:
      billing === 'provisioned' && readUnits !== undefined && writeUnits !== undefined
        ? { read: readUnits, write: writeUnits }
        : billing === 'on-demand'
          ? billing
          : null,
    sse: sse ?? null,
    recovery,
    deletionProtection,
    tags: new Map([...tags, ownTag]),
  };
}
