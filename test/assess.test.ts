import { describe, expect, it } from 'vitest';
import { assess, selectRules } from '../src/assess.ts';
import type { Assessment, Result } from '../src/finding/finding.ts';
import type { ManifestFacts, Snapshot } from '../src/model/snapshot.ts';
import type { UnknownReason } from '../src/model/value.ts';
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

const group = 'AWS::EC2::SecurityGroup';
const instance = 'AWS::EC2::Instance';
const user = 'AWS::IAM::User';

const closed = () => acmeRule('sg-closed', `resource: ${group}\nassert: { Open: false }`);

interface Run {
  readonly results: readonly Result[];
  readonly assessment: Assessment;
}

async function run(snapshot: Snapshot, rules: readonly Rule[], policy?: string): Promise<Run> {
  const results: Result[] = [];
  const question = { snapshot, rules, policy: await acmePolicy(policy), catalogue: await acmeCatalogue(), now };
  const fold = assess(question);
  for (;;) {
    const next = await fold.next();
    if (next.done) return { results, assessment: next.value };
    results.push(...next.value);
  }
}

/** `region id outcome` of each result, which says all that most laws are about. */
const brief = ({ results }: Run) =>
  results.map(({ region, resource, outcome }) => `${region} ${resource?.id ?? '-'} ${outcome}`);

const groups = (region: string, reason?: UnknownReason, records: Listed['records'] = []): Listed => ({
  type: group,
  region,
  records,
  ...(reason === undefined ? {} : { reason }),
});

describe('each resource', () => {
  it('gets one result a rule, with the population, the call and the clause behind it', async () => {
    const snapshot = acmeSnapshot([
      groups('eu-west-1', undefined, [
        { GroupId: 'sg-1', GroupName: 'web', Open: true },
        { GroupId: 'sg-2', GroupName: 'api', Open: false },
        { GroupId: 'sg-3', GroupName: 'old', Open: { $unknown: 'denied' } },
        { GroupId: 'sg-4', GroupName: 'default', Open: true },
      ]),
    ]);
    const rule = await acmeRule(
      'sg-closed',
      `resource: ${group}\nwhen: { GroupName: { ne: default } }\nassert: { Open: false }`,
    );
    const done = await run(
      snapshot,
      [rule],
      'title: A\nclauses: { c: { claim: Closed., verified: [rules], rules: [sg-closed] } }',
    );
    expect(brief(done)).toEqual([
      'eu-west-1 sg-1 fail',
      'eu-west-1 sg-2 pass',
      'eu-west-1 sg-3 unknown',
      'eu-west-1 sg-4 not-applicable',
    ]);
    expect(done.results[0]).toMatchObject({
      account: production,
      severity: 'high',
      type: group,
      resource: { id: 'sg-1', name: 'web' },
      evidence: [{ path: 'Open', observed: true, call: 'ec2:DescribeSecurityGroups' }],
    });
    expect(done.assessment.rules[0]).toMatchObject({
      outcomes: { pass: 1, fail: 1, unknown: 1, 'not-applicable': 1, 'not-evaluated': 0 },
      population: [
        {
          account: production,
          region: 'eu-west-1',
          complete: true,
          enumerated: 4,
          evaluated: 2,
          excluded: 1,
          unreadable: 1,
          calls: ['ec2:DescribeSecurityGroups'],
        },
      ],
    });
    expect(done.assessment.clauses[0]).toMatchObject({ id: 'c', verdict: 'broken' });
    expect(done.assessment.totals).toEqual({ pass: 1, fail: 1, unknown: 1, 'not-applicable': 1, 'not-evaluated': 0 });
    expect(done.assessment.failuresBySeverity).toEqual({ critical: 0, high: 1, medium: 0, low: 0, info: 0 });
  });

  it('whose property group was denied is unknown, with the permission that would allow it', async () => {
    const gap = { reason: 'denied', call: 'ssm:ListComplianceItems' } as const;
    const snapshot = acmeSnapshot(
      [{ type: instance, region: 'eu-west-1', records: [{ InstanceId: 'i-1', $gaps: { Compliance: gap } }] }],
      {},
      [{ key: 'ssm:ListComplianceItems', region: 'eu-west-1', outcome: 'denied' }],
    );
    const rule = await acmeRule(
      'patched',
      `resource: ${instance}\nassert: { none: { in: Compliance, where: { Status: NON_COMPLIANT } } }`,
    );
    const { results, assessment } = await run(snapshot, [rule]);
    expect(results).toMatchObject([
      {
        outcome: 'unknown',
        resource: { id: 'i-1' },
        evidence: [
          {
            path: 'Compliance',
            unknown: { reason: 'denied', permission: 'ssm:ListComplianceItems' },
            call: 'ssm:ListComplianceItems',
          },
        ],
      },
    ]);
    expect(assessment.refused).toEqual([
      {
        account: production,
        region: 'eu-west-1',
        key: 'ssm:ListComplianceItems',
        outcome: 'denied',
        permission: 'ssm:ListComplianceItems',
        detail: 'AccessDenied',
      },
    ]);
  });

  it('whose condition is unknown is unknown, not left out', async () => {
    const snapshot = acmeSnapshot([
      groups('eu-west-1', undefined, [{ GroupId: 'sg-1', GroupName: { $unknown: 'throttled' }, Open: false }]),
    ]);
    const rule = await acmeRule('r', `resource: ${group}\nwhen: { GroupName: web }\nassert: { Open: false }`);
    expect(brief(await run(snapshot, [rule]))).toEqual(['eu-west-1 sg-1 unknown']);
  });
});

describe('a list that is not whole', () => {
  it.each(['denied', 'throttled', 'failed', 'not-collected', 'stale', 'limit'] as const)(
    'gives an unknown result of its own: %s',
    async (reason) => {
      const done = await run(acmeSnapshot([groups('eu-west-1', reason)]), [await closed()]);
      expect(brief(done)).toEqual(['eu-west-1 - unknown']);
      expect(done.results[0]?.evidence).toMatchObject([{ unknown: { reason }, call: 'ec2:DescribeSecurityGroups' }]);
      expect(done.assessment.rules[0]?.population).toMatchObject([{ complete: false, enumerated: 0 }]);
    },
  );

  it('names the call and the permission that would allow it', async () => {
    const { results } = await run(acmeSnapshot([groups('eu-west-1', 'denied')]), [await closed()]);
    expect(results[0]?.message).toBe(
      `${group} in eu-west-1 of account ${production} is not known as a whole: ec2:DescribeSecurityGroups was denied; allow ec2:DescribeSecurityGroups`,
    );
  });

  it('still has its records judged, and no clause holds on them', async () => {
    const snapshot = acmeSnapshot([
      groups('eu-west-1', 'throttled', [{ GroupId: 'sg-1', GroupName: 'web', Open: false }]),
    ]);
    const done = await run(
      snapshot,
      [await closed()],
      'title: A\nclauses: { c: { claim: C, verified: [rules], rules: [sg-closed] } }',
    );
    expect(brief(done)).toEqual(['eu-west-1 - unknown', 'eu-west-1 sg-1 pass']);
    expect(done.assessment.clauses[0]).toMatchObject({
      verdict: 'unproven',
      reasons: ['sg-closed is unknown in 1 (throttled 1)'],
    });
  });
});

describe('regions', () => {
  const web = [{ GroupId: 'sg-1', GroupName: 'web', Open: false }];
  const region = (name: string, change: object = {}) => ({ ...enabled(name), ...change });

  it.each<[string, Partial<ManifestFacts>, string | undefined, readonly string[]]>([
    [
      'selected and never collected',
      { regions: [enabled('eu-west-1'), enabled('us-east-1')] },
      undefined,
      ['eu-west-1 sg-1 pass', 'us-east-1 - unknown'],
    ],
    [
      'left out by the user',
      { regions: [enabled('eu-west-1'), region('us-east-1', { selected: false })] },
      undefined,
      ['eu-west-1 sg-1 pass'],
    ],
    [
      'left out and in the scope',
      { regions: [enabled('eu-west-1'), region('us-east-1', { selected: false })] },
      'scope: { regions: [us-east-1, eu-west-1] }',
      ['eu-west-1 sg-1 pass', 'us-east-1 - unknown'],
    ],
    [
      'unheard of and in the scope',
      {},
      'scope: { regions: [us-east-1, eu-west-1] }',
      ['eu-west-1 sg-1 pass', 'us-east-1 - unknown'],
    ],
    [
      'disabled',
      { regions: [enabled('eu-west-1'), region('us-east-1', { status: 'disabled', selected: false })] },
      undefined,
      ['eu-west-1 sg-1 pass'],
    ],
    [
      'disabled and in the scope',
      { regions: [enabled('eu-west-1'), region('us-east-1', { status: 'disabled', selected: false })] },
      'scope: { regions: [us-east-1, eu-west-1] }',
      ['eu-west-1 sg-1 pass'],
    ],
    ['outside the scope', {}, 'scope: { regions: [us-east-1] }', ['us-east-1 - unknown']],
    ['not discovered', { regionsIncomplete: { reason: 'denied' } }, undefined, ['* - unknown', 'eu-west-1 sg-1 pass']],
    [
      'not discovered, but the scope names those that count',
      { regionsIncomplete: { reason: 'denied' } },
      'scope: { regions: [eu-west-1] }',
      ['eu-west-1 sg-1 pass'],
    ],
  ])('%s', async (_, facts, scope, expected) => {
    const snapshot = acmeSnapshot([groups('eu-west-1', undefined, web)], facts);
    expect(brief(await run(snapshot, [await closed()], `title: A\n${scope ?? ''}`))).toEqual(expected);
  });

  it('that are disabled are said to be so in the population', async () => {
    const off = region('ap-east-1', { status: 'disabled', selected: false });
    const snapshot = acmeSnapshot([groups('eu-west-1', undefined, web)], { regions: [enabled('eu-west-1'), off] });
    const { assessment } = await run(snapshot, [await closed()]);
    expect(assessment.rules[0]?.population).toMatchObject([
      { region: 'ap-east-1', disabled: true, enumerated: 0, calls: [] },
      { region: 'eu-west-1', enumerated: 1 },
    ]);
  });

  it('do not matter to types without regions', async () => {
    const snapshot = acmeSnapshot([{ type: user, region: 'global', records: [{ UserName: 'ada', Admin: false }] }], {
      regionsIncomplete: { reason: 'denied' },
      regions: [enabled('eu-west-1')],
    });
    const rule = await acmeRule('r', `resource: ${user}\nassert: { Admin: false }`);
    expect(brief(await run(snapshot, [rule], 'title: A\nscope: { regions: [us-east-1] }'))).toEqual([
      'global ada pass',
    ]);
  });

  it('a type without regions that was never listed is unknown', async () => {
    const rule = await acmeRule('r', `resource: ${user}\nassert: { Admin: false }`);
    expect(brief(await run(acmeSnapshot([groups('eu-west-1')]), [rule]))).toEqual(['global - unknown']);
  });
});

describe('nothing to see', () => {
  it('is said once by a rule that saw nothing anywhere, and by no region on its own', async () => {
    const done = await run(
      acmeSnapshot([groups('eu-west-1'), groups('us-east-1')]),
      [await closed()],
      'title: A\nclauses: { c: { claim: C, verified: [rules], rules: [sg-closed] } }',
    );
    expect(done.results).toMatchObject([
      {
        account: '*',
        region: '*',
        outcome: 'not-applicable',
        message: `no ${group} exists: 2 lists were read to the end`,
      },
    ]);
    expect(done.assessment.clauses[0]?.verdict).toBe('nothing-to-prove');
    expect(done.assessment.rules[0]?.population).toHaveLength(2);
  });

  it('is not searched for in regions that are disabled', async () => {
    const off = { ...enabled('ap-east-1'), status: 'disabled' as const, selected: false };
    const snapshot = acmeSnapshot([groups('eu-west-1')], { regions: [enabled('eu-west-1'), off] });
    const { results } = await run(snapshot, [await closed()]);
    expect(results[0]?.message).toBe(`no ${group} exists: one list was read to the end`);
  });

  it.each([
    ['an account without regions', acmeSnapshot([], { accounts: [{ id: production }] }), '* - unknown'],
    ['no account at all', acmeSnapshot([]), '* - unknown'],
  ])('is not claimed of %s', async (_, snapshot, expected) => {
    expect(brief(await run(snapshot, [await closed()]))).toEqual([expected]);
  });
});

it('many resources come in portions, each once and in order', async () => {
  const records = Array.from({ length: 2500 }, (_, index) => ({
    GroupId: `sg-${String(index).padStart(4, '0')}`,
    GroupName: 'web',
    Open: false,
  }));
  const { results } = await run(acmeSnapshot([groups('eu-west-1', undefined, records)]), [await closed()]);
  expect(results.map(({ resource }) => resource?.id)).toEqual(records.map(({ GroupId }) => GroupId));
});

describe('accounts', () => {
  it('without regions are unknown beside those that have some', async () => {
    const accounts = [{ id: production }, { id: staging }];
    const { results } = await run(acmeSnapshot([groups('eu-west-1')], { accounts }), [await closed()]);
    expect(results).toMatchObject([
      {
        account: staging,
        region: '*',
        outcome: 'unknown',
        message: expect.stringContaining('no region of the account'),
      },
    ]);
  });

  const lists = [
    { ...groups('eu-west-1', undefined, [{ GroupId: 'sg-1', GroupName: 'web', Open: false }]), account: staging },
    groups('eu-west-1', undefined, [{ GroupId: 'sg-1', GroupName: 'web', Open: true }]),
  ];
  const outcomes = ({ results }: Run) => results.map(({ account, outcome }) => `${account} ${outcome}`);

  it('are judged one after the other', async () => {
    expect(outcomes(await run(acmeSnapshot(lists), [await closed()]))).toEqual([
      `${production} fail`,
      `${staging} pass`,
    ]);
  });

  it('outside the scope are not judged', async () => {
    const done = await run(acmeSnapshot(lists), [await closed()], `title: A\nscope: { accounts: ["${staging}"] }`);
    expect(outcomes(done)).toEqual([`${staging} pass`]);
    expect(done.assessment.accounts).toEqual([{ id: staging, name: 'staging' }]);
  });

  it('of the scope that the snapshot lacks are unknown', async () => {
    const done = await run(
      acmeSnapshot(lists),
      [await closed()],
      `title: A\nscope: { accounts: ["${staging}", "777788889999"] }`,
    );
    expect(outcomes(done)).toEqual([`${staging} pass`, '777788889999 unknown']);
    expect(done.results[1]).toMatchObject({ region: '*', evidence: [{ unknown: { reason: 'not-collected' } }] });
  });
});

describe('parameters', () => {
  const rule = () =>
    acmeRule(
      'named',
      `resource: ${group}\nparams: { name: { description: N, schema: { type: string } } }\nassert: { GroupName: { param: name } }`,
    );
  const snapshot = acmeSnapshot([groups('eu-west-1', undefined, [{ GroupId: 'sg-1', GroupName: 'web' }])]);
  const clauses = 'clauses: { c: { claim: C, verified: [rules], rules: [named] } }';

  it('that the policy sets are used', async () => {
    expect(brief(await run(snapshot, [await rule()], `title: A\nparameters: { named: { name: web } }`))).toEqual([
      'eu-west-1 sg-1 pass',
    ]);
  });

  it('that the policy must set and does not leave the rule not evaluated, once, and the clause unproven', async () => {
    const done = await run(snapshot, [await rule()], `title: A\n${clauses}`);
    expect(done.results).toMatchObject([
      { account: '*', outcome: 'not-evaluated', message: 'the policy must set name under parameters.named' },
    ]);
    expect(done.assessment.clauses).toMatchObject([
      { verdict: 'unproven', reasons: ['named lacks a parameter that the policy must set'] },
    ]);
  });
});

describe('rules about an account or a region', () => {
  const some = (scope: string) =>
    acmeRule(
      'has-closed',
      `scope: ${scope}\nassert: { some: { of: ${group}, scope: ${scope}, where: { Open: false } } }`,
    );
  const good = [{ GroupId: 'sg-1', GroupName: 'web', Open: false }];
  const bad = [{ GroupId: 'sg-2', GroupName: 'api', Open: true }];

  it.each<[string, Listed[], Partial<ManifestFacts>, string]>([
    ['a witness', [groups('eu-west-1', undefined, good)], {}, 'pass'],
    ['no witness', [groups('eu-west-1', undefined, bad)], {}, 'fail'],
    ['no witness, and a list cut short', [groups('eu-west-1', 'denied', bad)], {}, 'unknown'],
    ['a witness in a list cut short', [groups('eu-west-1', 'denied', good)], {}, 'pass'],
    [
      'no witness, and a region left out',
      [groups('eu-west-1', undefined, bad)],
      { regions: [enabled('eu-west-1'), { ...enabled('us-east-1'), selected: false }] },
      'unknown',
    ],
    [
      'no witness, and regions not discovered',
      [groups('eu-west-1', undefined, bad)],
      { regionsIncomplete: { reason: 'denied' } },
      'unknown',
    ],
    ['a witness elsewhere', [groups('eu-west-1', undefined, bad), groups('us-east-1', undefined, good)], {}, 'pass'],
  ])('judge the account once: %s', async (_, lists, facts, expected) => {
    const done = await run(acmeSnapshot(lists, facts), [await some('account')]);
    expect(brief(done)).toEqual([`global - ${expected}`]);
    expect(done.results[0]?.type).toBe('account');
    expect(done.assessment.rules[0]?.population).toMatchObject([
      { region: 'global', enumerated: 1, calls: ['ec2:DescribeSecurityGroups'] },
    ]);
  });

  it('say when there may be regions that nobody saw', async () => {
    const snapshot = acmeSnapshot([groups('eu-west-1', undefined, good)], { regionsIncomplete: { reason: 'denied' } });
    const { assessment } = await run(snapshot, [await some('account')]);
    expect(assessment.rules[0]).toMatchObject({ outcomes: { pass: 1 }, population: [{ complete: false }] });
  });

  it.each([
    ['a witness', good, 'pass'],
    ['no witness', bad, 'unknown'],
  ])('miss a region that the policy names and the snapshot lacks: %s', async (_, records, expected) => {
    const snapshot = acmeSnapshot([groups('eu-west-1', undefined, records)]);
    const scope = 'title: A\nscope: { regions: [eu-west-1, us-east-1] }';
    const done = await run(snapshot, [await some('account')], scope);
    expect(brief(done)).toEqual([`global - ${expected}`]);
    expect(done.assessment.rules[0]?.population).toMatchObject([{ complete: false }]);
  });

  it('judge each region that was asked for', async () => {
    const regions = [
      enabled('eu-west-1'),
      enabled('eu-west-2'),
      enabled('us-east-1'),
      { ...enabled('ap-east-1'), status: 'disabled' as const, selected: false },
    ];
    const lists = [groups('eu-west-1', undefined, good), groups('us-east-1', undefined, bad)];
    const rule = await some('region');
    expect(brief(await run(acmeSnapshot(lists, { regions }), [rule]))).toEqual([
      'eu-west-1 - pass',
      'eu-west-2 - unknown',
      'us-east-1 - fail',
    ]);
    expect(
      brief(await run(acmeSnapshot(lists, { regions }), [rule], 'title: A\nscope: { regions: [us-west-2] }')),
    ).toEqual(['us-west-2 - unknown']);
  });
});

describe('relations', () => {
  const worn = () =>
    acmeRule(
      'not-worn-open',
      `resource: ${instance}\nassert: { none: { follow: securityGroups, where: { Open: true } } }`,
    );
  const closedFor = () =>
    acmeRule(
      'closed-for-prod',
      `resource: ${group}\nwhen: { some: { follow: instances, where: { tag.Role: bastion } } }\nassert: { Open: false }`,
    );
  const i = (...ids: string[]): Listed => ({
    type: instance,
    region: 'eu-west-1',
    records: [
      {
        InstanceId: 'i-1',
        SecurityGroups: ids.map((GroupId) => ({ GroupId })),
        Tags: [{ Key: 'Role', Value: 'bastion' }],
      },
    ],
  });
  const sg = (id: string, open: boolean) => ({ GroupId: id, GroupName: id, Open: open });

  it.each([
    ['reads what a rule looks up once, before there is anything to judge by it', [sg('sg-1', true)], [instance, group]],
    ['reads nothing for a rule that has nothing to judge', [], [group]],
  ])('%s', async (_name, records, expected) => {
    const snapshot = acmeSnapshot([groups('eu-west-1', undefined, records), i('sg-1')]);
    const read: string[] = [];
    const watched: Snapshot = {
      ...snapshot,
      records(collection) {
        read.push(collection.type);
        return snapshot.records(collection);
      },
    };
    await run(watched, [await closedFor()]);
    expect(read).toEqual(expected);
  });

  it.each<[string, Listed[], string]>([
    ['a good target', [i('sg-1'), groups('eu-west-1', undefined, [sg('sg-1', false)])], 'pass'],
    ['a bad target', [i('sg-1'), groups('eu-west-1', undefined, [sg('sg-1', true)])], 'fail'],
    ['a dangling reference in a whole list', [i('sg-9'), groups('eu-west-1')], 'unknown'],
    [
      'a bad witness beside a dangling reference',
      [i('sg-1', 'sg-9'), groups('eu-west-1', undefined, [sg('sg-1', true)])],
      'fail',
    ],
    ['a dangling reference in a list cut short', [i('sg-9'), groups('eu-west-1', 'denied')], 'unknown'],
    ['a target type that was never listed', [i('sg-9')], 'unknown'],
    [
      'a list cut short with a bad witness',
      [i('sg-1', 'sg-9'), groups('eu-west-1', 'denied', [sg('sg-1', true)])],
      'fail',
    ],
    ['a list cut short that has all the ids', [i('sg-1'), groups('eu-west-1', 'denied', [sg('sg-1', false)])], 'pass'],
    [
      'a target in another region',
      [i('sg-1'), groups('eu-west-1'), groups('us-east-1', undefined, [sg('sg-1', true)])],
      'unknown',
    ],
    ['no reference at all, and a list cut short', [i(), groups('eu-west-1', 'denied')], 'pass'],
  ])('%s', async (_, lists, expected) => {
    expect(brief(await run(acmeSnapshot(lists), [await worn()]))).toContain(`eu-west-1 i-1 ${expected}`);
  });

  it.each<[string, Listed[], string]>([
    [
      'followed the other way, tags of the target included',
      [i('sg-1'), groups('eu-west-1', undefined, [sg('sg-1', true)])],
      'fail',
    ],
    ['to nobody', [i('sg-9'), groups('eu-west-1', undefined, [sg('sg-1', true)])], 'not-applicable'],
    [
      'from a list cut short',
      [{ ...i('sg-9'), reason: 'throttled' }, groups('eu-west-1', undefined, [sg('sg-1', true)])],
      'unknown',
    ],
    [
      'from one whose key is unknown',
      [
        { ...i(), records: [{ InstanceId: 'i-1', SecurityGroups: { $unknown: 'denied' } }] },
        groups('eu-west-1', undefined, [sg('sg-1', true)]),
      ],
      'unknown',
    ],
  ])('%s', async (_, lists, expected) => {
    expect(brief(await run(acmeSnapshot(lists), [await closedFor()]))).toContain(`eu-west-1 sg-1 ${expected}`);
  });
});

describe('a rule about a region', () => {
  it.each([
    ['looks at that region', '', ['eu-west-1 - fail', 'us-east-1 - pass']],
    ['looks at the account where it says so', ', scope: account', ['eu-west-1 - pass', 'us-east-1 - pass']],
  ])('%s', async (_, scope, expected) => {
    const rule = await acmeRule('regional', `scope: region\nassert: { some: { of: ${group}${scope} } }`);
    const there = groups('us-east-1', undefined, [{ GroupId: 'sg-1', GroupName: 'web', Open: false }]);
    expect(brief(await run(acmeSnapshot([groups('eu-west-1'), there]), [rule]))).toEqual(expected);
  });
});

describe('rules', () => {
  it('are those that clauses name, or all where no clause names any', async () => {
    const rules = [await acmeRule('b', `resource: ${group}\nassert: { Open: false }`), await closed()];
    const ids = async (text: string) => selectRules(await acmePolicy(text), rules).map(({ id }) => id);
    expect(await ids('title: A')).toEqual(['b', 'sg-closed']);
    expect(await ids('title: A\nclauses: { c: { claim: C, verified: [rules], rules: [sg-closed] } }')).toEqual([
      'sg-closed',
    ]);
    expect(rules.map(({ id }) => id)).toEqual(['b', 'sg-closed']);
    const policy = await acmePolicy('title: A\nclauses: { c: { claim: C, verified: [rules], rules: [sg-closed] } }');
    expect(selectRules(policy, rules, ['b'])).toEqual(rules);
  });

  it('that a clause names and nobody knows leave it unproven', async () => {
    const snapshot = acmeSnapshot([
      groups('eu-west-1', undefined, [{ GroupId: 'sg-1', GroupName: 'web', Open: false }]),
    ]);
    const policy = 'title: A\nclauses: { c: { claim: C, verified: [rules], rules: [sg-closed, gone] } }';
    const { assessment } = await run(snapshot, [await closed()], policy);
    expect(assessment.clauses).toMatchObject([{ verdict: 'unproven', reasons: ['gone is not among the rules'] }]);
  });
});
