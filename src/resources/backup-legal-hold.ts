import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::Backup::LegalHold',
  noun: 'legal hold',
  invented: 'A hold of AWS Backup that keeps recovery points from being deleted, with the points that it keeps.',
  reach: 'region',
  id: 'LegalHoldId',
  name: 'Title',
  arn: 'LegalHoldArn',
  always: ['LegalHoldId', 'LegalHoldArn', 'Status', 'RecoveryPoints', 'RecoveryPoints[].RecoveryPointArn'],
  listing: {
    call: { service: 'backup', operation: 'ListLegalHolds', pageSize: 1000 },
    items: 'LegalHolds[]',
  },
  groups: {
    RecoveryPoints: {
      call: {
        service: 'backup',
        operation: 'ListRecoveryPointsByLegalHold',
        input: { LegalHoldId: { from: 'LegalHoldId' } },
        pageSize: 1000,
      },
      value: 'RecoveryPoints[]',
    },
  },
};
