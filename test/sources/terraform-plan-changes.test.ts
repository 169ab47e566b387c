import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import { same } from '../../src/model/same.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { plainFiles } from './plain-files.ts';
import { planOf } from './plan-of.ts';

// Members and words as in internal/command/jsonplan of hashicorp/terraform, where Terraform 1.11.4 makes no plan that has them.
let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const web = 'aws_security_group.web';
const state = { id: 'sg-0a1', name: 'web', description: 'web', ingress: [], egress: [] };
const open = [{ protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] }];

function entry(change: object, more: object = {}) {
  return { address: web, mode: 'managed', type: 'aws_security_group', name: 'web', ...more, change };
}

function read(resource_changes: readonly object[], more: object = {}, options: object = {}): Proposal {
  const bytes = planOf({}, { resource_changes, complete: true, ...more });
  return readTerraformPlan(bytes, 'plan.json', { ...catalogue, now: 0, ...options });
}

function shown({ changes }: Proposal) {
  return changes.map(({ declared, action, before, after }) => [declared.address, action, before?.id, after?.id]);
}

describe('what a plan does with a resource', () => {
  test.each<[string, object, readonly unknown[]]>([
    ['no-op', { actions: ['no-op'], before: state, after: state }, [web, 'none', 'sg-0a1', 'sg-0a1']],
    ['create', { actions: ['create'], before: null, after: { name: 'web' } }, [web, 'create', undefined, web]],
    ['update', { actions: ['update'], before: state, after: state }, [web, 'update', 'sg-0a1', 'sg-0a1']],
    ['delete', { actions: ['delete'], before: state, after: null }, [web, 'delete', 'sg-0a1', undefined]],
    ['forget', { actions: ['forget'], before: state, after: null }, [web, 'forget', 'sg-0a1', 'sg-0a1']],
    [
      'replace, the old one first',
      { actions: ['delete', 'create'], before: state, after: { name: 'web' } },
      [web, 'replace', 'sg-0a1', web],
    ],
    [
      'replace, the new one first',
      { actions: ['create', 'delete'], before: state, after: { name: 'web' } },
      [web, 'replace', 'sg-0a1', web],
    ],
  ])('%s', (_, change, expected) => {
    expect(shown(read([entry(change)]))).toEqual([expected]);
    expect(read([entry(change)]).doubts).toEqual([]);
  });

  test('to make one and forget the old leaves both', () => {
    const proposal = read([entry({ actions: ['create', 'forget'], before: state, after: { name: 'web' } })]);
    expect(shown(proposal)).toEqual([
      [web, 'create', undefined, web],
      [`${web} (forgotten)`, 'forget', 'sg-0a1', 'sg-0a1'],
    ]);
  });

  test.each<[string, object]>([
    ['to forget a part', { actions: ['forget'], after: null }],
    ['to forget a part and make another', { actions: ['create', 'forget'], after: { bucket: 'other', policy: '{}' } }],
  ])('%s leaves it to what has it', (_, change) => {
    const bucket = { bucket: 'acme-logs', id: 'acme-logs' };
    const policy = { type: 'aws_s3_bucket_policy', name: 'one', address: 'aws_s3_bucket_policy.one' };
    const main = { type: 'aws_s3_bucket', name: 'logs', address: 'aws_s3_bucket.logs' };
    const before = { bucket: 'acme-logs', policy: '{"Version":"2012-10-17"}' };
    const proposal = read([
      entry({ actions: ['no-op'], before: bucket, after: bucket }, main),
      entry({ before, ...change }, policy),
    ]);
    const logs = proposal.changes.find(({ declared }) => declared.address === main.address);
    expect(logs?.after?.properties.Policy).toEqual({ Version: '2012-10-17' });
  });

  test('what is not known leaves it unknown, and is said', () => {
    const proposal = read([entry({ actions: ['mend'], before: state, after: { ...state, ingress: open } })]);
    expect(proposal.changes[0]?.after?.properties.IpPermissions).toMatchObject({ $unknown: 'type' });
    expect(proposal.doubts).toMatchObject([{ code: 'unreadable', detail: expect.stringContaining(`${web} (mend)`) }]);
  });

  test('that is sensitive as a whole leaves it unknown', () => {
    const proposal = read([entry({ actions: ['update'], before: state, after: state, after_sensitive: true })]);
    expect(proposal.changes[0]?.before?.properties.IpPermissions).toMatchObject({ $unknown: 'redacted' });
    expect(proposal.changes[0]?.after?.properties.IpPermissions).toMatchObject({ $unknown: 'redacted' });
  });

  test('that was moved is the same resource at its new address', () => {
    const proposal = read([
      entry({ actions: ['no-op'], before: state, after: state }, { previous_address: 'aws_security_group.old' }),
    ]);
    expect(shown(proposal)).toEqual([[web, 'none', 'sg-0a1', 'sg-0a1']]);
  });

  test('that is imported is known by the id of the import, too', () => {
    const arn = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1';
    const known = { ...state, arn };
    const proposal = read([
      entry({ actions: ['no-op'], before: known, after: known, importing: { id: 'web/sg-0a1' } }),
    ]);
    expect(proposal.changes[0]?.aliases).toEqual(['web/sg-0a1', arn]);
  });

  test.each(['data', 'ephemeral'])('is nothing where it is of the mode %s', (mode) => {
    const proposal = read([entry({ actions: ['read'], before: null, after: { name: 'web' } }, { mode })]);
    expect(proposal.changes).toEqual([]);
    expect(proposal.coverage.declared).toBe(0);
    expect(proposal.doubts).toEqual([{ code: 'empty', detail: 'the plan has no resource of AWS' }]);
  });
});

describe.each([
  ['aws_s3_bucket', 'aws_s3_bucket_policy', 'bucket', { policy: '{}' }, 'Policy'],
  ['aws_backup_vault', 'aws_backup_vault_lock_configuration', 'backup_vault_name', { min_retention_days: 7 }, 'Locked'],
] as const)('of an %s', (mainType, partType, joins, more, property) => {
  const values = { bucket: 'one', name: 'one', id: 'one' };
  const part = { [joins]: 'one', ...more };
  const main = { address: `${mainType}.one`, type: mainType, name: 'one' };
  const of = (name: string) => ({ address: `${partType}.${name}`, type: partType, name });
  const told = (mainChange: object, ...parts: readonly object[]) => {
    const proposal = read([
      entry({ actions: ['no-op'], before: values, after: values, ...mainChange }, main),
      ...parts,
    ]);
    const after = proposal.changes.find(({ declared }) => declared.address === main.address)?.after;
    return after?.gaps?.[property]?.reason ?? after?.properties[property];
  };
  const unknown =
    property === 'Policy' ? 'known-after-apply' : expect.objectContaining({ $unknown: 'known-after-apply' });
  const stays = entry({ actions: ['no-op'], before: part, after: part }, of('a'));

  test('a part that is deleted and made under another name may be gone', () => {
    const gone = entry({ actions: ['delete'], before: part, after: null }, of('a'));
    const comes = entry({ actions: ['create'], before: null, after: part }, of('b'));
    expect(told({}, gone, comes)).toEqual(unknown);
    expect(told({}, comes, gone)).toEqual(unknown);
    expect(told({}, comes)).not.toEqual(unknown);
  });

  test('a part that stays while its resource is replaced may be gone', () => {
    expect(told({ actions: ['delete', 'create'] }, stays)).toEqual(unknown);
    expect(told({}, stays)).not.toEqual(unknown);
  });
});

test.each<[string, object, boolean]>([
  ['another bucket', { s3_bucket_name: 'acme-other' }, false],
  ['another prefix', { s3_key_prefix: 'deep' }, false],
  ['another key', { kms_key_id: 'arn:aws:kms:eu-west-1:111122223333:key/1' }, false],
  ['another tag', { tags: { a: 'b' } }, true],
])('what a trail delivered to one place tells nothing of another: %s', (_, more, isSame) => {
  const trail = { type: 'aws_cloudtrail', name: 'all', address: 'aws_cloudtrail.all' };
  const arn = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/all';
  const was = { name: 'all', arn, s3_bucket_name: 'acme-logs', s3_key_prefix: '' };
  const [change] = read([entry({ actions: ['update'], before: was, after: { ...was, ...more } }, trail)]).changes;
  const marker = expect.objectContaining({ $unknown: 'known-after-apply' });
  expect(change?.after?.properties.Status).toMatchObject({ LatestDeliveryTime: marker, LatestDeliveryError: marker });
  expect(same(change?.before?.properties.Status, change?.after?.properties.Status)).toBe(isSame);
});

test('the leftover of a replacement that failed is a resource of its own, which goes', () => {
  const proposal = read([
    entry({ actions: ['no-op'], before: state, after: state }),
    entry({ actions: ['delete'], before: { ...state, id: 'sg-0b2' }, after: null }, { deposed: '4e9c2a71' }),
  ]);
  expect(shown(proposal)).toEqual([
    [web, 'none', 'sg-0a1', 'sg-0a1'],
    [`${web} (deposed 4e9c2a71)`, 'delete', 'sg-0b2', undefined],
  ]);
  expect(proposal.coverage.declared).toBe(1);
});

describe('a change that is put off', () => {
  const deferred = (change: object, reason = 'resource_config_unknown', more: object = {}) => ({
    complete: false,
    deferred_changes: [{ reason, resource_change: entry(change, more) }],
  });

  test.each<[string, string]>([
    ['instance_count_unknown', 'nobody knows yet how often it will be there'],
    ['resource_config_unknown', 'its configuration is not known yet'],
    ['provider_config_unknown', 'the configuration of its provider is not known yet'],
    ['deferred_prereq', 'something that it needs is put off'],
    ['absent_prereq', 'something that it needs is not there yet'],
    ['something_new', 'Terraform gives no reason that is known'],
  ])('for the reason %s is said in words', (reason, words) => {
    const proposal = read([], deferred({ actions: ['create'], before: null, after: { name: 'web' } }, reason));
    expect(proposal.doubts).toEqual([
      { code: 'deferred', detail: `the plan puts 1 of its resources off: ${web} (${words})` },
    ]);
    expect(proposal.changes[0]?.after?.properties.IpPermissions).toEqual({
      $unknown: 'known-after-apply',
      detail: `Terraform puts it off: ${words}`,
    });
  });

  test('leaves what is there as it was, and what comes unknown', () => {
    const proposal = read([], deferred({ actions: ['update'], before: state, after: { ...state, ingress: open } }));
    expect(shown(proposal)).toEqual([[web, 'update', 'sg-0a1', 'sg-0a1']]);
    expect(proposal.changes[0]?.before?.properties.IpPermissions).toEqual([]);
    expect(proposal.changes[0]?.after?.properties.IpPermissions).toMatchObject({ $unknown: 'known-after-apply' });
  });

  test('makes unknown to what it adds', () => {
    const rule = {
      address: 'aws_vpc_security_group_ingress_rule.one',
      type: 'aws_vpc_security_group_ingress_rule',
      name: 'one',
    };
    const change = {
      actions: ['create'],
      before: null,
      after: { ip_protocol: 'tcp' },
      after_unknown: { security_group_id: true },
    };
    const proposal = read(
      [entry({ actions: ['no-op'], before: state, after: state })],
      deferred(change, 'absent_prereq', rule),
    );
    expect(
      proposal.changes.find(({ declared }) => declared.address === web)?.after?.properties.IpPermissions,
    ).toContainEqual(expect.objectContaining({ $unknown: expect.anything() }));
  });

  test('has the last word about a resource that is among the changes, too', () => {
    const change = { actions: ['no-op'], before: state, after: state };
    const proposal = read([entry(change)], deferred(change));
    expect(proposal.changes).toHaveLength(1);
    expect(proposal.changes[0]?.after?.properties.IpPermissions).toMatchObject({ $unknown: 'known-after-apply' });
  });
});

describe('where a resource is to be', () => {
  const create = (after: object, more: object = {}) => entry({ actions: ['create'], before: null, after, ...more });
  const provider = (expressions: object, more: object = {}) => ({
    name: 'aws',
    full_name: 'registry.terraform.io/hashicorp/aws',
    expressions,
    ...more,
  });
  const resource = (provider_config_key: string) => ({
    mode: 'managed',
    type: 'aws_security_group',
    name: 'web',
    provider_config_key,
    expressions: {},
  });
  const place = (proposal: Proposal) => {
    const { account, region } = proposal.changes[0]?.after ?? {};
    return `${account}/${region}`;
  };
  const ireland = { region: { constant_value: 'eu-west-1' } };
  const caller = (address: string, account_id: string) => ({
    address,
    mode: 'data',
    type: 'aws_caller_identity',
    name: 'me',
    values: { account_id },
  });

  test('is told by its own region and identity', () => {
    const identity = { account_id: '111122223333', region: 'eu-central-1', id: 'sg-0a1' };
    expect(place(read([create({ name: 'web', region: 'eu-north-1' })]))).toBe('000000000000/eu-north-1');
    expect(place(read([create({ name: 'web' }, { after_identity: identity })]))).toBe('111122223333/eu-central-1');
  });

  test('is told by the data source that its own provider answered', () => {
    const configuration = {
      provider_config: {
        aws: provider(ireland),
        'aws.other': provider({ region: { constant_value: 'us-east-1' }, profile: { constant_value: 'other' } }),
      },
      root_module: {
        resources: [
          resource('aws.other'),
          { mode: 'data', type: 'aws_caller_identity', name: 'me', provider_config_key: 'aws' },
        ],
        module_calls: {
          far: {
            module: {
              resources: [{ mode: 'data', type: 'aws_caller_identity', name: 'me', provider_config_key: 'aws.other' }],
            },
          },
        },
      },
    };
    const root_module = {
      resources: [caller('data.aws_caller_identity.me', '111122223333')],
      child_modules: [
        {
          address: 'module.far["x"]',
          resources: [caller('module.far["x"].data.aws_caller_identity.me', '444455556666')],
        },
      ],
    };
    const proposal = read([create({ name: 'web' })], { configuration, prior_state: { values: { root_module } } });
    expect(proposal.home).toEqual({ account: '111122223333', region: 'eu-west-1' });
    expect(place(proposal)).toBe('444455556666/us-east-1');
  });

  test.each<[string, object, string]>([
    ['with the same credentials is in the same account', {}, '111122223333'],
    ['with others is in an account that nobody knows', { profile: { constant_value: 'other' } }, '000000000000'],
    [
      'with a role is in that of the role',
      { assume_role: [{ role_arn: { constant_value: 'arn:aws:iam::444455556666:role/x' } }] },
      '444455556666',
    ],
    [
      'that allows one account is in that one',
      { allowed_account_ids: { constant_value: ['444455556666'] } },
      '444455556666',
    ],
  ])('of a provider %s', (_, expressions, account) => {
    const configuration = {
      provider_config: {
        aws: provider(ireland),
        'aws.other': provider({ ...ireland, ...expressions }, { alias: 'other' }),
      },
      root_module: {
        resources: [
          resource('aws.other'),
          { mode: 'data', type: 'aws_caller_identity', name: 'me', provider_config_key: 'aws' },
        ],
      },
    };
    const prior_state = {
      values: { root_module: { resources: [caller('data.aws_caller_identity.me', '111122223333')] } },
    };
    expect(place(read([create({ name: 'web' })], { configuration, prior_state }))).toBe(`${account}/eu-west-1`);
  });

  test.each<[string, object, string, number]>([
    ['credentials of its own', { assume_role: [{ role_arn: { references: ['data.x.y.z'] } }] }, '000000000000', 1],
    ['the credentials of the run', {}, '111122223333', 0],
  ])(
    'of a provider with %s is not taken for that of the snapshot unless it must be',
    (_, expressions, account, many) => {
      const provider_config = { aws: provider(ireland), 'aws.other': provider({ ...ireland, ...expressions }) };
      const configuration = { provider_config, root_module: { resources: [resource('aws.other')] } };
      const bytes = planOf({}, { resource_changes: [create({ name: 'web' })], complete: true, configuration });
      const destination = { account: '111122223333', region: 'eu-west-1' };
      const proposal = readTerraformPlan(bytes, 'plan.json', { ...catalogue, ...destination, now: 0 });
      expect(place(proposal)).toBe(`${account}/eu-west-1`);
      const told = {
        code: 'unreadable',
        detail: expect.stringContaining('credentials of their own: aws_security_group.web'),
      };
      expect(proposal.doubts).toEqual(many === 0 ? [] : [told]);
    },
  );

  test('is told by what the provider has there already', () => {
    const arn = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1';
    const other = entry(
      { actions: ['no-op'], before: { ...state, arn }, after: { ...state, arn } },
      { address: 'aws_security_group.old', name: 'old' },
    );
    const configuration = {
      provider_config: { aws: provider(ireland) },
      root_module: { resources: [resource('aws'), { ...resource('aws'), name: 'old' }] },
    };
    const { changes } = read([other, create({ name: 'web' })], { configuration });
    expect(changes.map(({ after }) => after?.account)).toEqual(['111122223333', '111122223333']);
  });

  test('is told by a variable of a module that stands alone in the files, unless it is sensitive', () => {
    const inModule = provider({ region: { references: ['var.place'] } }, { module_address: 'module.far' });
    const configuration = (sensitive: boolean) => ({
      provider_config: { 'module.far:aws': inModule },
      root_module: {
        variables: { region: { sensitive } },
        module_calls: {
          far: {
            expressions: { place: { references: ['var.region'] } },
            module: { variables: { place: {} }, resources: [resource('module.far:aws')] },
          },
        },
      },
    });
    const change = { ...create({ name: 'web' }), address: `module.far.${web}`, module_address: 'module.far' };
    const variables = { region: { value: 'eu-south-1' } };
    const placeOf = (sensitive: boolean, options: object) =>
      place(read([change], { variables, configuration: configuration(sensitive) }, options));
    const files = { sources: { ...plainFiles, isVariable: () => true } };
    expect(placeOf(false, files)).toBe('000000000000/eu-south-1');
    expect(placeOf(true, files)).toBe('000000000000/unnamed');
    // A plan tells of a condition on the variable what it tells of the variable alone.
    expect(placeOf(false, {})).toBe('000000000000/unnamed');
  });

  test.each<[string, string]>([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eu-west-1', 'aws'],
  ])('tells the partition: %s is in %s', (region, partition) => {
    const configuration = { provider_config: { aws: provider({ region: { constant_value: region } }) } };
    expect(read([create({ name: 'web' })], { configuration }).partition).toBe(partition);
  });
});
