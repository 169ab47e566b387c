import { bornAt } from '../model/declared-additions.ts';
import { chosen } from '../model/declared-policy.ts';
import type { CloudFormationForm, ResourceType } from '../model/resource-type.ts';
import { unknown } from '../model/value.ts';

/** What it holds is a matter of what lies in the vaults, and is not declared. */
const held = unknown('known-after-apply', 'which recovery points it holds is known only when it exists');

const cloudformation: CloudFormationForm = {
  replacement: { always: ['Title', 'Description', 'RecoveryPointSelection'] },
  attributes: { LegalHoldId: 'id' },
  groups: ['RecoveryPoints'],
  born: ['CreationDate', 'RecoveryPoints', 'Status'],
  setBy: { Title: ['Title'], RecoveryPoints: ['RecoveryPointSelection'], Status: ['Title'] },
  properties: (block) => ({
    LegalHoldId: chosen(undefined, 'its id'),
    LegalHoldArn: chosen(undefined, 'its ARN'),
    Title: block.values.Title,
    Description: block.values.Description,
    Status: 'ACTIVE',
    CreationDate: bornAt(block),
    CancellationDate: undefined,
    RecoveryPoints: held,
  }),
};

export const resourceType: ResourceType = {
  type: 'AWS::Backup::LegalHold',
  noun: 'legal hold',
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
  cloudformation,
};
