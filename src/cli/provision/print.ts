// What `provision --print` prints: templates and policies, made from the same data as the tables themselves.
import type { Config } from '../../config.js';
import { type PolicyName, policyFor } from '../../dynamo/provision/policies.js';
import { resultsShape, sessionsShape } from '../../dynamo/provision/table-shape.js';
import { cloudFormationTemplate } from '../../dynamo/provision/template-cloudformation.js';
import { terraformTemplate } from '../../dynamo/provision/template-terraform.js';
import type { CommandResult } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { type ProvisionOptions, wishesOf } from './options.js';

/** JSON, with `--json` or without. */
export function printed(
  config: Config,
  options: ProvisionOptions,
  what: NonNullable<ProvisionOptions['print']>,
): CommandResult {
  const json = documentOf(config, options, what);
  return { exitCode: exitCodes.ok, json, lines: [JSON.stringify(json, null, 2)] };
}

function documentOf(
  { tables, store, dynamo }: Config,
  options: ProvisionOptions,
  what: NonNullable<ProvisionOptions['print']>,
): object {
  const wishes = wishesOf(options);
  const layout = options.layout ?? dynamo.layout ?? 'versioned';
  const shapes = [resultsShape(tables.results, layout), sessionsShape(tables.sessions)];
  if (what === 'cloudformation') return cloudFormationTemplate(shapes, wishes);
  if (what === 'terraform') return terraformTemplate(shapes, wishes, store.region);
  const policy = (name: PolicyName): object =>
    policyFor(name, { ...tables, region: store.region, account: options.account });
  if (options.policy !== undefined) return policy(options.policy);
  return { reading: policy('reading'), writing: policy('writing'), operator: policy('operator') };
}
