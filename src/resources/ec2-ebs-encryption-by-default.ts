import type { ResourceType, TerraformForm } from '../model/resource-type.ts';

const terraform: TerraformForm = {
  main: ['aws_ebs_encryption_by_default'],
  identity: ['id'],
  setBy: { EbsEncryptionByDefault: ['enabled'] },
  properties: ({ values }) => ({ EbsEncryptionByDefault: values.enabled ?? true }),
  // The setting cannot be deleted: the provider switches it off.
  remains: { aws_ebs_encryption_by_default: () => ({ EbsEncryptionByDefault: false }) },
};

export const resourceType: ResourceType = {
  type: 'AWS::EC2::EbsEncryptionByDefault',
  noun: 'default encryption of EBS',
  invented:
    'Whether new EBS volumes, and copies of snapshots, are encrypted where nobody asks for it; there is one setting for each region of an account.',
  reach: 'region',
  id: 'RegionName',
  always: ['RegionName', 'EbsEncryptionByDefault'],
  listing: {
    call: { service: 'ec2', operation: 'GetEbsEncryptionByDefault' },
    items: '',
    inherit: { RegionName: '@region' },
  },
  terraform,
};
