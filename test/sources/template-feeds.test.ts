import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChangeSet, readTemplate } from '../../src/sources/cloudformation.ts';
import { known } from './proposed.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-feeds-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

type Properties = Readonly<Record<string, unknown>>;

const other = { Type: 'AWS::SNS::Topic' };

function templateOf(type: string, properties: Properties | undefined): string {
  const one = properties === undefined ? {} : { One: { Type: type, Properties: properties } };
  return JSON.stringify({ Parameters: { Open: { Type: 'String' } }, Resources: { Other: other, ...one } });
}

const unread = (doubts: readonly { readonly code: string; readonly detail: string }[]) =>
  doubts.filter(({ code }) => code === 'unread').map(({ detail }) => detail);

/** What is in doubt where one resource was as it was, and is as it will be; undefined where it is not there. */
async function doubtsOf(type: string, was: Properties | undefined, will: Properties | undefined) {
  const previous = join(folder, 'previous.json');
  await writeFile(previous, templateOf(type, was));
  const proposal = await readTemplate(Buffer.from(templateOf(type, will)), 'next.json', {
    ...(await known()),
    previous,
  });
  return unread(proposal.doubts);
}

async function doubtsAlone(type: string, properties: Properties) {
  return unread((await readTemplate(Buffer.from(templateOf(type, properties)), 'next.json', await known())).doubts);
}

const [a, b] = [{ Name: 'a' }, { Name: 'b' }];
const open = 'what security groups open';
const start = 'what servers are started from';
const born = 'which security groups there are';
const said = (changes: string) => `One changes ${changes}, and that is not judged`;

describe('what a template declares, is not read, and feeds what is judged', () => {
  test.each<[string, Properties | undefined, Properties | undefined, string]>([
    ['AWS::EC2::PrefixList', a, b, open],
    ['AWS::EC2::PrefixList', a, undefined, open],
    ['AWS::EC2::PrefixList', a, { Name: { Ref: 'Open' } }, open],
    ['AWS::EC2::LaunchTemplate', a, b, start],
    ['AWS::AutoScaling::LaunchConfiguration', a, undefined, start],
    ['AWS::EC2::SpotFleet', undefined, a, 'which servers run'],
    ['AWS::EKS::Nodegroup', a, b, 'which servers run, and in which security groups'],
    ['AWS::EC2::VPC', undefined, a, born],
    ['AWS::EKS::Cluster', undefined, a, born],
    ['AWS::ServiceCatalog::CloudFormationProvisionedProduct', a, b, 'what stacks declare'],
  ])('%s is a doubt where it changes from %j to %j', async (type, was, will, changes) => {
    expect(await doubtsOf(type, was, will)).toEqual([said(changes)]);
  });

  test.each<[string, Properties | undefined, Properties | undefined]>([
    ['AWS::EC2::PrefixList', a, a],
    ['AWS::EC2::PrefixList', undefined, a],
    ['AWS::EC2::LaunchTemplate', undefined, a],
    ['AWS::EC2::VPC', a, b],
    ['AWS::EC2::VPC', a, undefined],
    ['AWS::EKS::Nodegroup', a, a],
    ['AWS::Logs::LogGroup', a, b],
  ])('%s is none from %j to %j', async (type, was, will) => {
    expect(await doubtsOf(type, was, will)).toEqual([]);
  });

  test.each([
    ['AWS::EC2::PrefixList', open],
    ['AWS::EC2::LaunchTemplate', start],
    ['AWS::EC2::VPC', born],
  ])('%s is a doubt where nobody knows what there was', async (type, changes) => {
    expect(await doubtsAlone(type, a)).toEqual([said(changes)]);
  });

  test('a stack set is told of once, as what is not expanded', async () => {
    const template = Buffer.from(templateOf('AWS::CloudFormation::StackSet', a));
    const { doubts } = await readTemplate(template, 'next.json', await known());
    expect(doubts.map(({ code }) => code)).toEqual(['unexpanded']);
  });
});

describe('the servers that an Auto Scaling group of a template starts', () => {
  const type = 'AWS::AutoScaling::AutoScalingGroup';
  const version = (Version: string) => ({ LaunchTemplate: { LaunchTemplateName: 'web', Version } });
  const values = { MinSize: '0', MaxSize: '2', ...version('1') };
  const none = { ...values, MaxSize: '0' };

  test.each<[string, Properties | undefined, Properties | undefined, boolean]>([
    ['of a new one', undefined, values, true],
    ['of a new one that may start none', undefined, none, false],
    ['from another template', values, { ...values, ...version('2') }, true],
    ['from a template that is not known', values, { ...values, LaunchTemplate: { Ref: 'Open' } }, true],
    ['with other tags', values, { ...values, Tags: [{ Key: 'Role', Value: 'web', PropagateAtLaunch: true }] }, true],
    ['where there could be none before', none, values, true],
    ['more of the same', values, { ...values, MaxSize: '9' }, false],
    ['no longer', values, undefined, false],
  ])('%s', async (_, was, will, isDoubt) => {
    expect(await doubtsOf(type, was, will)).toEqual(isDoubt ? [said('which servers are started')] : []);
  });
});

describe('a change set', () => {
  async function doubts(change: Readonly<Record<string, unknown>>) {
    const file = join(folder, 'set.json');
    const id = 'arn:aws:cloudformation:eu-west-1:111122223333:changeSet/a/1';
    const ResourceChange = { LogicalResourceId: 'One', Details: [], ...change };
    const set = { ChangeSetId: id, Status: 'CREATE_COMPLETE', Changes: [{ Type: 'Resource', ResourceChange }] };
    await writeFile(file, JSON.stringify(set));
    return unread((await openChangeSet(file, await known())).doubts);
  }
  const context = (properties: Properties) => JSON.stringify({ Properties: properties });
  const both = { BeforeContext: context(a), AfterContext: context(b) };

  test.each<[string, string, string, object, string | undefined]>([
    ['changes what is bound', 'AWS::EC2::PrefixList', 'Modify', both, open],
    ['removes it', 'AWS::EC2::PrefixList', 'Remove', { BeforeContext: context(a) }, open],
    ['decides about it later', 'AWS::EC2::PrefixList', 'Dynamic', both, open],
    ['adds it', 'AWS::EC2::PrefixList', 'Add', { AfterContext: context(a) }, undefined],
    ['imports it', 'AWS::EC2::PrefixList', 'Import', { AfterContext: context(a) }, undefined],
    ['adds a network', 'AWS::EC2::VPC', 'Add', { AfterContext: context(a) }, born],
    ['changes a stack set', 'AWS::CloudFormation::StackSet', 'Modify', both, 'what stacks declare'],
    ['tells nothing of a group', 'AWS::AutoScaling::AutoScalingGroup', 'Modify', {}, 'which servers are started'],
    ['leaves what a group starts', 'AWS::AutoScaling::AutoScalingGroup', 'Modify', both, undefined],
  ])('that %s', async (_, ResourceType, Action, more, changes) => {
    expect(await doubts({ ResourceType, Action, ...more })).toEqual(changes === undefined ? [] : [said(changes)]);
  });
});
