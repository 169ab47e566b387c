import { beforeAll, describe, expect, test } from 'vitest';
import { judgeChange } from '../../src/commands/_gate-judge.ts';
import type { Assessment, Result } from '../../src/finding/finding.ts';
import { overlay } from '../../src/model/overlay.ts';
import { planned } from '../../src/model/planned.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { keptAccount, mixedAccount } from '../fixtures/acme-account.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { audit, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const account = '111122223333';

/** What keeps a promise, as a state of Terraform holds it, and what is broken without it. */
interface Safeguard {
  readonly what: string;
  readonly address: string;
  readonly state: object;
  readonly region?: string;
  /** The result that its deletion brings: rule, region and resource. */
  readonly broken: string;
}

const trail = `arn:aws:cloudtrail:eu-west-1:${account}:trail/kept-everything`;

const safeguards: readonly [Safeguard, ...Safeguard[]] = [
  {
    what: 'the default encryption of EBS',
    address: 'aws_ebs_encryption_by_default.home',
    state: { id: 'terraform-20240109100000000000000001', enabled: true, region: 'eu-west-1' },
    broken: 'ec2-ebs-default-encryption eu-west-1 eu-west-1',
  },
  {
    what: 'the default encryption of EBS in another region',
    address: 'aws_ebs_encryption_by_default.far',
    state: { id: 'terraform-20240109100000000000000002', enabled: true },
    region: 'us-east-1',
    broken: 'ec2-ebs-default-encryption us-east-1 us-east-1',
  },
  {
    what: 'the trail',
    address: 'aws_cloudtrail.everything',
    state: {
      id: trail,
      arn: trail,
      name: 'kept-everything',
      home_region: 'eu-west-1',
      s3_bucket_name: 'acme-trails',
      is_multi_region_trail: true,
      is_organization_trail: false,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
      event_selector: [],
      advanced_event_selector: [],
      tags: {},
      tags_all: {},
    },
    broken: 'cloudtrail-multi-region-logging global *',
  },
  {
    what: 'the block of public access to S3',
    address: 'aws_s3_account_public_access_block.this',
    state: {
      id: account,
      account_id: account,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    },
    broken: `s3-account-public-access-block global ${account}`,
  },
  {
    what: 'the password policy',
    address: 'aws_iam_account_password_policy.strict',
    state: {
      id: 'iam-account-password-policy',
      minimum_password_length: 14,
      require_symbols: true,
      require_numbers: false,
      require_uppercase_characters: false,
      require_lowercase_characters: false,
      allow_users_to_change_password: true,
      expire_passwords: false,
      hard_expiry: false,
      max_password_age: 0,
      password_reuse_prevention: 0,
    },
    broken: `iam-password-policy-min-length global ${account}`,
  },
  {
    what: 'the lock of a backup vault',
    address: 'aws_backup_vault_lock_configuration.nightly',
    state: {
      id: 'kept-vault',
      backup_vault_name: 'kept-vault',
      backup_vault_arn: `arn:aws:backup:eu-west-1:${account}:backup-vault:kept-vault`,
      min_retention_days: 7,
      max_retention_days: 184,
      changeable_for_days: null,
    },
    broken: 'backup-vault-lock eu-west-1 kept-vault',
  },
];

/** Everyone who wears the group reaches everyone else. */
const eachOther = {
  cidr_blocks: [],
  description: '',
  from_port: 0,
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  protocol: '-1',
  security_groups: [],
  self: true,
  to_port: 0,
};

const emptied = {
  id: 'sg-kept-default',
  arn: `arn:aws:ec2:us-east-1:${account}:security-group/sg-kept-default`,
  name: 'default',
  description: 'default VPC security group',
  owner_id: account,
  vpc_id: 'vpc-2',
  ingress: [],
  egress: [],
  revoke_rules_on_delete: false,
  tags: {},
  tags_all: {},
};

let question: Question;
let kept: Snapshot;

beforeAll(async () => {
  question = await shippedQuestion();
  kept = (await audit(question, keptAccount())).snapshot;
}, 120_000);

interface Judged {
  readonly assessment: Assessment;
  readonly results: readonly Result[];
}

/** What a gate says of a plan, over a live account if there is one. */
async function gate(
  live: Snapshot | undefined,
  changes: Record<string, PlannedChange>,
  region = 'eu-west-1',
): Promise<Judged> {
  const { catalogue } = question;
  const proposal = readTerraformPlan(planOf(changes, {}, region), 'plan.json', { ...catalogue, now, account });
  const foreseen =
    live === undefined ? planned(proposal, catalogue.types) : await overlay(live, proposal, catalogue.types);
  const known = { ...question, proposal, foreseen, doubts: [], named: [], now };
  const run = judgeChange(live === undefined ? known : { ...known, live });
  const results: Result[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done === true) return { assessment: next.value, results };
    results.push(...next.value);
  }
}

const named = ({ rule, region, resource }: Result) => `${rule} ${region} ${resource?.id ?? '*'}`;
const introduced = ({ results }: Judged) => results.filter(({ change }) => change === 'introduced');
const said = (judged: Judged) => introduced(judged).map((result) => `${result.outcome}: ${named(result)}`);

describe('of an account that keeps its promises', () => {
  test('nothing fails before anything is changed', async () => {
    const judged = await gate(kept, {});
    expect(judged.results.filter(({ outcome }) => outcome === 'fail').map(named)).toEqual([]);
  });

  describe.each(safeguards)('$what', ({ address, state, region, broken }) => {
    const gone = { actions: ['delete'], before: state };

    test('is missed when it is deleted, and the block that goes is named', async () => {
      const judged = await gate(kept, { [address]: gone }, region);
      expect(said(judged)).toEqual([`fail: ${broken}`]);
      const [result] = introduced(judged);
      expect(result?.causes?.map(({ declared, action }) => [declared.address, action])).toEqual([[address, 'delete']]);
      expect(judged.assessment.gate?.doubts).toEqual([]);
    });

    test.each([
      ['Terraform forgets it', { actions: ['forget'], before: state }],
      ['it is left as it is', { actions: ['no-op'], before: state, after: state }],
    ])('is not missed when %s', async (_, change) => {
      const judged = await gate(kept, { [address]: change }, region);
      expect(said(judged)).toEqual([]);
      expect(judged.assessment.gate?.doubts).toEqual([]);
    });
  });

  test('all safeguards of a region are missed when all are deleted at once', async () => {
    const here = safeguards.filter(({ region }) => region === undefined);
    const changes = here.map(({ address, state }) => [address, { actions: ['delete'], before: state }] as const);
    const judged = await gate(kept, Object.fromEntries(changes));
    expect(said(judged).sort()).toEqual(here.map(({ broken }) => `fail: ${broken}`).sort());
  });

  test.each([
    ['is missed when it is switched off', false, ['fail: ec2-ebs-default-encryption eu-west-1 eu-west-1']],
    ['stays on where nobody says so', null, []],
  ])('the default encryption of EBS %s', async (_, enabled, expected) => {
    const [{ address, state }] = safeguards;
    const change = { actions: ['update'], before: state, after: { ...state, enabled } };
    expect(said(await gate(kept, { [address]: change }))).toEqual(expected);
  });

  test('a default that is known only after apply is not known, and no pass', async () => {
    const [{ address, state }] = safeguards;
    const { enabled: _, ...after } = state as { readonly enabled: boolean };
    const change = { actions: ['update'], before: state, after, unknown: { enabled: true } };
    expect(said(await gate(kept, { [address]: change }))).toEqual([
      'unknown: ec2-ebs-default-encryption eu-west-1 eu-west-1',
    ]);
  });

  test('the emptiness of a default group is missed when rules come into it', async () => {
    const change = { actions: ['update'], before: emptied, after: { ...emptied, ingress: [eachOther] } };
    const judged = await gate(kept, { 'aws_default_security_group.us': change }, 'us-east-1');
    expect(said(judged)).toEqual(['fail: sg-default-restricts-all us-east-1 sg-kept-default']);
    const [result] = introduced(judged);
    expect(result?.causes?.map(({ declared, attribute }) => [declared.address, attribute])).toEqual([
      ['aws_default_security_group.us', 'ingress'],
    ]);
  });

  test.each(['delete', 'forget'])('a default group stays empty when its block meets with %s', async (action) => {
    const change = { actions: [action], before: emptied };
    expect(said(await gate(kept, { 'aws_default_security_group.us': change }, 'us-east-1'))).toEqual([]);
  });
});

describe('of an account of which nothing but the plan is known', () => {
  // Whether there is another trail, what kind of vault loses its lock, and whether anybody has a password is not in the plan.
  const open = new Set(['the trail', 'the lock of a backup vault', 'the password policy']);

  test.each(safeguards)('$what is missed once it is deleted', async ({ what, address, state, region, broken }) => {
    const judged = await gate(undefined, { [address]: { actions: ['delete'], before: state } }, region);
    expect(said(judged)).toEqual([`${open.has(what) ? 'unknown' : 'fail'}: ${broken}`]);
  });
});

describe('of an account that nobody could see as a whole', () => {
  test('a default that was not read is known by the plan, and its deletion is missed', async () => {
    const faults = [{ service: 'ec2', operation: 'GetEbsEncryptionByDefault', fault: 'denied' as const }];
    const { snapshot } = await audit(question, keptAccount(), { faults });
    const [{ address, state, broken }] = safeguards;
    expect(said(await gate(snapshot, { [address]: { actions: ['delete'], before: state } }))).toEqual([
      `fail: ${broken}`,
    ]);
  });
});

describe('of an account in which promises are broken', () => {
  test('what is off already is not missed again', async () => {
    const { snapshot } = await audit(question, mixedAccount());
    const state = { id: 'terraform-20240109100000000000000003', enabled: true };
    const judged = await gate(
      snapshot,
      { 'aws_ebs_encryption_by_default.far': { actions: ['delete'], before: state } },
      'ap-south-1',
    );
    expect(said(judged)).toEqual([]);
    const own = judged.results.filter(
      ({ rule, region }) => rule === 'ec2-ebs-default-encryption' && region === 'ap-south-1',
    );
    expect(own.map(({ outcome, change }) => [outcome, change])).toEqual([['fail', 'existing']]);
  });
});
