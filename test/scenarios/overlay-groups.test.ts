import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProposal } from '../../src/commands/_gate-input.ts';
import { ProvisoError } from '../../src/errors.ts';
import type { Result } from '../../src/finding/finding.ts';
import { overlay } from '../../src/model/overlay.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { type Audited, audit, judge, type Question, quietIo, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const literal = 'sg-0aaa0000000000009';
const bastion = 'aws_instance.bastion';
const restricted = 'bastion-ingress-restricted';

let question: Question;
let live: Audited;
let temp: string;

/** The account of the parity suite with one more group, which is open to the world and which nobody wears. */
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'proviso-groups-'));
  question = await shippedQuestion();
  const url = new URL('../fixtures/parity/ec2-instance/live.json', import.meta.url);
  const account = JSON.parse(await readFile(url, 'utf8'));
  const { SecurityGroups: groups } = account.answers.ec2['eu-west-1'].DescribeSecurityGroups;
  groups.push({ ...groups[1], GroupId: literal, GroupName: 'literal' });
  live = await audit(question, account);
});
afterAll(() => rm(temp, { recursive: true, force: true }));

const group = (name: string): PlannedChange => ({
  after: { name, description: 'door', ingress: [], egress: [], tags: null },
  unknown: { id: true, arn: true, tags_all: true },
});
const worn = (references: readonly string[]): PlannedChange => ({
  after: { ami: 'ami-0123456789abcdef0', instance_type: 't4g.nano', tags: { Role: 'bastion' } },
  unknown: { id: true, arn: true, vpc_security_group_ids: true, primary_network_interface_id: true },
  written: { ami: [], instance_type: [], tags: [], vpc_security_group_ids: references },
});
const toNew = ['aws_security_group.new.id', 'aws_security_group.new'];
const toOther = ['aws_security_group.other.id', 'aws_security_group.other'];
const one = { 'aws_security_group.new': group('new'), [bastion]: worn(toNew) };
const two = { ...one, 'aws_security_group.other': group('other'), [bastion]: worn([...toNew, ...toOther]) };

/** What becomes of the account, by the plan and by the expression that stands in its files. */
async function resultsOf(changes: Readonly<Record<string, PlannedChange>>, expression?: string) {
  const cwd = await mkdtemp(join(temp, 'run-'));
  await writeFile(join(cwd, 'plan.json'), planOf(changes));
  const text = `resource "aws_instance" "bastion" {\n  vpc_security_group_ids = ${expression}\n}\n`;
  if (expression !== undefined) await writeFile(join(cwd, 'main.tf'), text);
  const known = { catalogue: question.catalogue, now, live: live.snapshot.manifest };
  const proposal = await readProposal(['plan.json'], {}, { ...quietIo(), cwd }, known);
  const sides = await overlay(live.snapshot, proposal, question.catalogue.types);
  return (await judge(question, sides.after, now)).results;
}

function outcomesOf(results: readonly Result[], rule: string) {
  const own = results.filter((result) => result.rule === rule && result.resource !== undefined);
  return Object.fromEntries(own.map(({ resource, outcome }) => [resource?.id ?? '', outcome]));
}

const clear = { 'aws_security_group.new': 'pass', [literal]: 'not-applicable', 'sg-0aaa0000000000002': 'fail' };
const open = { 'aws_security_group.new': 'pass', [literal]: 'unknown', 'sg-0aaa0000000000002': 'fail' };

describe('a new bastion that wears a new group', () => {
  it.each<[string, string | undefined, object]>([
    ['and, as its files show, no other one', '[aws_security_group.new.id]', clear],
    ['and another one that is written as a text', `[aws_security_group.new.id, "${literal}"]`, open],
    ['and another one by a function', `concat([aws_security_group.new.id], ["${literal}"])`, open],
    ['and perhaps others, which no file tells', undefined, open],
  ])('%s', async (_, expression, expected) => {
    const results = await resultsOf(one, expression);
    expect(outcomesOf(results, restricted)).toMatchObject(expected);
  });

  it('says what would settle it', async () => {
    const results = await resultsOf(one);
    const own = results.find(({ rule, resource }) => rule === restricted && resource?.id === literal);
    expect(JSON.stringify(own)).toContain(
      'it may hold more than aws_security_group.new: the plan names references only; give --source FOLDER',
    );
  });

  it('makes nothing unknown of others but groups that it may wear', async () => {
    const was = new Map(live.results.map(({ rule, resource, outcome }) => [`${rule} ${resource?.id}`, outcome]));
    const changed = (await resultsOf(one)).filter(
      ({ rule, resource, outcome }) => outcome === 'unknown' && was.get(`${rule} ${resource?.id}`) !== 'unknown',
    );
    const others = changed.flatMap(({ rule, resource }) => (resource?.id === bastion ? [] : `${rule} ${resource?.id}`));
    expect(others).toEqual([`${restricted} ${literal}`, `sg-egress-restricted ${literal}`]);
  });
});

describe('a bastion that is there', () => {
  const id = 'i-0aaa0000000000001';
  const state = {
    ami: 'ami-0123456789abcdef0',
    instance_type: 't4g.nano',
    tags: { Name: 'kept', Role: 'bastion' },
    id,
    arn: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}`,
    primary_network_interface_id: 'eni-0aaa0000000000001',
    instance_state: 'running',
  };
  const old = 'sg-0aaa0000000000001';
  const moved = worn(toNew);
  const changes = {
    'aws_security_group.new': group('new'),
    [bastion]: {
      ...moved,
      actions: ['update'],
      before: { ...state, vpc_security_group_ids: [old] },
      after: state,
      unknown: { vpc_security_group_ids: true },
    },
  };

  it.each<[string, string | undefined, object]>([
    [
      'leaves its old group for a new one',
      '[aws_security_group.new.id]',
      { [old]: 'not-applicable', [literal]: 'not-applicable' },
    ],
    ['may keep its old group, where no file tells', undefined, { [old]: 'unknown', [literal]: 'unknown' }],
  ])('%s', async (_, expression, expected) => {
    const outcomes = outcomesOf(await resultsOf(changes, expression), restricted);
    expect(outcomes).toMatchObject({ 'aws_security_group.new': 'pass', ...expected });
  });
});

describe('a new bastion that wears two new groups', () => {
  const both = { 'aws_security_group.new': 'pass', 'aws_security_group.other': 'pass', [literal]: 'not-applicable' };
  const perhaps = { 'aws_security_group.new': 'unknown', 'aws_security_group.other': 'unknown', [literal]: 'unknown' };
  const [first, second] = ['aws_security_group.new.id', 'aws_security_group.other.id'];
  it.each<[string, string | undefined, object]>([
    ['as its files show', `[\n    ${first}, # new\n    ${second},\n  ]`, both],
    ['or one of them', `coalescelist([${first}], [${second}])`, perhaps],
    ['or others', undefined, perhaps],
  ])('%s', async (_, expression, expected) => {
    expect(outcomesOf(await resultsOf(two, expression), restricted)).toMatchObject(expected);
  });
});

describe('a folder of sources', () => {
  it.each(['nowhere', 'plan.json'])('that is none is a mistake: %s', async (source) => {
    const cwd = await mkdtemp(join(temp, 'run-'));
    await writeFile(join(cwd, 'plan.json'), planOf(one));
    const known = { catalogue: question.catalogue, now, live: live.snapshot.manifest };
    const read = readProposal(['plan.json'], { source }, { ...quietIo(), cwd }, known);
    await expect(read).rejects.toThrow(ProvisoError);
    await expect(read).rejects.toMatchObject({ message: `--source ${source} is no folder`, code: 'usage' });
  });
});
