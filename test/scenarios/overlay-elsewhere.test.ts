import { beforeAll, describe, expect, test } from 'vitest';
import { judgeChange } from '../../src/commands/_gate-judge.ts';
import type { Assessment, Result } from '../../src/finding/finding.ts';
import { memorySnapshot } from '../../src/model/memory-snapshot.ts';
import { overlay } from '../../src/model/overlay.ts';
import { planned } from '../../src/model/planned.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { JsonObject } from '../../src/model/value.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const account = '111122223333';
const region = 'eu-west-1';
let question: Question;
beforeAll(async () => {
  question = await shippedQuestion();
});

function snapshotOf(records: readonly Resource[]): Snapshot {
  const time = new Date(now).toISOString();
  return memorySnapshot(
    {
      source: 'live',
      partition: 'aws',
      accounts: [{ id: account }],
      regions: [{ account, region, status: 'enabled', selected: true }],
      finished: true,
      startedAt: time,
      finishedAt: time,
    },
    [],
    records,
    [...question.catalogue.types.values()].map(({ type, reach }) => ({
      account,
      region: reach === 'global' ? 'global' : region,
      type,
      calls: [`live:${type}`],
      complete: true,
    })),
  );
}

function live(type: string, id: string, properties: JsonObject, more: Partial<Resource> = {}): Resource {
  return { type, account, region, id, properties, calls: { '': `live:${type}` }, ...more };
}

/** What becomes of an account, by a template or by a plan. */
async function gated(records: readonly Resource[] | undefined, document: JsonObject | ReturnType<typeof planOf>) {
  const options = { ...question.catalogue, now, account, region };
  const proposal = Buffer.isBuffer(document)
    ? readTerraformPlan(document, 'plan.json', options)
    : await readTemplate(Buffer.from(JSON.stringify(document)), 'template.json', options);
  const { types } = question.catalogue;
  const snapshot = records && snapshotOf(records);
  const foreseen = snapshot === undefined ? planned(proposal, types) : await overlay(snapshot, proposal, types);
  const own = snapshot === undefined ? {} : { live: snapshot };
  const run = judgeChange({ ...question, proposal, foreseen, ...own, doubts: [], now });
  const results: Result[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done === true) return { results, assessment: next.value as Assessment };
    results.push(...next.value);
  }
}

/** Outcome and change of each result of a rule, by resource. */
function said(results: readonly Result[], rule: string) {
  const own = results.filter((result) => result.rule === rule && result.resource !== undefined);
  return Object.fromEntries(own.map(({ resource, outcome, change }) => [resource?.id ?? '', [outcome, change]]));
}

const plan = (changes: Readonly<Record<string, PlannedChange>>) => planOf(changes, {}, region);

describe('a rule of its own for a live group', () => {
  test('that lets everything out is seen, though AWS gives it to each new group', async () => {
    const facts = {
      GroupId: 'sg-1',
      GroupName: 'web',
      Description: 'web',
      OwnerId: account,
      VpcId: 'vpc-1',
      Tags: [{ Key: 'Role', Value: 'web' }],
    };
    const closed = { ...facts, IpPermissions: [], IpPermissionsEgress: [], PrefixLists: [] };
    const type = 'AWS::EC2::SecurityGroup';
    const record = live(type, 'sg-1', closed, { calls: { '': `live:${type}`, PrefixLists: `live:${type}` } });
    const { results } = await gated([record], {
      Resources: {
        Out: {
          Type: 'AWS::EC2::SecurityGroupEgress',
          Properties: { GroupId: 'sg-1', IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
        },
      },
    });
    expect(said(results, 'sg-egress-restricted')).toMatchObject({ 'sg-1': ['fail', 'introduced'] });
  });
});

describe('a trail, which documents know by its name', () => {
  const arn = `arn:aws:cloudtrail:${region}:${account}:trail/main`;
  const type = 'AWS::CloudTrail::Trail';
  const trail = live(type, arn, { Name: 'main', TrailARN: arn, HomeRegion: region }, { arn, name: 'main' });
  const removed = (name: string) =>
    plan({ 'aws_cloudtrail.main': { actions: ['delete'], before: { id: name, name, s3_bucket_name: 'acme-logs' } } });

  test('is found, and gone when it is deleted', async () => {
    const proposal = readTerraformPlan(removed('main'), 'plan.json', { ...question.catalogue, now, account });
    const { after, doubts } = await overlay(snapshotOf([trail]), proposal, question.catalogue.types);
    const own = after.manifest.collections.filter((one) => one.type === type);
    const left: Resource[] = [];
    for (const collection of own) for await (const batch of after.records(collection)) left.push(...batch);
    expect([left, doubts]).toEqual([[], []]);
  });

  test('is in doubt where the account has none of that name', async () => {
    const { assessment } = await gated([trail], removed('other'));
    const detail = 'aws_cloudtrail.main is not in the snapshot: it was judged by the document alone';
    expect(assessment.gate?.doubts).toContainEqual({ code: 'elsewhere', detail });
  });
});

describe('the policy of a bucket that is declared elsewhere', () => {
  const policy = (Effect: string) => ({
    Resources: {
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: 'acme-data',
          PolicyDocument: {
            Statement: [
              {
                Effect,
                Principal: '*',
                Action: 's3:*',
                Resource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'],
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
    },
  });
  const outcomes = [
    ['Allow', 'fail', 'introduced'],
    ['Deny', 'pass', undefined],
  ] as const;
  test.each(outcomes)('may have been another one: %s', async (effect, outcome, change) => {
    const { results, assessment } = await gated(undefined, policy(effect));
    expect(said(results, 's3-bucket-tls-only')).toEqual({ 'acme-data': [outcome, change] });
    expect(assessment.change?.fixedResults).toEqual([]);
  });
});
