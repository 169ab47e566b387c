import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/finding/exit.ts';
import type { GateSummary, Result } from '../../src/finding/finding.ts';
import {
  causeText,
  chainText,
  type GateAssessment,
  gateSentence,
  leftOutSentence,
  settleAdvice,
  subjectSentence,
  verdictSentence,
} from '../../src/finding/gate-words.ts';
import { tagsUnsaid } from '../../src/model/declared-tags.ts';
import type { UnknownReason } from '../../src/model/value.ts';

const gate: GateSummary = {
  source: 'terraform-plan',
  files: ['plan.json'],
  changes: { create: 1, update: 0, replace: 0, delete: 0, forget: 0, none: 0 },
  coverage: { declared: 430, mapped: 412, unmapped: [], judged: 412, unjudged: [] },
  doubts: [],
  rulesLeftOut: [],
  broken: [],
  mended: [],
  unknown: 0,
};

interface Counts {
  readonly worse?: number;
  readonly introduced?: number;
  readonly waived?: number;
  readonly existing?: number;
  readonly fixed?: number;
  readonly isBroken?: boolean;
}

function assessment(
  { introduced = 0, worse, waived = 0, existing = 0, fixed = 0, isBroken = false }: Counts,
  more: Partial<GateSummary> = {},
): GateAssessment {
  return {
    gate: { ...gate, ...more },
    change: { introduced, ...(worse === undefined ? {} : { worse }), existing, fixed, unknown: 0, fixedResults: [] },
    rules: [{ introduced: introduced - waived }],
    clauses: isBroken ? [{ verdict: 'broken' }] : [],
  } as unknown as GateAssessment;
}

describe('the verdict', () => {
  it.each<[string, GateAssessment]>([
    [
      'This change adds to promises that are broken already: 2 findings introduced (1 worse than before, 1 waived), 0 fixed, 0 were there before.',
      assessment({ introduced: 2, worse: 1, waived: 1, isBroken: true }),
    ],
    [
      'This change breaks 2 promises: 3 findings introduced, 1 fixed, 12 were there before, 2 cannot be judged yet.',
      assessment({ introduced: 3, fixed: 1, existing: 12 }, { broken: ['a', 'b'], unknown: 2 }),
    ],
    [
      'This change adds to promises that are broken already: 1 finding introduced, 0 fixed, 1 was there before.',
      assessment({ introduced: 1, existing: 1, isBroken: true }),
    ],
    [
      'This change breaks what no promise is about: 1 finding introduced, 0 fixed, 0 were there before.',
      assessment({ introduced: 1 }),
    ],
    [
      'This change breaks no promise: 1 finding introduced (1 waived), 0 fixed, 0 were there before.',
      assessment({ introduced: 1, waived: 1 }),
    ],
    [
      'This change cannot be judged as a whole: 0 findings introduced, 0 fixed, 0 were there before, 1 doubt.',
      assessment({}, { doubts: [{ code: 'errored', detail: '' }] }),
    ],
    [
      'This change cannot be judged as a whole: 0 findings introduced, 1 fixed, 0 were there before, 1 cannot be judged yet.',
      assessment({ fixed: 1 }, { mended: ['a'], unknown: 1 }),
    ],
    [
      'This change mends 1 promise: 0 findings introduced, 1 fixed, 0 were there before.',
      assessment({ fixed: 1 }, { mended: ['a'] }),
    ],
    [
      'This change breaks no promise: 0 findings introduced, 0 fixed, 1,200 were there before.',
      assessment({ existing: 1200 }),
    ],
  ])('%s', (sentence, judged) => {
    expect(verdictSentence(judged)).toBe(sentence);
  });
});

it('says which rules were left out, and of what', () => {
  expect(leftOutSentence(gate)).toBeUndefined();
  expect(leftOutSentence({ ...gate, rulesLeftOut: ['a', 'b'] })).toBe(
    '2 rules left out, about what a Terraform plan does not declare: a, b',
  );
  expect(leftOutSentence({ ...gate, source: 'cloudformation', rulesLeftOut: ['a'] })).toBe(
    '1 rule left out, about what a CloudFormation template does not declare: a',
  );
});

it('says what was judged, and over what', () => {
  const live = { digest: 'd', takenAt: '2026-11-24T02:00:00.000Z' };
  expect(subjectSentence({ ...gate, files: ['a', 'b', 'c', 'd'] })).toBe(
    'Terraform plan a, b, c and 1 more file, by itself',
  );
  expect(subjectSentence({ ...gate, live, madeAt: '2026-11-24T01:00:00.000Z' })).toBe(
    'Terraform plan plan.json, made 2026-11-24T01:00:00.000Z, over the snapshot of 2026-11-24T02:00:00.000Z',
  );
});

const open = (reason: UnknownReason, detail?: string, more: Partial<Result> = {}): Result => ({
  rule: 'r',
  severity: 'high',
  outcome: 'unknown',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::S3::Bucket',
  evidence: [{ path: 'Policy', expected: 'x', unknown: { reason, ...(detail === undefined ? {} : { detail }) } }],
  ...more,
});

const live = { live: { digest: 'd', takenAt: '2026-11-24T02:00:00.000Z' } };
const through = (expression: string): Partial<Result> => ({
  causes: [{ declared: { address: 'a' }, action: 'create', attribute: 'policy', chain: [{ expression }] }],
});

const tags = 'give all tags of the stack: --stack-tag KEY=VALUE, or none if it has no tags';

describe('what settles an unknown', () => {
  it.each<[string, Result, Partial<GateSummary>]>([
    ['give --live SNAPSHOT', open('not-collected', 'a Terraform plan tells only of what it declares'), {}],
    ['take a snapshot that holds it', open('not-collected'), live],
    [
      'give --parameter Cidr=VALUE, or --parameters FILE',
      open('known-after-apply', 'parameter Cidr has no default'),
      live,
    ],
    [
      'apply module.network first, then plan again',
      open('known-after-apply', 'x', through('module.network.cidrs')),
      {},
    ],
    [
      'apply aws_kms_key.main first, then plan again',
      open('known-after-apply', 'x', through('aws_kms_key.main.arn')),
      {},
    ],
    ['an audit after the deployment tells', open('known-after-apply', 'x', through('var.cidrs')), live],
    ['take the snapshot again', open('throttled'), live],
    [tags, open('not-collected', tagsUnsaid), {}],
    [
      'give --live SNAPSHOT',
      open('not-collected', undefined, {
        evidence: [tagsUnsaid, 'x'].map((detail) => ({
          path: 'Tags',
          expected: 'x',
          unknown: { reason: 'not-collected', detail },
        })),
      }),
      {},
    ],
    [tags, open('not-collected', `${tagsUnsaid}, before the change`), live],
    [
      'it is looked up at deployment: an audit after that tells',
      open('known-after-apply', 'parameter Image, which is looked up, is known only at deployment'),
      {},
    ],
    ['give --account ID', open('not-collected', 'nobody said to which account it is deployed'), {}],
    ['give --account ID', open('known-after-apply', 'AWS::AccountId is known only at deployment'), live],
    ['give --region NAME', open('not-collected', 'AWS::Region is known only at deployment, before the change'), {}],
    ['give --stack NAME', open('known-after-apply', 'AWS::StackName is known only at deployment'), {}],
    [
      'describe the change set again, with --include-property-values',
      open('not-collected', 'the change set was described without --include-property-values'),
      {},
    ],
    [
      'put the value in quotation marks',
      open('type', 'how CloudFormation turns 1.0 into a text is not certain; put it in quotation marks'),
      {},
    ],
    [
      'give --account ID; give --region NAME',
      open('not-collected', undefined, {
        evidence: ['account', 'region', 'account'].map((what) => ({
          path: 'Arn',
          expected: 'x',
          unknown: { reason: 'not-collected', detail: `nobody said to which ${what} it is deployed` },
        })),
      }),
      {},
    ],
    [
      'make the plan for all resources, without -target',
      open('not-collected', 'it is not there'),
      { doubts: [{ code: 'incomplete', detail: 'it was made for some resources only, as with -target' }] },
    ],
    ['it is kept secret: an audit after the deployment tells', open('redacted'), live],
    ['set the parameter in the policy', open('type', undefined, { outcome: 'not-evaluated', evidence: [] }), {}],
  ])('is: %s', (advice, result, more) => {
    expect(settleAdvice(result, { ...gate, ...more })).toBe(advice);
  });

  it('is the permission that was lacking, where one was', () => {
    const unknown = { reason: 'denied', permission: 's3:GetBucketPolicy' } as const;
    const result = open('denied', undefined, { evidence: [{ path: 'Policy', expected: 'x', unknown }] });
    expect(settleAdvice(result, { ...gate, ...live })).toBe('allow s3:GetBucketPolicy, and take the snapshot again');
  });
});

it('says where something comes from, and the way to its value', () => {
  const cause = {
    declared: { address: 'aws_s3_bucket.logs', file: 'main.tf', line: 3, construct: 'Stack/Logs' },
    action: 'delete',
    attribute: 'policy',
    chain: [{ expression: 'var.policy', file: 'variables.tf', line: 1 }, { expression: 'module.a.policy' }],
  } as const;
  expect(causeText(cause)).toBe('main.tf:3 aws_s3_bucket.logs, Stack/Logs (deleted)');
  expect(chainText(cause)).toBe('policy ← var.policy (variables.tf:1) ← module.a.policy');
  const { attribute: _, ...bare } = cause;
  expect(chainText(bare)).toBeUndefined();
});

describe('what the exit code means', () => {
  const none: Gate = { failOn: 'none', onUnknown: 'fail', only: 'new' };
  const warn: Gate = { ...none, onUnknown: 'warn' };
  it.each<[string, GateAssessment, Gate]>([
    ['0 (nothing introduced)', assessment({ existing: 3 }), none],
    ['0 (what it introduces does not gate)', assessment({ introduced: 1 }), none],
    ['0 (what it introduces is waived)', assessment({ introduced: 1, waived: 1 }), none],
    [
      '0 (what cannot be judged does not gate)',
      assessment({}, { doubts: [{ code: 'incomplete', detail: 'a part' }] }),
      warn,
    ],
    ['3 (incomplete)', assessment({}, { doubts: [{ code: 'incomplete', detail: 'a part' }] }), none],
    ['3 (incomplete)', assessment({}, { doubts: [{ code: 'empty', detail: 'nothing' }] }), warn],
  ])('is %s', (words, judged, by) => {
    expect(gateSentence(judged, by)).toMatch(new RegExp(`exit ${words.replace(/[()]/g, '[$&]')}$`));
  });
});
