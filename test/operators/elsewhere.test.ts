import { operator } from '../../src/operators/elsewhere.ts';
import { bucket, denied, describeOperator } from './operator-table.ts';

const vault = (region: string, account: string) => `arn:aws:backup:${region}:${account}:backup-vault:acme-copies`;
const beside = vault('eu-west-1', '111122223333');
const abroad = vault('us-west-2', '111122223333');
const foreign = vault('eu-west-1', '444455556666');
const snapshot = 'arn:aws:ec2:eu-west-1::snapshot/snap-0a1';
const nowhere = { resource: { ...bucket({}), account: 'plan', region: 'global' } };

describeOperator(operator, {
  rows: [
    ['account', beside, 'FALSE'],
    ['account', abroad, 'FALSE'],
    ['account', foreign, 'TRUE'],
    ['region', beside, 'FALSE'],
    ['region', abroad, 'TRUE'],
    ['region', foreign, 'FALSE'],
    [['account', 'region'], beside, 'FALSE'],
    [['account', 'region'], abroad, 'TRUE'],
    [['region', 'account'], foreign, 'TRUE'],
    [['account'], abroad, 'FALSE'],
    ['region', vault('eu-west-1-dub-1', '111122223333'), 'UNKNOWN'],
    ['account', '111122223333', 'FALSE'],
    ['account', '444455556666', 'TRUE'],
    ['region', '444455556666', 'UNKNOWN'],
    [['account', 'region'], '444455556666', 'TRUE'],
    [['account', 'region'], '111122223333', 'UNKNOWN'],
    ['account', snapshot, 'UNKNOWN'],
    ['region', snapshot, 'FALSE'],
    [['account', 'region'], snapshot, 'UNKNOWN'],
    ['region', 'arn:aws:s3:::acme-logs', 'UNKNOWN'],
    ['account', vault('us-west-2', '*'), 'UNKNOWN'],
    ['region', vault('*', '111122223333'), 'UNKNOWN'],
    ['account', '11112222333', 'UNKNOWN'],
    ['account', 'amazon', 'UNKNOWN'],
    ['account', 'acme-copies', 'UNKNOWN'],
    ['account', '', 'UNKNOWN'],
    ['account', 444455556666, 'UNKNOWN'],
    ['account', [foreign], 'UNKNOWN'],
    ['account', denied, 'UNKNOWN'],
    ['account', undefined, 'FALSE'],
    ['account', foreign, 'UNKNOWN', nowhere],
    ['region', abroad, 'UNKNOWN', nowhere],
  ],
  words: [
    ['account', 'differs from the resource in account', 'agrees with the resource in account'],
    [
      ['account', 'region'],
      'differs from the resource in account or region',
      'agrees with the resource in account and region',
    ],
    [
      { param: 'separate' },
      "differs from the resource in the policy's separate",
      "agrees with the resource in the policy's separate",
    ],
  ],
  refused: [
    ['partition', "'partition' is neither 'account' nor 'region'"],
    [['account', 'zone'], "'zone' is neither", { at: [1] }],
    [[], 'found an empty list'],
    [5, 'found a number'],
    [null, 'found nothing'],
  ],
});
