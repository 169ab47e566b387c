import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from '../src/assess.ts';
import { exitCode, type Gate } from '../src/finding/exit.ts';
import type { Result, WaiverSummary } from '../src/finding/finding.ts';
import { fingerprint } from '../src/finding/fingerprint.ts';
import { observationDigest } from '../src/finding/observation.ts';
import type { Snapshot } from '../src/model/snapshot.ts';
import { validateAssessment } from '../src/model/validate-assessment.generated.ts';
import { validateAssessmentResult } from '../src/model/validate-assessment-result.generated.ts';
import type { Json } from '../src/model/value.ts';
import type { Rule } from '../src/rule/rule.ts';
import {
  acmeCatalogue,
  acmePolicy,
  acmeRule,
  acmeSnapshot,
  enabled,
  type Listed,
  now,
  production,
  staging,
} from './fixtures/acme.ts';
import { acmeAccounts, acmeRules, type Run } from './fixtures/acme-run.ts';

const group = 'AWS::EC2::SecurityGroup';
const gate: Gate = { failOn: 'info', onUnknown: 'fail' };

type Entry = Readonly<Record<string, Json | undefined>>;

const entry = (change: Entry): Entry => ({
  rule: 'sg-closed',
  reason: 'It moves in spring.',
  owner: 'platform',
  approver: 'ciso',
  expires: '2027-03-31',
  ...change,
});

const policyOf = (waivers: readonly Entry[], more = '') =>
  acmePolicy(`title: A\n${more}\n${waivers.length === 0 ? '' : `waivers: ${JSON.stringify(waivers)}`}`);

async function judge(
  snapshot: Snapshot,
  rules: readonly Rule[],
  waivers: readonly Entry[],
  { more = '', at = now, named = [] as readonly string[] } = {},
): Promise<Run> {
  const results: Result[] = [];
  const policy = await policyOf(waivers.map(entry), more);
  const fold = assess({ snapshot, rules, policy, catalogue: await acmeCatalogue(), now: at, named });
  for (;;) {
    const next = await fold.next();
    if (next.done) return { results, assessment: next.value };
    results.push(...next.value);
  }
}

const closed = () => acmeRule('sg-closed', `resource: ${group}\nassert: { Open: false }`);
const clauses = 'clauses: { c: { claim: Closed., verified: [rules], rules: [sg-closed] } }';

const web = { GroupId: 'sg-1', GroupName: 'web', Open: true, Tags: [{ Key: 'Env', Value: 'test' }] };
const api = { GroupId: 'sg-2', GroupName: 'api', Open: false };

function groups(records: Listed['records'], region = 'eu-west-1', account = production): Listed {
  return { type: group, region, account, records: records ?? [] };
}

const one = () => acmeSnapshot([groups([web, api])]);

/** `id outcome waived|-` of each result about a resource. */
const brief = ({ results }: Run) =>
  results
    .filter(({ type }) => type === group)
    .map(
      ({ resource, outcome, waiver }) => `${resource?.id ?? '-'} ${outcome}${waiver === undefined ? '' : ' waived'}`,
    );

const states = ({ assessment }: Run) => assessment.waivers.map(({ state, matched }) => `${state} ${matched}`);

/** `rule: message` of what is found about waivers. */
const complaints = ({ results }: Run) =>
  results.filter(({ type, outcome }) => type === 'waiver' && outcome === 'fail').map((r) => `${r.rule}: ${r.message}`);

describe('a waiver covers a failure', () => {
  it.each<[string, Entry]>([
    ['by its id', { resource: 'sg-1' }],
    ['by its name', { resource: 'web' }],
    ['by a pattern', { resource: 'sg-?' }],
    ['by a tag with its value', { tag: { key: 'Env', value: 'test' } }],
    ['by a tag', { tag: { key: 'Env' } }],
    ['in an account', { resource: 'web', account: production }],
    ['in a region', { resource: 'web', region: 'eu-west-1' }],
    ['on its last day', { resource: 'web', expires: '2026-11-24' }],
  ])('%s', async (_, waiver) => {
    const run = await judge(one(), [await closed()], [waiver], { more: clauses });
    expect(brief(run)).toEqual(['sg-1 fail waived', 'sg-2 pass']);
    expect(states(run)).toEqual(['active 1']);
    expect(complaints(run)).toEqual([]);
    expect(run.results[0]?.waiver).toBe(run.assessment.waivers[0]?.id);
    expect(run.assessment.rules.find(({ id }) => id === 'sg-closed')).toMatchObject({
      waived: 1,
      outcomes: { fail: 1 },
    });
    expect(run.assessment.clauses[0]).toMatchObject({
      verdict: 'holds-with-exceptions',
      reasons: ['sg-closed fails for 1 of 2 judged, which is waived'],
    });
    expect(run.assessment.verdicts).toMatchObject({ 'holds-with-exceptions': 1, broken: 0 });
    expect(exitCode(run.assessment, gate)).toBe(0);
  });

  it.each<[string, Entry, string]>([
    ['another id', { resource: 'sg-11' }, 'unmatched 0'],
    ['a part of the id', { resource: 'sg' }, 'unmatched 0'],
    ['another case', { resource: 'WEB' }, 'unmatched 0'],
    ['a resource that passes', { resource: 'sg-2' }, 'unmatched 0'],
    ['another value of the tag', { tag: { key: 'Env', value: 'production' } }, 'unmatched 0'],
    ['another tag', { tag: { key: 'Owner' } }, 'unmatched 0'],
    ['another region', { resource: 'sg-1', region: 'us-east-1' }, 'unmatched 0'],
    ['yesterday', { resource: 'sg-1', expires: '2026-11-23' }, 'expired 1'],
    ['a time too far away', { resource: 'sg-1', expires: '2027-11-27' }, 'over-broad 1'],
    ['everything', { resource: '*' }, 'over-broad 1'],
    ['anything of four characters', { resource: '????' }, 'over-broad 1'],
    ['what was another value', { resource: 'sg-1', observed: '0'.repeat(64) }, 'unmatched 0'],
  ])('and not one for %s', async (_, waiver, state) => {
    const run = await judge(one(), [await closed()], [waiver], { more: clauses });
    expect(brief(run)).toEqual(['sg-1 fail', 'sg-2 pass']);
    expect(states(run)).toEqual([state]);
    expect(complaints(run)).toHaveLength(1);
    expect(run.assessment.clauses[0]?.verdict).toBe('broken');
    expect(exitCode(run.assessment, gate)).toBe(1);
  });

  it('and not failures of many that share the name that it gives, though it names its account and region', async () => {
    const records = Array.from({ length: 26 }, (_, index) => ({
      ...web,
      GroupId: `sg-${index}`,
      GroupName: 'default',
    }));
    const waiver = { resource: 'default', account: production, region: 'eu-west-1' };
    const run = await judge(acmeSnapshot([groups(records)]), [await closed()], [waiver], { more: clauses });
    expect(states(run)).toEqual(['over-broad 26']);
    expect(run.results.filter((result) => result.waiver !== undefined)).toEqual([]);
    expect(run.assessment.clauses[0]?.verdict).toBe('broken');
    expect(exitCode(run.assessment, gate)).toBe(1);
  });

  it('and not another resource whose name is the id that it gives', async () => {
    const id = 'sg-0a1d0000000000003';
    const records = [
      { ...web, GroupId: id, GroupName: 'web' },
      { ...web, GroupId: 'sg-2', GroupName: id },
    ];
    const run = await judge(acmeSnapshot([groups(records)]), [await closed()], [{ resource: id, account: production }]);
    expect(brief(run)).toEqual([`${id} fail waived`, 'sg-2 fail']);
  });

  it('and the first of several that do is named, but all of them match', async () => {
    const run = await judge(one(), [await closed()], [{ resource: 'web' }, { resource: 'sg-1' }]);
    const first = run.assessment.waivers.find(({ covers }) => covers === 'resource web');
    expect(run.results[0]?.waiver).toBe(first?.id);
    expect(states(run)).toEqual(['active 1', 'active 1']);
  });

  it('and one failure beside it breaks the clause and the run', async () => {
    const snapshot = acmeSnapshot([groups([web, { ...api, Open: true }])]);
    const run = await judge(snapshot, [await closed()], [{ resource: 'sg-1' }], { more: clauses });
    expect(run.assessment.clauses[0]).toMatchObject({
      verdict: 'broken',
      reasons: ['sg-closed fails for 2 of 2 judged, of which 1 is waived'],
    });
    expect(exitCode(run.assessment, gate)).toBe(1);
  });

  it('of an account as a whole by its number', async () => {
    const rule = await acmeRule(
      'has-lab',
      `scope: account\nassert: { some: { of: ${group}, scope: account, where: { GroupName: laboratory } } }`,
    );
    const run = await judge(one(), [rule], [{ rule: 'has-lab', resource: production }]);
    expect(run.results[0]).toMatchObject({ outcome: 'fail', type: 'account', waiver: run.assessment.waivers[0]?.id });
  });
});

describe('what is unknown is never covered', () => {
  const waiver = { resource: 'sg-1' };

  it.each<[string, Snapshot]>([
    ['a value', acmeSnapshot([groups([{ ...web, Open: { $unknown: 'denied' } }, api])])],
    ['the list', acmeSnapshot([{ ...groups([api]), reason: 'throttled' }])],
    ['a region', acmeSnapshot([groups([api])], { regions: [enabled('eu-west-1'), enabled('us-east-1')] })],
    [
      'the list of regions',
      acmeSnapshot([groups([api])], { regionsIncomplete: [{ account: production, reason: 'denied' }] } as never),
    ],
  ])('and while %s is, a waiver that matches nothing is not blamed', async (_, snapshot) => {
    const run = await judge(snapshot, [await closed()], [waiver], { more: clauses });
    expect(run.results.some(({ outcome }) => outcome === 'unknown')).toBe(true);
    expect(run.results.filter((result) => result.waiver !== undefined)).toEqual([]);
    expect(states(run)).toEqual(['active 0']);
    expect(complaints(run)).toEqual([]);
    expect(run.assessment.clauses[0]?.verdict).toBe('unproven');
    expect(exitCode(run.assessment, gate)).toBe(3);
  });

  it('a waived failure beside something unknown leaves the clause unproven', async () => {
    const snapshot = acmeSnapshot([{ ...groups([web, api]), reason: 'denied' }]);
    const run = await judge(snapshot, [await closed()], [waiver], { more: clauses });
    expect(brief(run)).toEqual(['- unknown', 'sg-1 fail waived', 'sg-2 pass']);
    expect(run.assessment.clauses[0]?.verdict).toBe('unproven');
    expect(exitCode(run.assessment, gate)).toBe(3);
  });

  it('a failure of which the tags are not known is not covered by a tag', async () => {
    const snapshot = acmeSnapshot([groups([{ ...web, Tags: { $unknown: 'denied' } }])]);
    const run = await judge(snapshot, [await closed()], [{ tag: { key: 'Env' } }]);
    expect(brief(run)).toEqual(['sg-1 fail']);
    expect(states(run)).toEqual(['active 0']);
    expect(exitCode(run.assessment, gate)).toBe(1);
  });

  it('a rule without its parameter may have failed', async () => {
    const rule = await acmeRule(
      'sg-named',
      `resource: ${group}\nparams: { names: { description: N., schema: { type: array, items: { type: string } } } }\nassert: { GroupName: { in: { param: names } } }`,
    );
    const run = await judge(one(), [rule], [{ rule: 'sg-named', resource: 'sg-1' }]);
    expect(states(run)).toEqual(['active 0']);
  });
});

describe('a waiver about what the run did not look at is not blamed', () => {
  const unselected = { ...enabled('us-east-1'), selected: false };
  const narrowed = () => acmeSnapshot([groups([web, api])], { regions: [enabled('eu-west-1'), unselected] });

  it.each<[string, Entry, string, string]>([
    ['a region that was left out', { resource: 'sg-9', region: 'us-east-1' }, '', 'active 0'],
    ['some region', { resource: 'sg-9' }, '', 'active 0'],
    ['a region that was looked at', { resource: 'sg-9', region: 'eu-west-1' }, '', 'unmatched 0'],
    ['a region out of scope', { resource: 'sg-9' }, 'scope: { regions: [eu-west-1] }', 'unmatched 0'],
    ['another account', { resource: 'sg-9', account: staging }, '', 'active 0'],
    [
      'an account out of scope',
      { resource: 'sg-9', account: staging },
      `scope: { accounts: ["${production}"] }`,
      'unmatched 0',
    ],
  ])('%s', async (_, waiver, more, state) => {
    expect(states(await judge(narrowed(), [await closed()], [waiver], { more }))).toEqual([state]);
  });

  it('a rule that was not asked for', async () => {
    const rules = [await closed()];
    expect(states(await judge(one(), rules, [{ rule: 'user-no-admin', resource: 'ada' }]))).toEqual(['active 0']);
    const more = [...rules, await acmeRule('sg-other', `resource: ${group}\nassert: { Open: false }`)];
    const unbound = await judge(one(), more, [{ rule: 'sg-other', resource: 'sg-1' }], { more: clauses });
    expect(states(unbound)).toEqual(['unmatched 0']);
  });
});

describe('a waiver that reaches too far covers nothing', () => {
  const many = (count: number, region?: string, account?: string) =>
    groups(
      Array.from({ length: count }, (_, i) => ({ GroupId: `sg-${100 + i}`, GroupName: 'default', Open: true })),
      region,
      account,
    );

  it.each<[string, Snapshot, Entry, string]>([
    ['25 failures', acmeSnapshot([many(25)]), { resource: 'sg-*' }, 'active 25'],
    ['26 failures', acmeSnapshot([many(26)]), { resource: 'sg-*' }, 'over-broad 26'],
    ['26 of one name', acmeSnapshot([many(13), many(13, 'us-east-1')]), { resource: 'default' }, 'over-broad 26'],
    [
      '26 of one name, account named',
      acmeSnapshot([many(26)]),
      { resource: 'default', account: production },
      'over-broad 26',
    ],
    ['two accounts', acmeSnapshot([many(1), many(1, 'eu-west-1', staging)]), { resource: 'default' }, 'over-broad 2'],
    [
      'one of two accounts',
      acmeSnapshot([many(1), many(1, 'eu-west-1', staging)]),
      { resource: 'default', account: staging },
      'active 1',
    ],
  ])('%s', async (_, snapshot, waiver, state) => {
    const run = await judge(snapshot, [await closed()], [waiver]);
    expect(states(run)).toEqual([state]);
    const covered = run.results.filter((result) => result.waiver !== undefined);
    expect(covered).toHaveLength(state.startsWith('active') ? Number(state.split(' ')[1]) : 0);
  });
});

describe('a pin', () => {
  const rule = () => acmeRule('sg-closed', `resource: ${group}\nassert: { Description: { in: [a, b] } }`);
  const described = (text: string) => acmeSnapshot([groups([{ ...web, Description: text }])]);
  const pinOf = async (snapshot: Snapshot) => {
    const { results } = await judge(snapshot, [await rule()], []);
    return results[0] === undefined ? undefined : observationDigest(results[0]);
  };

  it('covers the failure as it was observed, and no other', async () => {
    const observed = (await pinOf(described('x'))) ?? '';
    expect(brief(await judge(described('x'), [await rule()], [{ resource: 'sg-1', observed }]))).toEqual([
      'sg-1 fail waived',
    ]);
    const changed = await judge(described('y'), [await rule()], [{ resource: 'sg-1', observed }]);
    expect(brief(changed)).toEqual(['sg-1 fail']);
    expect(complaints(changed)).toEqual([
      'waiver-unmatched: what it accepted has changed: 1 failure that it names was observed otherwise',
    ]);
    const told = changed.results.find(({ rule: id, outcome }) => id === 'waiver-unmatched' && outcome === 'fail');
    expect(told?.evidence).toEqual([{ path: 'observed', observed, expected: await pinOf(described('y')) }]);
  });
});

describe('what is found about waivers', () => {
  const waivers: readonly Entry[] = [
    { resource: 'sg-1', expires: '2026-11-01' },
    { resource: 'sg-77' },
    { resource: '*', region: 'eu-west-1' },
    { resource: 'web' },
  ];

  it('comes last, has a place and a severity, and is counted', async () => {
    const run = await judge(one(), [await closed()], waivers);
    const own = run.results.filter(({ type }) => type === 'waiver');
    expect(run.results.slice(-own.length)).toEqual(own);
    expect(own).toHaveLength(12);
    const expired = own.find(({ rule, outcome }) => rule === 'waiver-expired' && outcome === 'fail');
    expect(expired).toMatchObject({
      severity: 'medium',
      account: '*',
      region: '*',
      message: 'it expired on 2026-11-01: 1 failure counts again',
      resource: { declared: { file: 'policies.yaml', line: 3 }, name: 'sg-closed, resource sg-1' },
    });
    expect(run.assessment.waivers.map(({ id }) => id)).toContain(expired?.resource?.id);
    const counts = run.assessment.rules.map(({ id, outcomes: { pass, fail, ...rest } }) => [
      id,
      pass,
      fail,
      rest['not-applicable'],
    ]);
    expect(counts).toEqual([
      ['sg-closed', 1, 1, 0],
      ['waiver-expired', 3, 1, 0],
      ['waiver-over-broad', 2, 1, 1],
      ['waiver-unmatched', 1, 1, 2],
    ]);
  });

  it('fits the schemas, with fingerprints of their own', async () => {
    const run = await judge(one(), [await closed()], waivers);
    expect([validateAssessment(run.assessment), validateAssessment.errors]).toEqual([true, null]);
    for (const result of run.results) {
      expect([validateAssessmentResult({ ...result, fingerprint: fingerprint(result) }), result.rule]).toEqual([
        true,
        result.rule,
      ]);
    }
    expect(new Set(run.results.map(fingerprint)).size).toBe(run.results.length);
  });

  it('is not there where the policy has no waivers', async () => {
    const run = await judge(one(), [await closed()], []);
    expect(run.assessment.waivers).toEqual([]);
    expect(run.assessment.rules.map(({ id }) => id)).toEqual(['sg-closed']);
  });

  it('makes a run that judged nothing no clean one', async () => {
    const run = await judge(acmeSnapshot([groups([])]), [await closed()], [{ resource: 'sg-1', account: staging }]);
    expect(run.assessment.totals).toMatchObject({ fail: 0 });
    expect(run.assessment.totals.pass).toBeGreaterThan(0);
    expect(exitCode(run.assessment, gate)).toBe(3);
  });
});

describe('laws', () => {
  const pattern = fc.constantFrom(
    'sg-1',
    'sg-*',
    'web-sg-?',
    '*',
    'ada',
    'i-1',
    'i-?',
    production,
    'eu-west-1',
    'nothing',
  );
  const waiver = fc.record(
    {
      rule: fc.constantFrom(
        'sg-closed',
        'sg-described',
        'user-no-admin',
        'instance-patched',
        'account-has-laboratory',
        'region-has-instance',
      ),
      resource: pattern,
      account: fc.constantFrom(production, staging),
      region: fc.constantFrom('eu-west-1', 'us-east-1', 'global'),
      expires: fc.constantFrom('2026-11-23', '2026-11-24', '2027-06-30', '2031-01-01'),
    },
    { requiredKeys: ['rule', 'resource', 'expires'] },
  );
  const distinct = fc.uniqueArray(waiver, {
    maxLength: 6,
    selector: (one) => JSON.stringify([one.rule, one.resource, one.account, one.region]),
  });

  it('a waiver changes no outcome and hides no result', async () => {
    const rules = await acmeRules();
    const plain = await judge(acmeAccounts(), rules, []);
    await fc.assert(
      fc.asyncProperty(distinct, async (waivers) => {
        const run = await judge(acmeAccounts(), rules, waivers as readonly Entry[]);
        const bare = run.results.filter(({ type }) => type !== 'waiver').map(({ waiver: _, ...result }) => result);
        expect(bare).toEqual(plain.results);
        const active = new Set(run.assessment.waivers.filter(({ state }) => state === 'active').map(({ id }) => id));
        for (const { outcome, waiver: id } of run.results) {
          if (id !== undefined) expect([outcome, active.has(id)]).toEqual(['fail', true]);
        }
        const covered = run.results.filter((result) => result.waiver !== undefined).length;
        expect(run.assessment.rules.reduce((sum, { waived }) => sum + waived, 0)).toBe(covered);
        const matched = run.assessment.waivers.filter(({ state }) => state === 'active');
        expect(matched.reduce((sum, { matched: times }: WaiverSummary) => sum + times, 0)).toBeGreaterThanOrEqual(
          covered,
        );
        const before = exitCode(plain.assessment, gate);
        expect(exitCode(run.assessment, gate) === 0 && before === 3).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
