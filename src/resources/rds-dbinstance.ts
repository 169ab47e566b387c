import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::RDS::DBInstance',
  noun: 'database instance',
  reach: 'region',
  id: 'DBInstanceIdentifier',
  name: 'DBInstanceIdentifier',
  arn: 'DBInstanceArn',
  tags: 'TagList',
  always: ['DBInstanceIdentifier', 'DBInstanceArn', 'DBInstanceStatus', 'Engine', 'TagList[].Key', 'TagList[].Value'],
  listing: { call: { service: 'rds', operation: 'DescribeDBInstances', pageSize: 100 }, items: 'DBInstances[]' },
};
