import type { ResourceType } from '../model/resource-type.ts';

const here = { from: 'RegionName', match: '@region' } as const;

export const resourceType: ResourceType = {
  type: 'AWS::Account::Region',
  noun: 'region of the account',
  invented:
    'A region that AWS offers to the account, switched on or off. Its relations lead to what lies there, and to "not known" where nobody looked.',
  reach: 'global',
  id: 'RegionName',
  name: 'RegionName',
  always: ['RegionName', 'OptInStatus'],
  listing: {
    call: { service: 'ec2', operation: 'DescribeRegions', input: { AllRegions: true } },
    items: 'Regions[]',
  },
  relations: {
    instances: { to: 'AWS::EC2::Instance', ...here },
    volumes: { to: 'AWS::EC2::Volume', ...here },
    snapshots: { to: 'AWS::EC2::Snapshot', ...here },
    databases: { to: 'AWS::RDS::DBInstance', ...here },
    databaseSnapshots: { to: 'AWS::RDS::DBSnapshot', ...here },
    databaseClusterSnapshots: { to: 'AWS::RDS::DBClusterSnapshot', ...here },
    buckets: { to: 'AWS::S3::Bucket', ...here },
    backupVaults: { to: 'AWS::Backup::BackupVault', ...here },
    taggedResources: { to: 'AWS::ResourceGroups::TaggedResource', ...here },
  },
};
