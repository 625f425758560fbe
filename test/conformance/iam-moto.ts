// A moto that enforces IAM, and users of it who may do what our policies say: one of its own for every test file.
import { type PolicyName, policyFor } from '../../src/dynamo/provision/policies.js';
import { startMoto } from '../engines/python.mjs';

/** Access keys of a user. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** It listens until the process of the tests ends. */
export interface IamMoto {
  readonly endpoint: string;
  /**
   * `admin` may do everything. The others' policies name tables by a pattern, and `*` covers indexes of any name too;
   * `exact` reads the table `exactTable` alone.
   */
  readonly users: Readonly<Record<PolicyName | 'admin' | 'exact', Credentials>>;
}

/** The table of the user `exact`. */
export const exactTable = 'crawlgate-conformance-policies';

let started: Promise<IamMoto> | undefined;

/** Starts it where none was started in this process. */
export function iamMoto(): Promise<IamMoto> {
  started ??= start();
  return started;
}

/** moto's own account; every table of the tests is named so. */
const tables = {
  results: 'crawlgate-conformance-*',
  sessions: 'crawlgate-conformance-*',
  region: 'us-east-1',
  account: '123456789012',
};

async function start(): Promise<IamMoto> {
  const { endpoint } = await startMoto(process.env.TEST_PYTHON ?? '');
  const user = (name: PolicyName): Promise<Credentials> => createUser(endpoint, name, policyFor(name, tables));
  const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const users = {
    admin: await createUser(endpoint, 'admin', all),
    exact: await createUser(endpoint, 'exact', policyFor('reading', { ...tables, results: exactTable })),
    reading: await user('reading'),
    writing: await user('writing'),
    operator: await user('operator'),
    classic: await user('classic'),
  };
  // From here on every call is judged: https://docs.getmoto.org/en/latest/docs/iam.html
  const answer = await fetch(`${endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' });
  if (!answer.ok) throw new Error(`moto does not enforce IAM: ${answer.status}`);
  return { endpoint, users };
}

async function createUser(endpoint: string, UserName: string, policy: object): Promise<Credentials> {
  await askIam(endpoint, { Action: 'CreateUser', UserName });
  const PolicyDocument = JSON.stringify(policy);
  await askIam(endpoint, { Action: 'PutUserPolicy', UserName, PolicyName: UserName, PolicyDocument });
  const xml = await askIam(endpoint, { Action: 'CreateAccessKey', UserName });
  const read = (tag: string): string => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1] ?? '';
  return { accessKeyId: read('AccessKeyId'), secretAccessKey: read('SecretAccessKey') };
}

/** Asks moto by a service's query protocol, before it looks at signatures. */
export async function askQuery(
  endpoint: string,
  service: string,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const scope = `Credential=test/20260101/us-east-1/${service}/aws4_request`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams(fields),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${fields.Action}: ${text}`);
  return text;
}

function askIam(endpoint: string, fields: Readonly<Record<string, string>>): Promise<string> {
  return askQuery(endpoint, 'iam', { Version: '2010-05-08', ...fields });
}
