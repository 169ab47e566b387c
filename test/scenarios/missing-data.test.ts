import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../src/finding/finding.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/value.ts';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type DatedAccount, mixedAccount } from '../fixtures/acme-account.ts';
import { audit, judge, type Question, shippedQuestion } from './audited.ts';
import { worldOfCase } from './case-world.ts';
import { compareVerdicts, type MayChange } from './compare-verdicts.ts';
import { judgeWith, recordsOf, type Thinning, thinnings, type World, withRecords } from './thinned.ts';

let question: Question;
let accounts: readonly World[];
let cases: readonly World[];
beforeAll(async () => {
  question = await shippedQuestion();
  accounts = [await worldOf('acme', mixedAccount()), await worldOf('demo', demoAccount)];
  cases = question.rules.flatMap((rule) => rule.cases.map((one) => worldOfCase(rule, one, question)));
}, 120_000);

async function worldOf(name: string, account: DatedAccount): Promise<World> {
  const { snapshot } = await audit(question, account);
  return { name, question, snapshot, records: await recordsOf(snapshot), now: Date.parse(account.now) };
}

/**
 * Properties whose absence is an answer of AWS's own, and what may come of it besides a failure: it leaves out empty
 * lists of tags and of copies, says by an error that a user has no password, gives gateways neither protocol nor scheme,
 * names of a lock what it has alone, and tells of a snapshot only where it is a copy that it is one. What an answer about anything else lacks of these is
 * marked when it is collected.
 */
const answersByAbsence: Readonly<Record<string, readonly string[]>> = {
  'AWS::AutoScaling::AutoScalingGroup Tags': ['pass'],
  // A plan without copies has none that live too long.
  'AWS::Backup::BackupPlan BackupPlan.Rules[].CopyActions': ['not-applicable', 'pass'],
  // A lock that can be lifted has no date, and one without a floor has none. Regions without air-gapped vaults name no kind.
  'AWS::Backup::BackupVault LockDate': ['pass'],
  'AWS::Backup::BackupVault MinRetentionDays': ['not-applicable'],
  'AWS::Backup::BackupVault VaultType': ['pass'],
  // A selector says nothing of the operators that it does without.
  'AWS::CloudTrail::Trail Selectors.AdvancedEventSelectors[].FieldSelectors[].Equals': ['pass'],
  // What is a recovery point of nothing else is judged as the snapshot that it is.
  'AWS::Backup::RecoveryPoint SnapshotId': ['pass'],
  // A server without the tag is no second bastion.
  'AWS::EC2::Instance Tags': ['not-applicable', 'pass'],
  'AWS::EC2::SecurityGroup Tags': ['not-applicable'],
  'AWS::EC2::Snapshot Tags': ['pass'],
  'AWS::EC2::Snapshot TransferType': ['pass'],
  'AWS::IAM::User LoginProfile': ['not-applicable'],
  'AWS::ElasticLoadBalancingV2::Listener Protocol': ['not-applicable'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer Scheme': ['not-applicable'],
  'AWS::RDS::DBClusterSnapshot SourceDBClusterSnapshotArn': ['pass'],
};

/** A property that is gone may be taken for one that AWS leaves out, which is at worst a failure. */
function mayChange(type: string, { path, how }: Pick<Thinning, 'path' | 'how'>): MayChange {
  if (how === 'not collected') return () => false;
  const answers = answersByAbsence[`${type} ${path}`] ?? [];
  return (_, to) => to.outcome === 'fail' || answers.includes(to.outcome);
}

/** The same world with the rules that one type concerns. */
function confinedTo(world: World, type: string): World {
  const rules = world.question.rules.filter((rule) => rule.reads.has(type));
  return { ...world, question: { ...world.question, rules } };
}

async function thinAll(worlds: readonly World[]) {
  const wrong: string[] = [];
  let tried = 0;
  for (const world of worlds) {
    for (const [index, record] of world.records.entries()) {
      const confined = confinedTo(world, record.type);
      const before = await judgeWith(confined, world.records);
      for (const thinning of thinnings(record.properties)) {
        const records = world.records.with(index, { ...record, properties: thinning.properties });
        const { wrong: found } = compareVerdicts(
          before,
          await judgeWith(confined, records),
          mayChange(record.type, thinning),
        );
        wrong.push(...found.map((each) => `${world.name}: ${record.type} ${thinning.path} ${thinning.how}: ${each}`));
        tried += 1;
      }
    }
  }
  return { wrong, tried };
}

describe('one property fewer, at any depth, taken away or not collected', () => {
  it('makes nothing pass in a collected account', { timeout: 170_000 }, async () => {
    const { wrong, tried } = await thinAll(accounts);
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(2000);
  });

  it('makes nothing pass in the cases of the rules', { timeout: 170_000 }, async () => {
    const { wrong, tried } = await thinAll(cases);
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(2000);
  });
});

interface Thinned {
  readonly records: readonly Resource[];
  readonly allowed: readonly MayChange[];
}

function thinOnce({ records, allowed }: Thinned, which: number, what: number): Thinned {
  const index = which % records.length;
  const record = records[index];
  const all = record === undefined ? [] : [...thinnings(record.properties)];
  const thinning = all[what % all.length];
  if (record === undefined || thinning === undefined) return { records, allowed };
  return {
    records: records.with(index, { ...record, properties: thinning.properties }),
    allowed: [...allowed, mayChange(record.type, thinning)],
  };
}

it('several properties fewer make nothing pass', { timeout: 170_000 }, async () => {
  const [world] = accounts;
  if (world === undefined) throw new Error('there is no account');
  const before = await judgeWith(world, world.records);
  // Three records at most, so that several properties of one of them go together.
  const steps = fc.tuple(
    fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(2), fc.nat()), { minLength: 2, maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(steps, async ([chosen, thinned]) => {
      let state: Thinned = { records: world.records, allowed: [] };
      for (const [which, what] of thinned) state = thinOnce(state, chosen[which % chosen.length] ?? 0, what);
      const after = await judgeWith(world, state.records);
      const { wrong } = compareVerdicts(before, after, (from, to) => state.allowed.some((may) => may(from, to)));
      expect(wrong).toEqual([]);
    }),
    { numRuns: process.env.MODE === 'fuzz' ? 20_000 : 500 },
  );
});

/** An account whose answers lack one member of the objects that have another. */
function lacking(account: DatedAccount, member: string, beside: string): DatedAccount {
  const strip = (value: Json): Json => {
    if (Array.isArray(value)) return value.map((item) => strip(item as Json));
    if (!isObject(value)) return value;
    const kept = Object.entries(value).filter(([key]) => key !== member || value[beside] === undefined);
    return Object.fromEntries(kept.map(([key, inner]) => [key, strip(inner ?? null)]));
  };
  return { ...account, answers: strip(account.answers as unknown as JsonObject) as unknown as DatedAccount['answers'] };
}

it.each([
  ['Protocol', 'ListenerArn', 'elb-http-redirects-to-https'],
  ['SslPolicy', 'ListenerArn', 'elb-tls-policy-modern'],
  ['Scheme', 'LoadBalancerArn', 'elb-http-redirects-to-https'],
])('an answer that lacks %s beside %s leaves no verdict about it', async (member, beside, id) => {
  const { results } = await audit(question, lacking(mixedAccount(), member, beside));
  const [world] = accounts;
  const before = world === undefined ? [] : await judgeWith(world, world.records);
  const judged = (list: readonly Result[]) =>
    list.filter(({ rule, outcome }) => rule === id && (outcome === 'pass' || outcome === 'fail'));
  expect(judged(before).length).toBeGreaterThan(0);
  expect(judged(results)).toEqual([]);
  expect(compareVerdicts(before, results).wrong).toEqual([]);
});

/** Judges a snapshot from which something is gone, and says what must not be. */
async function wrongWithout(world: World, snapshot: Snapshot, scope?: readonly string[]): Promise<readonly string[]> {
  const policy = scope === undefined ? question.policy : { ...question.policy, scope: { regions: scope } };
  const before = await judge({ ...question, policy }, world.snapshot, world.now);
  const after = await judge({ ...question, policy }, snapshot, world.now);
  return compareVerdicts(before.results, after.results).wrong;
}

describe('a snapshot with less in it', () => {
  it('without one collection says that it is missing', async () => {
    for (const world of accounts) {
      const { manifest } = world.snapshot;
      for (const gone of manifest.collections) {
        const collections = manifest.collections.filter((collection) => collection !== gone);
        const wrong = await wrongWithout(world, { ...world.snapshot, manifest: { ...manifest, collections } });
        expect([gone.region, gone.type, wrong]).toEqual([gone.region, gone.type, []]);
      }
    }
  });

  it('without the collections of one region says that they are missing', async () => {
    for (const world of accounts) {
      const { manifest } = world.snapshot;
      for (const { region } of manifest.regions) {
        const collections = manifest.collections.filter((collection) => collection.region !== region);
        const wrong = await wrongWithout(world, { ...world.snapshot, manifest: { ...manifest, collections } });
        expect([region, wrong]).toEqual([region, []]);
      }
    }
  });

  it('without any trace of a region that the policy names says so', async () => {
    for (const world of accounts) {
      const { manifest } = world.snapshot;
      const names = manifest.regions.filter(({ status }) => status === 'enabled').map(({ region }) => region);
      for (const name of names) {
        const collections = manifest.collections.filter(({ region }) => region !== name);
        const regions = manifest.regions.filter(({ region }) => region !== name);
        const thinned = { ...world.snapshot, manifest: { ...manifest, regions, collections } };
        expect([name, await wrongWithout(world, thinned, names)]).toEqual([name, []]);
      }
    }
  });

  it('without one line of the ledger is judged no better', async () => {
    for (const world of accounts) {
      for (const key of world.snapshot.ledger.keys()) {
        const ledger = new Map([...world.snapshot.ledger].filter(([other]) => other !== key));
        expect([key, await wrongWithout(world, { ...world.snapshot, ledger })]).toEqual([key, []]);
      }
    }
  });

  it('without the call behind some properties, or the reason why they are not there, does not know them', async () => {
    const wrong: string[] = [];
    for (const world of accounts) {
      const before = await judgeWith(world, world.records);
      for (const [index, record] of world.records.entries()) {
        for (const [what, thinned] of withoutProvenance(record)) {
          const after = (
            await judge(question, withRecords(world.snapshot, world.records.with(index, thinned)), world.now)
          ).results;
          wrong.push(...compareVerdicts(before, after).wrong.map((each) => `${what}: ${each}`));
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** A record without the call of one group, with and without what the call gave; and without one of its gaps. */
function* withoutProvenance(record: Resource): Generator<readonly [what: string, thinned: Resource]> {
  for (const group of Object.keys(record.calls ?? {})) {
    const { [group]: _, ...calls } = record.calls ?? {};
    yield [`${record.type} '${group}' without its call`, { ...record, calls }];
    const { [group]: __, ...properties } = record.properties;
    yield [`${record.type} '${group}' without its call and value`, { ...record, calls, properties }];
  }
  for (const group of Object.keys(record.gaps ?? {})) {
    const { [group]: _, ...gaps } = record.gaps ?? {};
    yield [`${record.type} '${group}' without its gap`, { ...record, gaps }];
  }
}
