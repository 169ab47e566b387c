import { describe, expect, it } from 'vitest';
import { arrangeCauses, causesOf } from '../../src/finding/causes.ts';
import type { Result } from '../../src/finding/finding.ts';
import type { ChangeAction, ChangedPart, Proposal, ProposedChange } from '../../src/model/proposal.ts';
import type { ResourceType } from '../../src/model/resource-type.ts';
import { proposal, record } from '../fixtures/proposal.ts';

const bucket = 'AWS::S3::Bucket';
const trail = 'AWS::CloudTrail::Trail';

const form = { main: ['aws_s3_bucket'], identity: ['bucket'], properties: () => ({}) };
const types = new Map<string, ResourceType>([
  [
    bucket,
    {
      type: bucket,
      terraform: {
        ...form,
        setBy: {
          Policy: ['aws_s3_bucket_policy.policy', 'policy'],
          Tags: ['tags'],
          Access: ['access', 'aws_s3_bucket_acl.acl'],
        },
      },
    } as unknown as ResourceType,
  ],
]);

const part = (type: string, name: string, action: ChangeAction): ChangedPart => ({
  type,
  declared: { address: `${type}.${name}`, file: 'main.tf', line: 3 },
  action,
});

function change(type: string, id: string, action: ChangeAction, parts: readonly ChangedPart[]): ProposedChange {
  const side = record(type, id, parts[0]?.declared.address);
  return {
    type,
    action,
    declared: { address: parts[0]?.declared.address ?? id },
    ...(action === 'create' ? {} : { before: side }),
    ...(action === 'delete' ? {} : { after: side }),
    parts,
  };
}

function result(change_: Partial<Result>): Result {
  return {
    rule: 'r',
    severity: 'high',
    outcome: 'fail',
    account: '111122223333',
    region: 'eu-west-1',
    type: bucket,
    evidence: [],
    ...change_,
  };
}

/** `address action attribute` of each cause. */
function causes(changes: readonly ProposedChange[], of: Partial<Result>, reads = [bucket]) {
  const causing = arrangeCauses(proposal(changes), types, new Map([['r', reads]]));
  return causesOf(causing, result(of)).map(({ declared, action, attribute }) =>
    [declared.address, action, attribute].filter((word) => word !== undefined).join(' '),
  );
}

const logs = (action: ChangeAction, ...satellites: readonly ChangedPart[]) =>
  change(bucket, 'acme-logs', action, [part('aws_s3_bucket', 'logs', action), ...satellites]);
const policy = { evidence: [{ path: 'Policy.Statement[0]', expected: 'x' }] };
const about = { resource: { id: 'acme-logs' } };

describe('the causes of a finding', () => {
  it('are the parts that give what was observed, with the attribute', () => {
    const changes = [logs('update', part('aws_s3_bucket_policy', 'logs', 'update'))];
    expect(causes(changes, { ...about, ...policy })).toEqual([
      'aws_s3_bucket_policy.logs update policy',
      'aws_s3_bucket.logs update policy',
    ]);
  });

  it('have a part that goes before one that stays', () => {
    const changes = [logs('none', part('aws_s3_bucket_policy', 'logs', 'delete'))];
    expect(causes(changes, { ...about, ...policy })).toEqual([
      'aws_s3_bucket_policy.logs delete policy',
      'aws_s3_bucket.logs none policy',
    ]);
  });

  describe('that a block or its part may give', () => {
    const satellite = part('aws_s3_bucket_acl', 'logs', 'create');
    const access = { evidence: [{ path: 'Access', expected: 'x' }] };
    const first = (more: Partial<Proposal>) => {
      const causing = arrangeCauses(proposal([logs('create', satellite)], more), types, new Map([['r', [bucket]]]));
      return causesOf(causing, result({ ...about, ...access }))[0]?.declared.address;
    };
    const isMain = ({ type }: ChangedPart) => type === 'aws_s3_bucket';

    it.each<[string, Partial<Proposal>, string]>([
      ['the part, where the block says nothing of it', {}, 'aws_s3_bucket_acl.logs'],
      [
        'the part, where the block has no line of its own for it',
        { placeOf: () => ({ file: 'main.tf', line: 3 }) },
        'aws_s3_bucket_acl.logs',
      ],
      [
        'the block, where it has an expression for it',
        { trace: (one) => (isMain(one) ? [{ expression: 'var.access' }] : []) },
        'aws_s3_bucket.logs',
      ],
      [
        'the block, where it has a line for it',
        { placeOf: () => ({ file: 'main.tf', line: 5 }) },
        'aws_s3_bucket.logs',
      ],
    ])('begin with %s', (_, more, address) => {
      expect(first(more)).toBe(address);
    });
  });

  it('name no attribute of a part that is not there', () => {
    expect(causes([logs('create')], { ...about, ...policy })).toEqual(['aws_s3_bucket.logs create policy']);
  });

  it('are found by the address where the live account knows another id', () => {
    const resource = { id: 'live-id', declared: { address: 'aws_s3_bucket.logs' } };
    expect(causes([logs('update')], { resource })).toEqual(['aws_s3_bucket.logs update']);
  });

  it('of what does not change are what does change of what the rule reads, deletions first', () => {
    const changes = [
      change(trail, 'new', 'create', [part('aws_cloudtrail', 'new', 'create')]),
      change(trail, 'old', 'delete', [part('aws_cloudtrail', 'old', 'delete')]),
      logs('update'),
    ];
    const whole = { type: 'account', region: 'global' };
    expect(causes(changes, whole, [trail])).toEqual(['aws_cloudtrail.old delete', 'aws_cloudtrail.new create']);
    expect(causes(changes, { ...about, resource: { id: 'elsewhere' } }, [trail])).toEqual([
      'aws_cloudtrail.old delete',
      'aws_cloudtrail.new create',
    ]);
  });

  it('are none where nothing of what the rule reads changes, or in another account', () => {
    const changes = [change(trail, 'old', 'delete', [part('aws_cloudtrail', 'old', 'delete')]), logs('none')];
    expect(causes(changes, { type: 'account' }, [bucket])).toEqual([]);
    expect(causes(changes, { type: 'account', account: '444455556666' }, [trail])).toEqual([]);
  });

  it('are no other resource of the type of one that changes itself', () => {
    const other = change(bucket, 'acme-web', 'create', [part('aws_s3_bucket', 'web', 'create')]);
    expect(causes([logs('create'), other], about)).toEqual(['aws_s3_bucket.logs create']);
  });

  it('are five at most', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => part('aws_s3_bucket_policy', name, 'create'));
    expect(causes([logs('create', ...many)], about)).toHaveLength(5);
  });

  it('carry the way to what gives the value, and the line of the attribute', () => {
    const found = proposal([logs('create')], {
      trace: (_, attribute) => [{ expression: `var.${attribute}`, file: 'variables.tf', line: 1 }],
      placeOf: () => ({ file: 'main.tf', line: 9 }),
    });
    const [cause] = causesOf(arrangeCauses(found, types, new Map()), result({ ...about, ...policy }));
    expect(cause).toEqual({
      declared: { address: 'aws_s3_bucket.logs', file: 'main.tf', line: 9 },
      action: 'create',
      attribute: 'policy',
      chain: [{ expression: 'var.policy', file: 'variables.tf', line: 1 }],
    });
  });
});
