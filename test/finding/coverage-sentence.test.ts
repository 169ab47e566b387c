import { expect, it } from 'vitest';
import { coverageSentence } from '../../src/finding/coverage-sentence.ts';
import type { GateCoverage, GateSummary } from '../../src/finding/finding.ts';

const gate: Omit<GateSummary, 'coverage'> = {
  source: 'terraform-plan',
  files: ['plan.json'],
  changes: { create: 1, update: 0, replace: 0, delete: 0, forget: 0, none: 0 },
  doubts: [],
  rulesLeftOut: [],
  broken: [],
  mended: [],
  unknown: 0,
};
const all: GateCoverage = { declared: 430, mapped: 430, unmapped: [], judged: 430, unjudged: [] };

it.each<[string, Partial<GateCoverage>]>([
  ['Rules judged 430 of 430 resources', {}],
  ['Rules judged 1 of 1 resource', { declared: 1, mapped: 1, judged: 1 }],
  [
    'Rules judged 1 of 2 resources; no rule is about AWS::RDS::DBInstance (1)',
    { declared: 2, mapped: 2, judged: 1, unjudged: [{ type: 'AWS::RDS::DBInstance', count: 1, hasRule: false }] },
  ],
  [
    'Rules judged 409 of 430 resources; no rule is about aws_db_instance (2); left unjudged: aws_s3_bucket (1); 18 of types that are not read: aws_route53_record (12), random_id (6)',
    {
      mapped: 412,
      judged: 409,
      unmapped: [
        { type: 'random_id', count: 6 },
        { type: 'aws_route53_record', count: 12 },
      ],
      unjudged: [
        { type: 'aws_db_instance', count: 2, hasRule: false },
        { type: 'aws_s3_bucket', count: 1, hasRule: true },
      ],
    },
  ],
  [
    'Rules judged 0 of 6 resources; 6 of types that are not read: a (1), b (1), c (1), d (1), e (1) and 1 more',
    { declared: 6, mapped: 0, judged: 0, unmapped: ['a', 'b', 'c', 'd', 'e', 'f'].map((type) => ({ type, count: 1 })) },
  ],
])('%s', (sentence, coverage) => {
  expect(coverageSentence({ ...gate, coverage: { ...all, ...coverage } })).toBe(sentence);
});
