import { expect, test } from 'vitest';
import { discoverRegions, partitionOf } from '../../src/aws/discover-regions.ts';
import { describeRegions } from '../../src/aws/own-calls.ts';
import { callKey } from '../../src/model/call-key.ts';
import type { Json } from '../../src/model/value.ts';
import { type Script, scriptedAws } from '../sources/scripted-aws.ts';
import { account } from './acme.ts';

const home = 'eu-west-1';
const question = `${home}/${callKey(describeRegions, { AllRegions: true })}`;

const regions: readonly Json[] = [
  { RegionName: 'us-east-1', OptInStatus: 'opt-in-not-required' },
  { RegionName: 'eu-west-1', OptInStatus: 'opt-in-not-required' },
  { RegionName: 'ap-east-1', OptInStatus: 'opted-in' },
  { RegionName: 'af-south-1', OptInStatus: 'not-opted-in' },
  { RegionName: 'me-south-1' },
  { RegionName: 'cn-north-1', OptInStatus: 'opt-in-not-required' },
  { RegionName: 'us-gov-west-1', OptInStatus: 'opt-in-not-required' },
];

function discover(script: Script, selected?: readonly string[], partition?: string) {
  const { aws } = scriptedAws({ [question]: script }, partition);
  return discoverRegions(aws, { account, selected, home });
}

const brief = (plan: Awaited<ReturnType<typeof discover>>) =>
  plan.regions.map(({ region, status, selected }) => `${region} ${status}${selected ? '' : ' unselected'}`);

test('all regions of the partition are found, those that are switched off among them', async () => {
  const plan = await discover({ pages: [regions] });
  expect(brief(plan)).toEqual([
    'af-south-1 disabled',
    'ap-east-1 enabled',
    'eu-west-1 enabled',
    'me-south-1 enabled',
    'us-east-1 enabled',
  ]);
  expect(plan).toMatchObject({ incomplete: undefined, notices: [] });
  expect(brief(await discover({ pages: [regions] }, undefined, 'aws-cn'))).toEqual(['cn-north-1 enabled']);
});

test('regions that were not chosen are listed as such, and one that is switched off is said', async () => {
  const plan = await discover({ pages: [regions] }, ['eu-west-1', 'af-south-1']);
  expect(brief(plan)).toEqual([
    'af-south-1 disabled',
    'ap-east-1 enabled unselected',
    'eu-west-1 enabled',
    'me-south-1 enabled unselected',
    'us-east-1 enabled unselected',
  ]);
  expect(plan.notices).toEqual([`region af-south-1 is switched off for account ${account}: nothing to collect`]);
});

test.each([
  [['eu-wset-1'], "there is no region 'eu-wset-1'", 'did you mean eu-west-1?'],
  [['eu-west-1', 'moon-base-alpha-9'], "there is no region 'moon-base-alpha-9'", 'the regions are af-south-1'],
  [['cn-north-1'], "there is no region 'cn-north-1'", ''],
])('choosing %o is refused', async (selected, message, hint) => {
  await expect(discover({ pages: [regions] }, selected)).rejects.toMatchObject({
    code: 'usage',
    message,
    hint: expect.stringContaining(hint),
  });
});

test.each<[string, Script, string, string]>([
  [
    'denied',
    { outcome: 'denied', error: 'UnauthorizedOperation' },
    'denied',
    'ec2:DescribeRegions was denied (UnauthorizedOperation)',
  ],
  ['throttled', { outcome: 'throttled' }, 'throttled', 'ec2:DescribeRegions was throttled to the end'],
  ['empty', { pages: [[]] }, 'failed', 'the list of regions cannot be read'],
  ['foreign', { pages: [['eu-west-1']] }, 'failed', 'the list of regions cannot be read'],
])(
  'when the list of regions is %s, what is known stands and the rest is said to be unknown',
  async (_, script, reason, detail) => {
    const all = await discover(script);
    expect(brief(all)).toEqual(['eu-west-1 enabled']);
    expect(all.incomplete).toEqual({ reason, detail });
    const chosen = await discover(script, ['us-east-1', 'ap-east-1']);
    expect(brief(chosen)).toEqual(['ap-east-1 enabled', 'us-east-1 enabled']);
    expect(chosen.incomplete).toEqual({ reason, detail });
  },
);

test('where the chosen region refuses to answer, the others are asked for elsewhere', async () => {
  const elsewhere = question.replace(home, 'global');
  const refusing = { [question]: { outcome: 'failed' }, [elsewhere]: { pages: [regions] } } as const;
  const choose = (selected: readonly string[] | undefined, script: Record<string, Script>) =>
    discoverRegions(scriptedAws(script).aws, { account, selected, home });
  await expect(choose(['eu-west-9'], refusing)).rejects.toMatchObject({
    code: 'usage',
    hint: 'did you mean eu-west-1?',
  });
  expect(brief(await choose(['us-east-1'], refusing))).toContain('us-east-1 enabled');
  const all = await choose(undefined, { [question]: { outcome: 'failed' } });
  expect([brief(all), all.incomplete?.reason]).toEqual([['eu-west-1 enabled'], 'failed']);
});

test.each([
  ['eu-west-1', 'aws'],
  ['us-east-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eusc-de-east-1', 'aws-eusc'],
])('%s belongs to %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
