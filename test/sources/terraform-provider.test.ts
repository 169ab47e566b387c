import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import type { Destination } from '../../src/sources/_declared.ts';
import { readTerraformSources } from '../../src/sources/_terraform-sources.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from '../fixtures/plan.ts';

const account = '111122223333';
const other = '222233334444';

let catalogue: Catalogue;
let temp: string;
beforeAll(async () => {
  catalogue = await loadCatalogue();
  temp = await mkdtemp(join(tmpdir(), 'proviso-provider-'));
});
afterAll(() => rm(temp, { recursive: true, force: true }));

interface Written {
  readonly providers: Readonly<Record<string, object>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly more?: object;
  /** The key of the group's provider. */
  readonly key?: string;
  readonly destination?: Destination;
  /** The `.tf` files by name; without any, nothing is known of them. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What becomes of a new security group. */
async function proposed({
  providers,
  variables = {},
  more = {},
  key = 'aws',
  destination = { account },
  files,
}: Written) {
  const type = 'aws_security_group';
  const resources = [{ mode: 'managed', type, name: 'web', provider_config_key: key }];
  const provider_config = Object.fromEntries(
    Object.entries(providers).map(([name, expressions]) => [name, { name: 'aws', expressions }]),
  );
  const values = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }]));
  const declared = Object.fromEntries(Object.keys(variables).map((name) => [name, {}]));
  const configuration = { provider_config, root_module: { resources, variables: declared } };
  const plan = planOf(
    { 'aws_security_group.web': { actions: ['create'], after: { name: 'web' } } },
    { configuration, variables: values, ...more },
  );
  const folder = await mkdtemp(join(temp, 'run-'));
  for (const [name, text] of Object.entries(files ?? {})) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const sources = files === undefined ? {} : { sources: await readTerraformSources(folder, undefined, folder) };
  const proposal = readTerraformPlan(plan, 'plan.json', { ...catalogue, now: 0, ...destination, ...sources });
  const [change] = proposal.changes;
  return {
    place: [change?.after?.account, change?.after?.region],
    doubts: proposal.doubts.map(({ code, detail }) => `${code}: ${detail}`),
  };
}

const region = { constant_value: 'eu-west-1' };
const refers = (...references: readonly string[]) => ({ references });
const assumes = (role_arn: object, block = 'assume_role') => ({ region, [block]: [{ role_arn }] });
const foreign =
  'unreadable: the plan does not tell in which account 1 of its resources are, whose providers have credentials of their ' +
  'own: aws_security_group.web; --account names that of the provider without an alias';

describe('a provider that names an account which nobody can tell', () => {
  test.each<[string, object, Readonly<Record<string, string>>]>([
    ['a role made of a variable', assumes(refers('var.account')), { account: other }],
    ['a role by web identity', assumes(refers('var.account'), 'assume_role_with_web_identity'), { account: other }],
    ['a role made of several', assumes(refers('var.account', 'var.role')), { account: other, role: 'deploy' }],
    ['a role made of a local value', assumes(refers('local.account')), {}],
    ['a role of which one of two is meant', assumes(refers('var.a', 'var.b')), { a: account, b: other }],
    ['a role that is no ARN', assumes({ constant_value: 'deploy' }), {}],
    ['allowed accounts of a variable', { region, allowed_account_ids: refers('var.account') }, { account: other }],
    [
      'allowed accounts that are others',
      { region, allowed_account_ids: { constant_value: [other, '444455556666'] } },
      {},
    ],
  ])('is a doubt over a snapshot: %s', async (_, aws, variables) => {
    const { doubts, place } = await proposed({ providers: { aws }, variables });
    expect(doubts).toEqual([foreign]);
    expect(place).toEqual([account, 'eu-west-1']);
  });

  test.each<[string, object, Readonly<Record<string, string>>]>([
    ['that is made of the account', assumes(refers('var.account', 'var.role')), { account, role: 'deploy' }],
    ['that is a variable', assumes(refers('var.role')), { role: `arn:aws:iam::${account}:role/deploy` }],
    ['that is written', assumes({ constant_value: `arn:aws:iam::${account}:role/deploy` }), {}],
    ['that is left out', assumes({ constant_value: null }), {}],
    [
      'beside an account that is allowed',
      { ...assumes(refers('local.role')), allowed_account_ids: { constant_value: [account] } },
      {},
    ],
  ])('is none where a role is of the snapshot’s account: one %s', async (_, aws, variables) => {
    expect(await proposed({ providers: { aws }, variables })).toEqual({ doubts: [], place: [account, 'eu-west-1'] });
  });

  test('is none where several accounts are allowed, and the snapshot’s is one of them', async () => {
    const aws = { region, allowed_account_ids: { constant_value: [other, account] } };
    expect(await proposed({ providers: { aws } })).toEqual({ doubts: [], place: [account, 'eu-west-1'] });
  });

  test('is none where the user names the account', async () => {
    const aws = assumes(refers('var.account'));
    const destination = { account, isAccountGiven: true };
    expect((await proposed({ providers: { aws }, variables: { account: other }, destination })).doubts).toEqual([]);
  });

  test('is none where the caller was asked', async () => {
    const caller = { mode: 'data', type: 'aws_caller_identity', name: 'me', provider_config_key: 'aws' };
    const resources = [
      caller,
      { mode: 'managed', type: 'aws_security_group', name: 'web', provider_config_key: 'aws' },
    ];
    const configuration = {
      provider_config: { aws: { name: 'aws', expressions: assumes(refers('local.role')) } },
      root_module: { resources },
    };
    const told = {
      address: 'data.aws_caller_identity.me',
      mode: 'data',
      type: 'aws_caller_identity',
      name: 'me',
      values: { account_id: other },
    };
    const more = { configuration, prior_state: { values: { root_module: { resources: [told] } } } };
    expect(await proposed({ providers: {}, more })).toEqual({ doubts: [], place: [other, 'eu-west-1'] });
  });

  test('is none without a snapshot', async () => {
    const written = { providers: { aws: assumes(refers('local.role')) }, destination: {} };
    expect((await proposed(written)).doubts).toEqual([]);
  });
});

describe('a region of a variable', () => {
  const variables = { region: 'ap-southeast-2' };
  const providers = { aws: { region }, 'aws.dr': { region: refers('var.region') } };
  const aliased = (text: string) => ({
    'main.tf': `provider "aws" {}\nprovider "aws" {\n alias = "dr"\n ${text}\n}\n`,
  });
  const conditional = 'region = var.region == "eu-west-1" ? "eu-central-1" : "eu-west-1"';

  test.each<[string, Readonly<Record<string, string>> | undefined, string]>([
    ['is the variable’s where it stands alone', aliased('region = var.region'), 'ap-southeast-2'],
    [
      'is the variable’s in JSON',
      { 'main.tf.json': '{ "provider": { "aws": [{ "alias": "dr", "region": "${var.region}" }] } }' },
      'ap-southeast-2',
    ],
    ['is open where it decides alone', aliased(conditional), 'unnamed'],
    ['is open where it is changed', aliased('region = lower(var.region)'), 'unnamed'],
    ['is open where it stands in a text', aliased('region = "${var.region}"'), 'unnamed'],
    [
      'is open where another file may say so too',
      { ...aliased('region = var.region'), 'b_override.tf': `provider "aws" {\n alias = "dr"\n ${conditional}\n}` },
      'unnamed',
    ],
    ['is open where no file tells', undefined, 'unnamed'],
  ])('%s', async (_, files, expected) => {
    const written = { providers, variables, key: 'aws.dr', destination: { account, region: 'eu-west-1' } };
    const { place } = await proposed(files === undefined ? written : { ...written, files });
    expect(place).toEqual([account, expected]);
  });

  test.each<[string, string | undefined, Destination, string]>([
    ['is believed without files', undefined, { account }, 'ap-southeast-2'],
    ['is believed where it stands alone', 'region = var.region', { account }, 'ap-southeast-2'],
    ['is open where it decides alone', conditional, { account, region: 'eu-west-1' }, 'unnamed'],
    ['is what the user says', conditional, { account, region: 'eu-west-1', isRegionGiven: true }, 'eu-west-1'],
  ])('of the provider without an alias %s', async (_, text, destination, expected) => {
    const written = { providers: { aws: { region: refers('var.region') } }, variables, destination };
    const files = { 'main.tf': `provider "aws" {\n ${text}\n}\n` };
    const { place } = await proposed(text === undefined ? written : { ...written, files });
    expect(place).toEqual([account, expected]);
  });

  test('of the provider without an alias is left to the caller where it is a local value', async () => {
    const written = {
      providers: { aws: { region: refers('local.region') } },
      destination: { account, region: 'eu-west-1' },
    };
    expect((await proposed(written)).place).toEqual([account, 'eu-west-1']);
  });
});
