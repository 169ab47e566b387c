import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatArn, parseArn } from '../../src/model/arn.ts';

const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
const maybe = fc.oneof(fc.constant(''), word);

describe('an ARN', () => {
  test('written and read again is the same', () => {
    const resource = fc.stringMatching(/^[a-zA-Z0-9:/*_.-]{1,40}$/);
    const arn = fc.record({ partition: word, service: word, region: maybe, account: maybe, resource });
    fc.assert(
      fc.property(arn, (parts) => {
        expect(parseArn(formatArn(parts))).toEqual(parts);
      }),
    );
  });

  test('read and written again is the same text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^arn(:[a-z]{0,2}){3,8}$/)), (text) => {
        const arn = parseArn(text);
        if (arn !== undefined) expect(formatArn(arn)).toBe(text);
      }),
    );
  });

  test.each([
    ['arn:aws:s3:::acme-logs', { service: 's3', region: '', account: '', resource: 'acme-logs' }],
    ['arn:aws:iam::111122223333:role/app/Deploy', { account: '111122223333', resource: 'role/app/Deploy' }],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', { account: 'aws', resource: 'policy/ReadOnlyAccess' }],
    ['arn:aws:logs:eu-west-1:111122223333:log-group:/acme/web:*', { resource: 'log-group:/acme/web:*' }],
    ['arn:aws-us-gov:sns:us-gov-west-1:111122223333:topic', { partition: 'aws-us-gov', service: 'sns' }],
  ])('%s has its parts', (text, parts) => {
    expect(parseArn(text)).toMatchObject(parts);
  });

  test.each([
    '',
    '*',
    'arn',
    'arn:',
    'arn:::::',
    'arn:aws:s3:::',
    'arn:aws::::x',
    'arn::s3:::x',
    'arn:aws:s3::x',
    'ARN:aws:s3:::x',
    ' arn:aws:s3:::x',
  ])('%j is none', (text) => {
    expect(parseArn(text)).toBeUndefined();
  });
});
