import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import type { JsonObject } from '../../src/model/value.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';

const account = '111122223333';
const at = '2026-11-24T02:00:00.000Z';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

function afterOf({ changes }: Proposal): ReadonlyMap<string, JsonObject> {
  return new Map(changes.flatMap(({ declared, after }) => (after ? [[declared.address, after.properties]] : [])));
}

function planned(changes: Readonly<Record<string, PlannedChange>>) {
  const options = { ...catalogue, now: Date.parse(at), account };
  return afterOf(readTerraformPlan(planOf(changes), 'plan.json', options));
}

async function templated(resources: string) {
  const options = { ...catalogue, now: Date.parse(at), account, region: 'eu-west-1' };
  return afterOf(await readTemplate(Buffer.from(`Resources:\n${resources}`), 'template.yaml', options));
}

const later = { $unknown: 'known-after-apply' };
const untold = { $unknown: 'not-collected' };
const web = 'aws_instance.web';
const newInstance = {
  after: {
    ami: 'ami-1',
    instance_type: 't4g.nano',
    launch_template: [],
    tags: { Role: 'web' },
    tags_all: { Role: 'web' },
  },
  unknown: {
    id: true,
    key_name: true,
    security_groups: true,
    vpc_security_group_ids: true,
    network_interface: true,
    primary_network_interface_id: true,
    instance_state: true,
    metadata_options: true,
  },
  written: { ami: [], instance_type: [], tags: [] },
};
const group = (name: string): PlannedChange => ({
  after: { name, ingress: [], egress: [] },
  unknown: { id: true, tags_all: true },
});
const refersTo = (address: string, attribute = 'id') => [`${address}.${attribute}`, address];

describe('a planned instance', () => {
  test('without a word about groups has those that EC2 gives it', () => {
    const properties = planned({ [web]: newInstance }).get(web);
    expect(properties).toMatchObject({
      LaunchTime: expect.stringMatching(/^2026-11-24T0[12]:/),
      State: { Name: 'running' },
      NetworkInterfaces: [{ Attachment: { DeviceIndex: 0 }, Groups: later }],
      SecurityGroups: later,
      MetadataOptions: later,
      Tags: [{ Key: 'Role', Value: 'web' }],
    });
    expect(properties).not.toHaveProperty('KeyName');
  });

  test('has the group that another resource gives to its first interface', () => {
    const records = planned({
      [web]: { ...newInstance, after: { ...newInstance.after, vpc_security_group_ids: ['sg-1'] }, unknown: {} },
      'aws_security_group.open': group('open'),
      'aws_network_interface_sg_attachment.more': {
        after: {},
        unknown: { security_group_id: true, network_interface_id: true },
        written: {
          security_group_id: refersTo('aws_security_group.open'),
          network_interface_id: refersTo(web, 'primary_network_interface_id'),
        },
      },
    });
    expect(records.get(web)?.SecurityGroups).toMatchObject([
      { GroupId: 'sg-1' },
      { GroupId: 'aws_security_group.open' },
    ]);
    expect(records.get(web)?.NetworkInterfaces).toHaveLength(2);
  });

  test('that exists has the group by the id of its first interface, and may have others', () => {
    const state = {
      id: 'i-0aaa0000000000001',
      primary_network_interface_id: 'eni-0aaa0000000000001',
      vpc_security_group_ids: ['sg-1'],
      instance_state: 'stopped',
      tags_all: {},
      launch_template: [],
    };
    const records = planned({
      [web]: { actions: ['no-op'], before: state, after: state },
      'aws_network_interface_sg_attachment.more': {
        after: { security_group_id: 'sg-2', network_interface_id: 'eni-0aaa0000000000001' },
      },
    });
    expect(records.get(web)).toMatchObject({
      LaunchTime: untold,
      State: { Name: 'stopped' },
      NetworkInterfaces: [{ Groups: [{ GroupId: 'sg-1' }] }, { Groups: [{ GroupId: 'sg-2' }] }, untold],
    });
  });

  test.each<[string, object, object]>([
    ['has an interface that names it', { instance: 'i-0aaa0000000000001', device_index: 1 }, { GroupId: 'sg-9' }],
    ['has nothing of one that names another', { instance: 'i-0bbb0000000000002', device_index: 1 }, untold],
    ['is undecided about one that names nobody yet', { device_index: 1 }, later],
  ])('%s', (_, attachment, last) => {
    const state = { id: 'i-0aaa0000000000001', vpc_security_group_ids: ['sg-1'], tags_all: {}, launch_template: [] };
    const records = planned({
      [web]: { actions: ['no-op'], before: state, after: state },
      'aws_network_interface.more': {
        after: { attachment: [attachment], security_groups: ['sg-9'] },
        unknown: { id: true, ...('instance' in attachment ? {} : { attachment: [{ instance: true }] }) },
        written: { attachment: [web], security_groups: [] },
      },
    });
    const interfaces = records.get(web)?.NetworkInterfaces as readonly { readonly Groups?: readonly object[] }[];
    const items = interfaces.slice(1).flatMap((item) => ('Groups' in item ? item.Groups : [item]));
    expect(items[0]).toMatchObject(last);
  });

  test('has the groups of an interface that is declared by itself and put into it', () => {
    const [id, eni] = ['i-0aaa0000000000001', 'eni-0aaa0000000000009'];
    const state = {
      id,
      network_interface: [{ network_interface_id: eni, device_index: 0 }],
      tags_all: {},
      launch_template: [],
    };
    const own = { id: eni, security_groups: ['sg-9'], attachment: [{ instance: id, device_index: 0 }] };
    const records = planned({
      [web]: { actions: ['no-op'], before: state, after: state },
      'aws_network_interface.own': { actions: ['no-op'], before: own, after: own },
    });
    expect(records.get(web)).toMatchObject({
      SecurityGroups: [{ GroupId: 'sg-9' }],
      NetworkInterfaces: [{ NetworkInterfaceId: eni, Groups: [{ GroupId: 'sg-9' }] }, untold],
    });
    expect([...records.keys()]).toEqual([web]);
  });

  test('that is told by names of groups has groups of which nobody knows whose they are', () => {
    const names = { ...newInstance.after, security_groups: ['web'] };
    const records = planned({ [web]: { ...newInstance, after: names, unknown: { vpc_security_group_ids: true } } });
    expect(records.get(web)?.SecurityGroups).toMatchObject([untold]);
  });

  test.each<[string, object, object]>([
    ['the number of a launch template', [{ id: 'lt-1', version: '1' }], untold],
    ['no launch template', [], { Key: 'Role', Value: 'web' }],
  ])('with %s has tags that say so', (_, launch_template, last) => {
    const records = planned({ [web]: { ...newInstance, after: { ...newInstance.after, launch_template } } });
    expect([records.get(web)?.Tags].flat().at(-1)).toMatchObject(last);
  });

  test('is tagged by a resource of its own, and a subnet is none', () => {
    const tag = (resource_id: string) => ({ after: { resource_id, key: 'Role', value: 'bastion' } });
    const state = { id: 'i-0aaa0000000000001', tags_all: {}, launch_template: [] };
    const records = planned({
      [web]: { actions: ['no-op'], before: state, after: state },
      'aws_ec2_tag.one': tag('i-0aaa0000000000001'),
      'aws_ec2_tag.two': tag('subnet-0aaa0000000000001'),
    });
    expect(records.get(web)?.Tags).toMatchObject([{ Key: 'Role', Value: 'bastion' }]);
    expect([...records.keys()]).toEqual([web]);
  });

  test('with an image by the name of a parameter has one that is not known yet', () => {
    const ami = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
    const records = planned({ [web]: { ...newInstance, after: { ...newInstance.after, ami } } });
    expect(records.get(web)?.ImageId).toMatchObject(later);
  });
});

describe('an instance of a template', () => {
  test('has the groups of all its interfaces, those that are attached elsewhere among them', async () => {
    const records = await templated(`
  Open: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: open } }
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      NetworkInterfaces:
        - { DeviceIndex: "0", GroupSet: [sg-1, !Ref Open] }
        - { DeviceIndex: 1, NetworkInterfaceId: eni-1 }
  More:
    Type: AWS::EC2::NetworkInterfaceAttachment
    Properties: { InstanceId: !Ref Web, NetworkInterfaceId: eni-2, DeviceIndex: "2" }
`);
    expect(records.get('Web')).toMatchObject({
      SecurityGroups: [{ GroupId: 'sg-1' }, { GroupId: 'Open' }],
      NetworkInterfaces: [
        { Attachment: { DeviceIndex: 0 }, Groups: [{ GroupId: 'sg-1' }, { GroupId: 'Open' }] },
        { Attachment: { DeviceIndex: 1 }, NetworkInterfaceId: 'eni-1', Groups: untold },
        { Attachment: { DeviceIndex: 2 }, NetworkInterfaceId: 'eni-2', Groups: untold },
      ],
    });
  });

  test.each<[string, object]>([
    ['SecurityGroups: [default]', [untold]],
    ['InstanceType: t4g.nano', later],
    ['LaunchTemplate: { LaunchTemplateName: any, Version: "1" }', untold],
  ])('with { %s } has groups that are not known', async (properties, expected) => {
    const records = await templated(`  Web: { Type: AWS::EC2::Instance, Properties: { ${properties} } }\n`);
    expect(records.get('Web')?.SecurityGroups).toMatchObject(expected);
  });
});

describe('a volume', () => {
  test.each<[object, object, boolean | object]>([
    [{ encrypted: true }, {}, true],
    [{ encrypted: false }, {}, later],
    [{}, { encrypted: true }, later],
  ])('that is planned with %o and %o open is encrypted: %o', (after, unknown, expected) => {
    const volume = 'aws_ebs_volume.data';
    const written = Object.fromEntries(Object.keys(after).map((name) => [name, []]));
    const records = planned({ [volume]: { after, unknown: { ...unknown, id: true, snapshot_id: true }, written } });
    const properties = records.get(volume);
    expect({ is: properties?.Encrypted }).toMatchObject({ is: expected });
    expect(properties).not.toHaveProperty('SnapshotId');
  });
});

describe('an image', () => {
  const image = 'aws_ami.web';
  const device = (device_name: string, snapshot_id: string) => ({ device_name, snapshot_id });

  test.each<[string, object, object, unknown]>([
    [
      'its root device',
      { root_device_name: '/dev/xvda', ebs_block_device: [device('/dev/xvda', 'snap-1')] },
      {},
      'snap-1',
    ],
    [
      'another device',
      { root_device_name: '/dev/xvda', ebs_block_device: [device('/dev/xvdb', 'snap-1')] },
      {},
      undefined,
    ],
    ['no root device', { root_device_name: null, ebs_block_device: [device('/dev/xvda', 'snap-1')] }, {}, undefined],
    [
      'a device that is not known yet',
      { root_device_name: '/dev/xvda', ebs_block_device: [{ snapshot_id: 'snap-1' }, device('/dev/xvda', 'snap-2')] },
      { ebs_block_device: [{ device_name: true }] },
      later,
    ],
    ['devices that nobody knows', { root_device_name: '/dev/xvda' }, { ebs_block_device: true }, later],
  ])('with the snapshot of %s boots from what it says', (_, after, unknown, expected) => {
    const records = planned({ [image]: { after: { name: 'web', ...after }, unknown: { id: true, ...unknown } } });
    const found = records.get(image)?.RootSnapshotId;
    if (typeof expected === 'object') expect(found).toMatchObject(expected as object);
    else expect(found).toBe(expected);
  });
});

describe('an Auto Scaling group', () => {
  const name = 'aws_autoscaling_group.web';
  const base = { name: 'web', min_size: 1, max_size: 2, tag: [], launch_template: [{ id: 'unknown', name: 'old' }] };

  test('has the tags of either style, and those of resources of their own', () => {
    const records = planned({
      [name]: {
        after: {
          ...base,
          tag: [{ key: 'A', value: 'a', propagate_at_launch: true }],
          tags: [{ key: 'B', value: 'b', propagate_at_launch: 'true' }],
        },
        unknown: { arn: true, id: true },
      },
      'aws_autoscaling_group_tag.more': {
        after: { autoscaling_group_name: 'web', tag: [{ key: 'C', value: 'c', propagate_at_launch: false }] },
      },
      'aws_autoscaling_group_tag.gone': {
        actions: ['delete'],
        before: { autoscaling_group_name: 'web', tag: [{ key: 'D', value: 'd', propagate_at_launch: true }] },
      },
    });
    expect(records.get(name)).toMatchObject({
      Tags: [
        { Key: 'A', PropagateAtLaunch: true },
        { Key: 'B', PropagateAtLaunch: true },
        { Key: 'C', PropagateAtLaunch: false },
      ],
      LaunchTemplate: { LaunchTemplateId: later, LaunchTemplateName: 'old' },
    });
  });

  test('with blocks that are not known yet has tags that are not', () => {
    const { tag: _, ...rest } = base;
    const records = planned({ [name]: { after: rest, unknown: { tag: true, arn: true, id: true } } });
    expect(records.get(name)?.Tags).toMatchObject([later]);
  });
});
