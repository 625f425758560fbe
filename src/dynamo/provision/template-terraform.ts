// The tables in Terraform's JSON syntax, for a file that ends in .tf.json: what `provision` makes, to be made by a plan.
import type { TableShape } from './table-shape.js';
import { attributeDefinitions } from './table-shape.js';
import { type TableWishes, ttlAttribute } from './wishes.js';

/** https://developer.hashicorp.com/terraform/language/syntax/json, https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table */
export function terraformTemplate(shapes: readonly TableShape[], wishes: TableWishes, region: string): object {
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.0' } } },
    provider: { aws: { region } },
    resource: {
      aws_dynamodb_table: Object.fromEntries(shapes.map((shape) => [`crawl_${shape.holds}`, table(shape, wishes)])),
    },
  };
}

function table({ name, keys, indexes }: TableShape, wishes: TableWishes): object {
  const { billing, sse } = wishes;
  const units =
    billing === null || billing === 'on-demand' ? {} : { read_capacity: billing.read, write_capacity: billing.write };
  const [hashKey, rangeKey] = keys;
  return {
    name,
    billing_mode: 'read_capacity' in units ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...units,
    hash_key: hashKey,
    ...(rangeKey === undefined ? {} : { range_key: rangeKey }),
    attribute: attributeDefinitions(keys, indexes).map(({ AttributeName, AttributeType }) => ({
      name: AttributeName,
      type: AttributeType,
    })),
    global_secondary_index: indexes.map((index) => ({
      name: index.name,
      hash_key: index.keys[0],
      range_key: index.keys[1],
      projection_type: 'INCLUDE',
      non_key_attributes: index.included,
      ...units,
    })),
    ttl: { attribute_name: ttlAttribute, enabled: true },
    point_in_time_recovery: { enabled: wishes.recovery },
    // Without the block AWS's own key encrypts.
    ...(sse === null || sse === 'aws-owned'
      ? {}
      : { server_side_encryption: { enabled: true, ...(sse === 'kms' ? {} : { kms_key_arn: sse }) } }),
    deletion_protection_enabled: wishes.deletionProtection,
    tags: Object.fromEntries(wishes.tags),
    // A plan that would replace a table of crawl results fails instead.
    lifecycle: { prevent_destroy: true },
  };
}
