import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { type Question, shippedQuestion } from './audited.ts';
import { account, gateProposal, live, now, region, said, snapshotOf } from './overlaid.ts';

let question: Question;
beforeAll(async () => {
  question = await shippedQuestion();
});

interface Setting {
  readonly what: string;
  readonly block: string;
  readonly state: object;
  readonly weaker: object;
  readonly rule: string;
  readonly id: string;
  readonly record: ReturnType<typeof live>;
  /** Set where a plan alone never tells whether anybody is bound by it. */
  readonly isOpenAlone?: true;
}

/** Somebody whom a password policy binds. */
const user = live(
  'AWS::IAM::User',
  'AIDAACME',
  { UserId: 'AIDAACME', UserName: 'ann' },
  { CredentialReport: { InReport: true, GeneratedTime: '2026-11-24T01:00:00.000Z', password_enabled: true } },
  { region: 'global', name: 'ann' },
);

const policy = {
  MinimumPasswordLength: 14,
  RequireSymbols: true,
  RequireNumbers: true,
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  AllowUsersToChangePassword: true,
  ExpirePasswords: false,
};
const blocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

const settings: readonly Setting[] = [
  {
    what: 'the default encryption of EBS',
    block: 'aws_ebs_encryption_by_default',
    state: { id: 'terraform-1', enabled: true },
    weaker: { enabled: false },
    rule: 'ec2-ebs-default-encryption',
    id: region,
    record: live('AWS::EC2::EbsEncryptionByDefault', region, { RegionName: region, EbsEncryptionByDefault: true }),
  },
  {
    what: 'the password policy',
    block: 'aws_iam_account_password_policy',
    state: {
      id: 'iam-account-password-policy',
      minimum_password_length: 14,
      require_symbols: true,
      require_numbers: true,
      require_uppercase_characters: true,
      require_lowercase_characters: true,
      allow_users_to_change_password: true,
      hard_expiry: false,
      max_password_age: 0,
      password_reuse_prevention: 0,
    },
    weaker: { minimum_password_length: 6 },
    rule: 'iam-password-policy-min-length',
    isOpenAlone: true,
    id: account,
    record: live(
      'AWS::IAM::AccountPasswordPolicy',
      account,
      { AccountId: account, PasswordPolicy: policy },
      {},
      { region: 'global' },
    ),
  },
  {
    what: 'the block of public access',
    block: 'aws_s3_account_public_access_block',
    state: {
      id: account,
      account_id: account,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    },
    weaker: { block_public_policy: false },
    rule: 's3-account-public-access-block',
    id: account,
    record: live(
      'AWS::S3::AccountPublicAccessBlock',
      account,
      { AccountId: account, PublicAccessBlockConfiguration: blocked },
      {},
      { region: 'global' },
    ),
  },
];

type Changes = Readonly<Record<string, PlannedChange>>;

async function gate(changes: Changes, records: readonly ReturnType<typeof live>[] | undefined) {
  const proposal = readTerraformPlan(planOf(changes), 'plan.json', { ...question.catalogue, now, account });
  return gateProposal(question, proposal, records && snapshotOf(question, records));
}

describe.each(settings)('$what', ({ block, state, weaker, rule, id, record, isOpenAlone }) => {
  const gone: PlannedChange = { actions: ['delete'], before: state };
  const made: PlannedChange = { after: state };
  const stays: PlannedChange = { actions: ['no-op'], before: state, after: state };

  describe.each([
    ['over a live account', [record, user]],
    ['alone', undefined],
  ])('%s', (_, records) => {
    const cases: [string, Changes, string][] = [
      ['created and deleted', { [`${block}.a`]: made, [`${block}.b`]: gone }, 'unknown'],
      ['deleted and created', { [`${block}.a`]: gone, [`${block}.b`]: made }, 'unknown'],
      ['forgotten and created', { [`${block}.a`]: { ...gone, actions: ['forget'] }, [`${block}.b`]: made }, 'pass'],
      ['left and forgotten', { [`${block}.a`]: stays, [`${block}.b`]: { ...gone, actions: ['forget'] } }, 'pass'],
      ['left and deleted', { [`${block}.a`]: stays, [`${block}.b`]: gone }, 'fail'],
      ['deleted and left', { [`${block}.a`]: gone, [`${block}.b`]: stays }, 'fail'],
      ['set to two things', { [`${block}.a`]: made, [`${block}.b`]: { after: { ...state, ...weaker } } }, 'unknown'],
      [
        'set and weakened',
        {
          [`${block}.a`]: { ...stays, actions: ['update'] },
          [`${block}.b`]: { actions: ['update'], before: state, after: { ...state, ...weaker } },
        },
        'unknown',
      ],
      ['set to one thing twice', { [`${block}.a`]: made, [`${block}.b`]: made }, 'pass'],
    ];
    test.each(cases)('that is %s', async (_case, changes, outcome) => {
      const expected = records === undefined && isOpenAlone ? 'unknown' : outcome;
      const gated = await gate(changes, records);
      expect(said(gated, rule)[id]?.[0]).toBe(expected);
      expect([...gated.after.keys()].filter((key) => key.startsWith(record.type))).toEqual([`${record.type} ${id}`]);
    });
  });
});

test('the reason names what to do', async () => {
  const gated = await gate(
    {
      'aws_ebs_encryption_by_default.a': { after: { enabled: true } },
      'aws_ebs_encryption_by_default.b': { actions: ['delete'], before: { id: 'terraform-1', enabled: true } },
    },
    undefined,
  );
  expect(JSON.stringify(gated.results.filter(({ rule }) => rule === 'ec2-ebs-default-encryption'))).toContain(
    'in no order; write a moved block',
  );
});

describe('the order in which a plan lists its changes', () => {
  const changes: Changes = {
    'aws_ebs_encryption_by_default.a': { after: { enabled: true } },
    'aws_ebs_encryption_by_default.b': { actions: ['delete'], before: { id: 't', enabled: true } },
    'aws_s3_account_public_access_block.a': { after: settings[2]?.state ?? {} },
    'aws_s3_account_public_access_block.b': { after: { ...settings[2]?.state, block_public_acls: false } },
    'aws_s3_bucket.a': { after: { bucket: 'acme-data', tags: {} } },
    'aws_s3_bucket.b': { after: { bucket: 'acme-data', tags: {} }, unknown: { id: true } },
    'aws_s3_bucket_policy.a': { after: { bucket: 'acme-data', policy: '{"Statement":[]}' } },
    'aws_backup_vault_lock_configuration.a': {
      actions: ['delete'],
      before: { id: 'kept', backup_vault_name: 'kept', min_retention_days: 7 },
    },
    'aws_backup_vault_lock_configuration.b': { after: { backup_vault_name: 'kept', min_retention_days: 7 } },
    'aws_vpc_security_group_ingress_rule.a': {
      after: { security_group_id: 'sg-1', ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' },
    },
    'aws_vpc_security_group_ingress_rule.b': {
      after: { security_group_id: 'sg-1', ip_protocol: '-1', cidr_ipv4: '10.0.0.0/8' },
    },
  };

  test('never changes a result', async () => {
    const records = settings.map(({ record }) => record);
    const textOf = async (entries: readonly (readonly [string, PlannedChange])[], over: typeof records | undefined) => {
      const { results, after } = await gate(Object.fromEntries(entries), over);
      return JSON.stringify([results, [...after]]);
    };
    const entries = Object.entries(changes);
    const expected = [await textOf(entries, records), await textOf(entries, undefined)];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
        async (shuffled) => {
          expect([await textOf(shuffled, records), await textOf(shuffled, undefined)]).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });
});
