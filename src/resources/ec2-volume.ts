import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::EC2::Volume',
  noun: 'EBS volume',
  reach: 'region',
  id: 'VolumeId',
  arn: 'arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}',
  tags: 'Tags',
  always: ['VolumeId', 'State', 'Encrypted', 'CreateTime', 'Tags[].Key', 'Tags[].Value'],
  listing: { call: { service: 'ec2', operation: 'DescribeVolumes', pageSize: 500 }, items: 'Volumes[]' },
};
