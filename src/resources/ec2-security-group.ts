import type { ResourceType } from '../model/resource-type.ts';

/** The members that EC2 writes into every permission, be they empty or not. */
const permission = [
  '[].IpProtocol',
  '[].IpRanges',
  '[].IpRanges[].CidrIp',
  '[].Ipv6Ranges',
  '[].Ipv6Ranges[].CidrIpv6',
  '[].PrefixListIds',
  '[].PrefixListIds[].PrefixListId',
  '[].UserIdGroupPairs',
  '[].UserIdGroupPairs[].GroupId',
];

export const resourceType: ResourceType = {
  type: 'AWS::EC2::SecurityGroup',
  noun: 'security group',
  reach: 'region',
  id: 'GroupId',
  name: 'GroupName',
  arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{GroupId}',
  tags: 'Tags',
  always: [
    'GroupId',
    'GroupName',
    'Description',
    'OwnerId',
    'VpcId',
    'IpPermissions',
    ...permission.map((path) => `IpPermissions${path}`),
    'IpPermissionsEgress',
    ...permission.map((path) => `IpPermissionsEgress${path}`),
    'PrefixLists',
    'PrefixLists[].PrefixListId',
    'PrefixLists[].Entries',
    'PrefixLists[].Entries[].Cidr',
  ],
  listing: {
    call: { service: 'ec2', operation: 'DescribeSecurityGroups', pageSize: 1000 },
    items: 'SecurityGroups[]',
  },
  groups: {
    PrefixLists: {
      call: {
        service: 'ec2',
        operation: 'GetManagedPrefixListEntries',
        input: { PrefixListId: { from: '@each' } },
        pageSize: 100,
      },
      forEach: ['IpPermissions[].PrefixListIds[].PrefixListId', 'IpPermissionsEgress[].PrefixListIds[].PrefixListId'],
      value: 'Entries[]',
    },
  },
  relations: {
    instances: { to: 'AWS::EC2::Instance', from: 'GroupId', match: 'NetworkInterfaces[].Groups[].GroupId' },
  },
};
