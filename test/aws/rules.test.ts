import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { type Audited, audit, firstWord, outcomesOf } from './audit.ts';
import { declaredStates, now } from './declared.ts';
import { type Expectation, emulator, seed } from './emulator.ts';

const rules = readdirSync(join(import.meta.dirname, '../../rules'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .map((path) => basename(path, '.yaml'))
  .sort();

/** An audit of one state of an account, and what it must say. */
interface Judged {
  readonly expected: readonly Expectation[];
  readonly audited: Audited;
}

async function onTheEmulator(): Promise<readonly [broken: Judged, mended: Judged]> {
  const seeded = await seed();
  try {
    const broken = { expected: seeded.broken, audited: await audit(emulator) };
    return [broken, { expected: await seeded.mend(), audited: await audit(emulator) }];
  } finally {
    seeded.stop();
  }
}

async function onTheWire(state: 'broken' | 'mended'): Promise<Judged> {
  const { account, expected } = declaredStates[state];
  const simulator = await startSimulator(account, { pageSize: 1 });
  try {
    return { expected, audited: await audit(simulator.url, ['--now', now]) };
  } finally {
    await simulator.close();
  }
}

const [broken, mended] = await onTheEmulator();
const [brokenOnWire, mendedOnWire] = [await onTheWire('broken'), await onTheWire('mended')];

/** Rules that fail what is broken and pass what is mended. */
function proven([before, after]: readonly [Judged, Judged]): readonly string[] {
  const found = ({ expected, audited }: Judged, outcome: string) => {
    const outcomes = outcomesOf(audited);
    const right = expected.filter((each) => outcomes.get(keyOf(each)) === each.outcome && each.outcome === outcome);
    return new Set(right.map(({ rule }) => rule));
  };
  const passing = found(after, 'pass');
  return [...found(before, 'fail')].filter((rule) => passing.has(rule)).sort();
}

const keyOf = ({ rule, region, id }: Expectation) => `${rule} ${region} ${id}`;

describe.each([
  ['broken, on the emulator', broken],
  ['mended, on the emulator', mended],
  ['broken, on the wire', brokenOnWire],
  ['mended, on the wire', mendedOnWire],
])('%s', (_, { expected, audited }) => {
  const outcomes = outcomesOf(audited);

  test.each(expected)('$rule: $trap: $outcome', (each) => {
    expect(outcomes.get(keyOf(each))).toBe(each.outcome);
  });

  test('nothing else fails', () => {
    const failures = expected.filter(({ outcome }) => outcome === 'fail').map(keyOf);
    const found = [...outcomes].filter(([, outcome]) => outcome === 'fail').map(([key]) => key);
    expect(found.sort()).toEqual(failures.sort());
  });
});

test('a broken account exits with 1, and a mended one with 3 where something cannot be read there', () => {
  expect([broken.audited.code, mended.audited.code]).toEqual([1, 3]);
  expect([brokenOnWire.audited.code, mendedOnWire.audited.code]).toEqual([1, 0]);
});

test('what the emulator does not implement is unknown, broken or mended, and said by its call', () => {
  for (const { audited } of [broken, mended]) {
    for (const rule of [
      'backup-recovery-point-encrypted',
      'backup-recovery-point-max-age',
      'bastion-ssh-password-login-disabled',
    ]) {
      const summary = audited.report.rules.find(({ id }) => id === rule);
      expect([rule, summary?.outcomes.pass, summary?.outcomes.fail]).toEqual([rule, 0, 0]);
      expect([rule, summary?.outcomes.unknown]).not.toEqual([rule, 0]);
    }
    const refused = audited.report.refused.map(({ key }) => firstWord(key));
    expect([...new Set(refused)].sort()).toEqual([
      'backup:ListCopyJobs',
      'backup:ListLegalHolds',
      'backup:ListRecoveryPointsByBackupVault',
      'ssm:ListCommandInvocations',
      'ssm:ListComplianceItems',
      'ssm:ListInventoryEntries',
    ]);
  }
});

test('every rule is proven, on the emulator or on the wire', () => {
  const emulated = proven([broken, mended]);
  const wired = proven([brokenOnWire, mendedOnWire]);
  expect([...emulated, ...wired].sort()).toEqual(rules);
  expect(wired).toEqual([
    'backup-copy-to-separate-location',
    'backup-recovery-point-encrypted',
    'backup-recovery-point-max-age',
    'bastion-disabled-by-default',
    'bastion-ssh-password-login-disabled',
    'ec2-snapshot-max-age',
    'iam-access-key-rotated',
    'iam-console-users-max-count',
    'iam-password-policy-min-length',
    'iam-root-mfa-enabled',
    'iam-root-no-access-keys',
    'iam-user-unused-credentials',
    'rds-cluster-snapshot-max-age',
    'rds-snapshot-max-age',
  ]);
});

afterAll(() => {
  const emulated = proven([broken, mended]).length;
  const wired = proven([brokenOnWire, mendedOnWire]).length;
  process.stdout.write(
    `${emulated} rules are proven on the emulator, ${wired} on the wire by the simulator, of ${rules.length}\n`,
  );
});
