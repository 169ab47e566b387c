import { beforeAll, describe, expect, test } from 'vitest';
import { type Audited, audit, outcomesOf } from './audit.ts';
import { deleteSnapshots, type Expectation, emulator, makeSnapshots, resetEmulator } from './emulator.ts';

const rules = ['ec2-snapshot-max-age', 'rds-snapshot-max-age', 'rds-cluster-snapshot-max-age'];
const asked = ['--region', 'eu-west-1', ...rules.flatMap((rule) => ['--rule', rule])];

/** The emulator makes everything now, so that it is the audit that happens later. */
const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString();

let expected: Awaited<ReturnType<typeof makeSnapshots>>;
let today: Audited;
let later: Audited;
let after: Audited;
beforeAll(async () => {
  await resetEmulator();
  expected = await makeSnapshots();
  today = await audit(emulator, asked);
  later = await audit(emulator, [...asked, '--now', inAYear]);
  await deleteSnapshots();
  after = await audit(emulator, [...asked, '--now', inAYear]);
});

const said = (all: readonly Expectation[]) =>
  all.map(({ rule, region, id, outcome }) => `${rule} ${region} ${id}: ${outcome}`).sort();

const found = (audited: Audited) => [...outcomesOf(audited)].map(([key, outcome]) => `${key}: ${outcome}`).sort();

describe('snapshots that were made today', () => {
  test('pass today, but those that are exempt', () => {
    expect([today.code, found(today)]).toEqual([0, said(expected.today)]);
  });

  test('are too old in a year, but those that are exempt', () => {
    expect([later.code, found(later)]).toEqual([1, said(expected['in a year'])]);
  });

  test('are no concern once they are deleted', () => {
    const counts = after.report.rules.map(({ outcomes }) => [outcomes.pass, outcomes.fail, outcomes.unknown]);
    expect(counts).toEqual(rules.map(() => [0, 0, 0]));
  });
});
