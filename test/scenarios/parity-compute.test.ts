import { describeParity, type Parity } from './parity.ts';

const nameTag = ({ properties }: { readonly properties: object }): string => {
  const { Tags, Name } = properties as { readonly Tags?: readonly { Key?: string; Value?: string }[]; Name?: unknown };
  const tag = Array.isArray(Tags) ? Tags.find(({ Key }) => Key === 'Name') : undefined;
  return String(tag?.Value ?? Name);
};

const worn = (group: string) => [{ Attachment: { DeviceIndex: 0 }, Groups: [{ GroupId: group }] }];
const rules = { 'bastion-disabled-by-default': 'pass', 'bastion-ssh-password-login-disabled': 'pass' } as const;
const none = {
  'bastion-disabled-by-default': 'not-applicable',
  'bastion-ssh-password-login-disabled': 'not-applicable',
} as const;

const instances: Parity = {
  type: 'AWS::EC2::Instance',
  folder: 'ec2-instance',
  nameOf: nameTag,
  resources: {
    kept: {
      properties: {
        InstanceId: '<self>',
        ImageId: 'ami-0123456789abcdef0',
        InstanceType: 't4g.nano',
        State: { Name: 'running' },
        MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
        NetworkInterfaces: [{ Attachment: { DeviceIndex: 0 } }],
        Tags: [
          { Key: 'Name', Value: 'kept' },
          { Key: 'Role', Value: 'bastion' },
        ],
      },
      verdicts: rules,
    },
    broken: {
      properties: { State: { Name: 'running' }, NetworkInterfaces: [{ Attachment: { DeviceIndex: 0 } }] },
      verdicts: { 'bastion-disabled-by-default': 'fail', 'bastion-ssh-password-login-disabled': 'fail' },
      // It would be on since it is deployed, and nobody has asked its sshd.
      declared: { 'bastion-disabled-by-default': 'pass', 'bastion-ssh-password-login-disabled': 'unknown' },
    },
    web: {
      properties: {
        NetworkInterfaces: worn('sg-0123456789abcdef0'),
        SecurityGroups: [{ GroupId: 'sg-0123456789abcdef0' }],
      },
      verdicts: none,
    },
  },
  undecided: {
    undecided: { 'bastion-disabled-by-default': 'unknown', 'bastion-ssh-password-login-disabled': 'unknown' },
  },
};

/** The groups of the same fixtures, which are judged by what wears them. */
const wornGroups: Parity = {
  type: 'AWS::EC2::SecurityGroup',
  folder: 'ec2-instance',
  nameOf: ({ properties }) => String(properties.GroupName),
  resources: {
    closed: {
      properties: { IpPermissions: [], IpPermissionsEgress: [{ FromPort: 443, ToPort: 443 }] },
      verdicts: {
        'bastion-ingress-restricted': 'pass',
        'sg-default-restricts-all': 'not-applicable',
        'sg-egress-restricted': 'pass',
        'sg-no-public-all-traffic': 'pass',
        'sg-no-public-high-risk-ports': 'pass',
        'sg-no-public-ssh': 'pass',
      },
    },
    open: {
      properties: { IpPermissions: [{ FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
      verdicts: {
        'bastion-ingress-restricted': 'fail',
        'sg-default-restricts-all': 'not-applicable',
        'sg-egress-restricted': 'pass',
        'sg-no-public-all-traffic': 'pass',
        'sg-no-public-high-risk-ports': 'pass',
        'sg-no-public-ssh': 'fail',
      },
    },
  },
  undecided: {},
};

const volumes: Parity = {
  type: 'AWS::EC2::Volume',
  folder: 'ec2-volume',
  nameOf: nameTag,
  resources: {
    kept: {
      properties: { VolumeId: '<self>', Encrypted: true, Size: 40, VolumeType: 'gp3', MultiAttachEnabled: false },
      verdicts: {},
    },
    // Whether it is encrypted hangs on the default of the account, whatever is written.
    broken: { properties: { Size: 8, VolumeType: 'gp2', AvailabilityZone: 'eu-west-1a' }, verdicts: {} },
  },
  undecided: { undecided: {} },
};

const snapshots: Parity = {
  type: 'AWS::EC2::Snapshot',
  folder: 'ec2-snapshot',
  nameOf: nameTag,
  resources: {
    kept: {
      properties: { SnapshotId: '<self>', OwnerId: '111122223333', State: 'completed', StorageTier: 'standard' },
      verdicts: { 'ec2-snapshot-max-age': 'pass' },
      // A plan does not tell which images boot from it.
      declared: { 'ec2-snapshot-max-age': 'unknown' },
    },
    held: {
      properties: { Tags: [{ Key: 'LegalHold', Value: 'case 7' }, { Key: 'Name' }] },
      verdicts: { 'ec2-snapshot-max-age': 'not-applicable' },
    },
    dated: {
      properties: { TransferType: 'standard', Tags: [{ Key: 'Name' }, { Key: 'OriginalStartTime' }] },
      verdicts: { 'ec2-snapshot-max-age': 'pass' },
      declared: { 'ec2-snapshot-max-age': 'unknown' },
    },
    broken: {
      properties: { TransferType: 'standard' },
      verdicts: { 'ec2-snapshot-max-age': 'fail' },
      declared: { 'ec2-snapshot-max-age': 'unknown' },
    },
  },
  undecided: { undecided: { 'ec2-snapshot-max-age': 'unknown' } },
};

const images: Parity = {
  type: 'AWS::EC2::Image',
  folder: 'ec2-image',
  nameOf: ({ properties }) => String(properties.Name),
  resources: {
    kept: {
      properties: {
        ImageId: '<self>',
        State: 'available',
        OwnerId: '111122223333',
        RootDeviceName: '/dev/xvda',
        RootSnapshotId: 'snap-0123456789abcdef0',
        Tags: [{ Key: 'Name', Value: 'kept' }],
      },
      verdicts: {},
    },
    broken: { properties: { DeprecationTime: '2027-11-01T00:00:00Z', Tags: [] }, verdicts: {} },
  },
  undecided: { undecided: {} },
};

const groups: Parity = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  folder: 'auto-scaling-auto-scaling-group',
  nameOf: ({ properties }) => String(properties.AutoScalingGroupName),
  resources: {
    kept: {
      properties: {
        AutoScalingGroupName: '<self>',
        MinSize: 0,
        MaxSize: 1,
        DesiredCapacity: 0,
        LoadBalancerNames: [],
        TargetGroupARNs: [],
        Tags: [{ Key: 'Role', Value: 'bastion', PropagateAtLaunch: true, ResourceType: 'auto-scaling-group' }],
      },
      verdicts: {},
    },
    broken: {
      properties: {
        MinSize: 1,
        MaxSize: 3,
        DesiredCapacity: 2,
        Tags: [{ Key: 'Role', Value: 'bastion', PropagateAtLaunch: false }],
      },
      verdicts: {},
    },
  },
  undecided: { undecided: {} },
};

describeParity([instances, wornGroups, volumes, snapshots, images, groups]);
