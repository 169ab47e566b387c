import { operator } from '../../src/operators/arn.ts';
import { denied, describeOperator } from './operator-table.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd';
const bucketArn = 'arn:aws:s3:::acme-logs';

describeOperator(operator, {
  rows: [
    [{ service: 'kms' }, key, 'TRUE'],
    [{ service: 'km' }, key, 'FALSE'],
    [{ service: 'kms', account: '111122223333' }, key, 'TRUE'],
    [{ service: 'kms', account: '444455556666' }, key, 'FALSE'],
    [{ account: ['444455556666', '111122223333'] }, key, 'TRUE'],
    [{ account: [] }, key, 'FALSE'],
    [{ region: 'eu-*' }, key, 'TRUE'],
    [{ region: 'us-*' }, key, 'FALSE'],
    [{ partition: 'aws-us-gov' }, key, 'FALSE'],
    [{ resource: 'key/*' }, key, 'TRUE'],
    [{ resource: 'key/' }, key, 'FALSE'],
    [{ resource: 'secret:*' }, 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf', 'TRUE'],
    [{ account: '' }, bucketArn, 'TRUE'],
    [{ account: '?*' }, bucketArn, 'FALSE'],
    [{ service: '*' }, undefined, 'FALSE'],
    [{ service: '*' }, '*', 'UNKNOWN'],
    [{ service: '*' }, '111122223333', 'UNKNOWN'],
    [{ service: '*' }, 'arn:aws:s3:::', 'UNKNOWN'],
    [{ service: '*' }, 'arn:aws:s3', 'UNKNOWN'],
    [{ service: '*' }, '', 'UNKNOWN'],
    [{ service: '*' }, 5, 'UNKNOWN'],
    [{ service: '*' }, [key], 'UNKNOWN'],
    [{ service: '*' }, denied, 'UNKNOWN'],
  ],
  words: [
    [
      { account: '111122223333', service: ['kms', 's3'] },
      'is an ARN whose service is like "kms" or "s3" and whose account is like "111122223333"',
      'is not an ARN whose service is like "kms" or "s3" and whose account is like "111122223333"',
    ],
  ],
  refused: [
    [{}, 'at least one of partition, service'],
    [{ acount: '111122223333' }, "'acount' is none of", { at: ['acount'] }],
    [{ account: 111122223333 }, 'write "111122223333" in quotes', { at: ['account'] }],
    [{ account: ['*', 5] }, 'write "5" in quotes', { at: ['account', 1] }],
    ['kms', 'found a string'],
    [null, 'found nothing'],
  ],
});
