import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Proposal } from '../../src/model/proposal.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { shippedQuestion } from '../scenarios/audited.ts';
import { gateProposal, live, region, said, snapshotOf } from '../scenarios/overlaid.ts';
import { changeAt, known, openings, propertiesAt } from './proposed.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-replacement-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const place = { account: '111122223333', region, stack: 'web' };

/** What a template would do where another one is deployed. */
async function change(deployed: object, next: object, parameters: Record<string, string> = {}): Promise<Proposal> {
  const previous = join(folder, 'previous.json');
  const head = { Parameters: { Value: { Type: 'String', Default: 'a' } } };
  await writeFile(previous, JSON.stringify({ ...head, Resources: deployed }));
  const text = JSON.stringify({ ...head, Resources: next });
  return readTemplate(Buffer.from(text), 'next.json', { ...(await known()), ...place, previous, parameters });
}

const one = (type: string, Properties: object, more: object = {}) => ({ One: { Type: type, ...more, Properties } });

describe('beside the template that is deployed', () => {
  const group = { GroupDescription: 'web', GroupName: 'web', VpcId: 'vpc-1' };
  const database = { DBInstanceIdentifier: 'main', Engine: 'postgres', StorageEncrypted: false };
  const fleet = { LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' }, MinSize: '0', MaxSize: '1' };
  const replacing = { UpdatePolicy: { AutoScalingReplacingUpdate: { WillReplace: true } } };
  const newer = { LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '2' } };
  type Row = readonly [string, object, object, string, boolean, object?];
  type Whole = [string, object, object, string, boolean, object];
  const rows: Row[] = [
    ['AWS::EC2::SecurityGroup', group, { GroupDescription: 'new' }, 'replace', false],
    ['AWS::EC2::SecurityGroup', group, { GroupName: 'new' }, 'replace', false],
    ['AWS::EC2::SecurityGroup', group, { VpcId: 'vpc-2' }, 'replace', false],
    ['AWS::EC2::SecurityGroup', group, { SecurityGroupIngress: [] }, 'update', false],
    ['AWS::S3::Bucket', { BucketName: 'a' }, { BucketName: 'b' }, 'replace', false],
    ['AWS::S3::Bucket', {}, { BucketName: 'b' }, 'replace', false],
    ['AWS::S3::Bucket', {}, { Tags: [] }, 'update', false],
    ['AWS::Backup::BackupVault', { BackupVaultName: 'a' }, { EncryptionKeyArn: 'arn:aws:kms:::b' }, 'replace', false],
    ['AWS::Backup::BackupPlan', {}, { BackupPlan: {} }, 'update', false],
    ['AWS::IAM::User', { UserName: 'ann' }, { UserName: 'bob' }, 'replace', false],
    ['AWS::IAM::ManagedPolicy', { Description: 'a' }, { Description: 'b' }, 'replace', false],
    ['AWS::RDS::DBInstance', database, { StorageEncrypted: true }, 'replace', false],
    ['AWS::RDS::DBInstance', database, { StorageEncrypted: 'false' }, 'update', false],
    ['AWS::RDS::DBInstance', database, { DBInstanceIdentifier: 'other' }, 'replace', false],
    ['AWS::RDS::DBInstance', database, { Engine: 'mysql' }, 'update', true],
    ['AWS::EC2::Instance', { ImageId: 'ami-1' }, { ImageId: 'ami-2' }, 'replace', false],
    ['AWS::EC2::Instance', { ImageId: 'ami-1' }, { UserData: 'x' }, 'update', true],
    ['AWS::EC2::Volume', { Size: 1 }, { Encrypted: true }, 'update', true],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}, { Scheme: 'internal' }, 'replace', false],
    ['AWS::AutoScaling::AutoScalingGroup', fleet, newer, 'update', false],
    ['AWS::AutoScaling::AutoScalingGroup', fleet, newer, 'update', true, replacing],
  ];
  const whole = rows.map(
    ([type, before, edit, action, isOpen, more = {}]): Whole => [type, before, edit, action, isOpen, more],
  );
  test.each(whole)('%s %j with %j: %s', async (type, before, edit, action, isOpen, more) => {
    const proposal = await change(one(type, before, more), one(type, { ...before, ...edit }, more));
    expect(changeAt(proposal, 'One').action).toBe(action);
    const detail = 'whether One is made anew is decided at deployment; a change set may tell';
    const told = proposal.doubts.filter(({ code }) => code !== 'unread');
    expect(told).toEqual(isOpen ? [{ code: 'deferred', detail }] : []);
  });

  test('what has a value that nobody knows may be made anew', async () => {
    const type = 'AWS::EC2::SecurityGroup';
    const described = (GroupDescription: unknown) => one(type, { GroupDescription });
    const proposal = await change(described({ Ref: 'Value' }), described({ Ref: 'Value' }), { Value: 'b' });
    expect(changeAt(proposal, 'One').action).toBe('update');
    expect(proposal.doubts).toMatchObject([{ code: 'deferred' }]);
  });
});

describe('what refers to something that is made anew', () => {
  const web = (GroupDescription: string) => ({
    Web: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription, SecurityGroupEgress: [] } },
  });
  const rule = {
    Rule: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { GroupId: { Ref: 'Web' }, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' },
    },
  };
  const balancer = (Scheme: string) => ({
    Front: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme } },
    Https: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: { LoadBalancerArn: { Ref: 'Front' }, Port: 443, Protocol: 'HTTPS' },
    },
  });

  test('as a part of it goes to the new one', async () => {
    const proposal = await change({ ...web('a'), ...rule }, { ...web('b'), ...rule });
    const made = changeAt(proposal, 'Web');
    expect(made).toMatchObject({ action: 'replace', before: { id: 'Web (before)' }, after: { id: 'Web' } });
    expect(made.parts.map(({ declared, action }) => [declared.address, action])).toEqual([
      ['Web', 'replace'],
      ['Rule', 'replace'],
    ]);
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['22-22 0.0.0.0/0']);
  });

  test('is made anew where it cannot be changed', async () => {
    const proposal = await change(balancer('internal'), balancer('internet-facing'));
    expect(changeAt(proposal, 'Https')).toMatchObject({ action: 'replace', before: { id: 'Https (before)' } });
  });

  test('refers to the new one in the live account', async () => {
    const tags = (id: string) => [
      { Key: 'aws:cloudformation:stack-name', Value: 'web' },
      { Key: 'aws:cloudformation:logical-id', Value: id },
    ];
    const facts = { GroupId: 'sg-1', GroupName: 'web', Description: 'a', OwnerId: place.account, VpcId: 'vpc-1' };
    const rules = { IpPermissions: [], IpPermissionsEgress: [], Tags: tags('Web') };
    const group = live('AWS::EC2::SecurityGroup', 'sg-1', { ...facts, ...rules }, { PrefixLists: [] });
    const balancerLive = live('AWS::ElasticLoadBalancing::LoadBalancer', 'front', {
      LoadBalancerName: 'front',
      Scheme: 'internal',
      SecurityGroups: ['sg-1'],
    });
    const front = {
      Front: {
        Type: 'AWS::ElasticLoadBalancing::LoadBalancer',
        Properties: { LoadBalancerName: 'front', Scheme: 'internal', SecurityGroups: [{ Ref: 'Web' }], Listeners: [] },
      },
    };
    const question = await shippedQuestion();
    const proposal = await change({ ...web('a'), ...front }, { ...web('b'), ...rule, ...front });
    const gated = await gateProposal(question, proposal, snapshotOf(question, [group, balancerLive]));
    const ids = [...gated.after.values()].filter(({ type }) => type === group.type).map(({ id }) => id);
    expect(ids).toEqual(['Web']);
    expect(gated.after.get(`${balancerLive.type} front`)?.properties.SecurityGroups).toEqual(['Web']);
    expect(said(gated, 'sg-no-public-ssh')).toEqual({ Web: ['fail', 'introduced'] });
  });
});
