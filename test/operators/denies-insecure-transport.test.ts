import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../../src/model/truth.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { operator } from '../../src/operators/denies-insecure-transport.ts';
import { forget } from './arbitrary-json.ts';
import { bucket, denied, describeOperator, now, placeOf, type Row, runAt } from './operator-table.ts';
import { allow, deny, document, statement } from './policy-parts.ts';

const bucketArn = 'arn:aws:s3:::acme-invoices';
const both = [bucketArn, `${bucketArn}/*`];
const plain = { Bool: { 'aws:SecureTransport': 'false' } };
const old = { NumericLessThan: { 's3:TlsVersion': '1.2' } };
const tlsOnly = deny({ Principal: '*', Action: 's3:*', Resource: both, Condition: plain });
const invoices = bucket({ Name: 'acme-invoices' });

function row(statements: Json, answer: Row[2], operand: Json = true): Row {
  return [operand, document(statements), answer, { shape: 'policy', resource: invoices }];
}

function but(members: JsonObject): JsonObject {
  return { ...tlsOnly, ...members };
}

function conditioned(Condition: Json): JsonObject {
  return { ...tlsOnly, Condition };
}

const { Action: _action, ...withoutAction } = tlsOnly;
const { Resource: _resource, ...withoutResource } = tlsOnly;
const { Principal: _principal, ...withoutPrincipal } = tlsOnly;

describeOperator(operator, {
  rows: [
    row(tlsOnly, 'TRUE'),
    row([allow({ Principal: '*', Action: 's3:GetObject', Resource: both }), tlsOnly], 'TRUE'),
    row([], 'FALSE'),
    row(but({ Effect: 'Allow' }), 'FALSE'),
    // Principals.
    row(but({ Principal: { AWS: '*' } }), 'TRUE'),
    row(but({ Principal: { AWS: ['111122223333', '*'] } }), 'TRUE'),
    row(but({ Principal: { AWS: '111122223333' } }), 'FALSE'),
    row(but({ Principal: { Service: 'logging.s3.amazonaws.com' } }), 'FALSE'),
    row({ ...withoutPrincipal, NotPrincipal: { AWS: '111122223333' } }, 'FALSE'),
    row(withoutPrincipal, 'UNKNOWN'),
    // Actions.
    row(but({ Action: ['*'] }), 'TRUE'),
    row(but({ Action: 'S3:*' }), 'TRUE'),
    row(but({ Action: ['s3:GetObject', 's3:*'] }), 'TRUE'),
    row(but({ Action: 's3:GetObject' }), 'FALSE'),
    row(but({ Action: ['s3:Get*', 's3:Put*', 's3:Delete*', 's3:List*'] }), 'FALSE'),
    row(but({ Action: 'ec2:*' }), 'FALSE'),
    row({ ...withoutAction, NotAction: 'ec2:*' }, 'TRUE'),
    row({ ...withoutAction, NotAction: 's3:GetObject' }, 'FALSE'),
    // Resources.
    row(but({ Resource: '*' }), 'TRUE'),
    row(but({ Resource: `${bucketArn}*` }), 'TRUE'),
    row(but({ Resource: 'arn:aws:s3:::*' }), 'TRUE'),
    row(but({ Resource: 'arn:aws-cn:s3:::acme-invoices*' }), 'TRUE'),
    row(but({ Resource: ['arn:aws-us-gov:s3:::acme-invoices', 'arn:aws-us-gov:s3:::acme-invoices/*'] }), 'TRUE'),
    row(but({ Resource: bucketArn }), 'FALSE'),
    row(but({ Resource: `${bucketArn}/*` }), 'FALSE'),
    row(but({ Resource: [bucketArn, `${bucketArn}/public/*`] }), 'FALSE'),
    row(but({ Resource: ['arn:aws:s3:::acme-invoices', 'arn:aws-cn:s3:::acme-invoices/*'] }), 'FALSE'),
    row(but({ Resource: ['arn:aws:s3:::acme-reports', 'arn:aws:s3:::acme-reports/*'] }), 'FALSE'),
    row(but({ Resource: ['arn:aws:s3:::acme-invoice?', 'arn:aws:s3:::acme-invoice?/*'] }), 'TRUE'),
    row({ ...withoutResource, NotResource: 'arn:aws:s3:::acme-reports/*' }, 'TRUE'),
    row({ ...withoutResource, NotResource: `${bucketArn}/public/*` }, 'FALSE'),
    row({ ...withoutResource, NotResource: 'arn:aws-cn:s3:::acme-invoices' }, 'FALSE'),
    row(withoutResource, 'UNKNOWN'),
    row([but({ Resource: bucketArn }), but({ Resource: `${bucketArn}/*` })], 'TRUE'),
    row([but({ Resource: bucketArn }), but({ Resource: `${bucketArn}/*`, Action: 's3:GetObject' })], 'FALSE'),
    row(
      [
        but({ Resource: bucketArn }),
        but({ Resource: `${bucketArn}/*`, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      ],
      'FALSE',
    ),
    // Conditions.
    row(conditioned({ Bool: { 'AWS:securetransport': ['False'] } }), 'TRUE'),
    row(conditioned({ Bool: { 'aws:SecureTransport': false } }), 'TRUE'),
    row(conditioned({ bool: { 'aws:SecureTransport': 'FALSE' } }), 'TRUE'),
    row(conditioned({ BoolIfExists: { 'aws:SecureTransport': 'false' } }), 'TRUE'),
    row(conditioned({ Bool: { 'aws:SecureTransport': ['true', 'false'] } }), 'TRUE'),
    row(conditioned({ Bool: { 'aws:SecureTransport': 'true' } }), 'FALSE'),
    row(conditioned({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }), 'FALSE'),
    row(conditioned({ StringEquals: { 'aws:SecureTransport': 'false' } }), 'FALSE'),
    row(conditioned({ ...plain, StringEquals: { 'aws:PrincipalAccount': '111122223333' } }), 'FALSE'),
    row(conditioned({ Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false' } }), 'FALSE'),
    row(conditioned({ ...plain, BoolIfExists: { 'aws:SecureTransport': 'false' } }), 'TRUE'),
    row(conditioned({}), 'TRUE'),
    row(conditioned({ NumericLessThanIfExists: { 's3:TlsVersion': 1.2 } }), 'TRUE'),
    row(conditioned(old), 'UNKNOWN'),
    row(conditioned({ NumericGreaterThan: { 's3:TlsVersion': '1.2' } }), 'FALSE'),
    row(conditioned({ NumericLessThan: { 's3:max-keys': '1.2' } }), 'FALSE'),
    // The version of TLS.
    row(tlsOnly, 'FALSE', { minTls: 1.2 }),
    row([tlsOnly, conditioned(old)], 'TRUE', { minTls: 1.2 }),
    row([tlsOnly, conditioned(old)], 'TRUE', { minTls: 1.1 }),
    row([tlsOnly, conditioned(old)], 'FALSE', { minTls: 1.3 }),
    row(conditioned({ NumericLessThanIfExists: { 's3:TlsVersion': ['1.3'] } }), 'TRUE', { minTls: 1.3 }),
    row(conditioned({ NumericLessThanEqualsIfExists: { 's3:TlsVersion': '1.1' } }), 'TRUE', { minTls: 1.2 }),
    row(conditioned({ NumericLessThanEqualsIfExists: { 's3:TlsVersion': '1.1' } }), 'FALSE', { minTls: 1.3 }),
    row(conditioned(old), 'UNKNOWN', { minTls: 1.2 }),
    row(conditioned({ ...plain, ...old }), 'FALSE', { minTls: 1.2 }),
    row([tlsOnly, { ...conditioned(old), Resource: bucketArn }], 'FALSE', { minTls: 1.2 }),
    row(conditioned({}), 'TRUE', { minTls: 1.3 }),
    // Not collected, or not a policy.
    row(denied, 'UNKNOWN'),
    row([denied, tlsOnly], 'TRUE'),
    row([denied, but({ Resource: bucketArn })], 'UNKNOWN'),
    row(but({ Effect: denied }), 'UNKNOWN'),
    row(but({ Principal: denied }), 'UNKNOWN'),
    row(but({ Action: denied }), 'UNKNOWN'),
    row(but({ Action: ['s3:*', denied] }), 'TRUE'),
    row(but({ Resource: [denied, denied] }), 'UNKNOWN'),
    row(but({ Resource: [bucketArn, denied] }), 'UNKNOWN'),
    row(but({ Resource: denied, Action: 's3:GetObject' }), 'FALSE'),
    row(conditioned(denied), 'UNKNOWN'),
    row(conditioned({ Bool: denied }), 'UNKNOWN'),
    row(conditioned({ Bool: { 'aws:SecureTransport': denied } }), 'UNKNOWN'),
    row(conditioned({ Bool: { 'aws:SecureTransport': ['false', denied] } }), 'TRUE'),
    row(conditioned({ ...plain, StringEquals: denied }), 'UNKNOWN'),
    row([tlsOnly, conditioned({ NumericLessThan: { 's3:TlsVersion': denied } })], 'UNKNOWN', { minTls: 1.2 }),
    row([tlsOnly, but({ Effect: 'deny' })], 'UNKNOWN'),
    [true, document(tlsOnly), 'UNKNOWN', { resource: bucket({ Name: denied }) }],
    [true, document([]), 'FALSE', { resource: bucket({ Name: denied }) }],
    [true, document(tlsOnly), 'UNKNOWN', { resource: bucket({}) }],
    [true, JSON.stringify(document(tlsOnly)), 'UNKNOWN', { resource: invoices }],
    [true, undefined, 'FALSE'],
  ],
  words: [
    [true, 'denies everyone every request without TLS', 'does not deny everyone every request without TLS'],
    [
      { minTls: 1.2 },
      'denies everyone every request without TLS 1.2 or later',
      'does not deny everyone every request without TLS 1.2 or later',
    ],
  ],
  refused: [
    [false, 'expected true'],
    [{ minTls: '1.2' }, 'expected a number, found a string'],
    [{ minTls: 2 }, '2 is no version of TLS', { at: ['minTls'] }],
    [{ tls: 1.2 }, "'tls' is none of", { at: ['tls'] }],
  ],
});

const prepared = operator.prepare(true, placeOf('policy', 'Policy'));

function judge(value: Json): Truth {
  return prepared.test(value, invoices, runAt(now));
}

function explain(value: Json, answer: Truth, resource = invoices) {
  return prepared.explain?.(value, resource, runAt(now), 'Policy', answer) ?? [];
}

describe('laws', () => {
  const closing = fc.record({
    Effect: fc.constant('Deny'),
    Principal: fc.constantFrom<Json>('*', { AWS: '*' }, { AWS: ['*'] }),
    Action: fc.constantFrom<Json>('s3:*', '*', ['s3:*']),
    Resource: fc.constantFrom<Json>('*', both, bucketArn, `${bucketArn}/*`),
    Condition: fc.constantFrom<Json>(plain, {}, { BoolIfExists: { 'aws:SecureTransport': [false] } }, old),
  });
  const statements = fc.array(fc.oneof(closing, statement), { maxLength: 4 });

  test('forgetting any part never changes a known answer into the other', () => {
    fc.assert(
      fc.property(statements, fc.gen(), (list, gen) => {
        const before = judge(document(list));
        expect([before, UNKNOWN]).toContain(judge(forget(document(list), () => gen(fc.nat, { max: 20 }))));
      }),
      { numRuns: 2000 },
    );
  });

  test('another statement never undoes TRUE, and order is nothing', () => {
    fc.assert(
      fc.property(statements, statement, (list, more) => {
        const before = judge(document(list));
        expect(judge(document([...list].reverse()))).toBe(before);
        if (before === TRUE) expect(judge(document([more, ...list]))).toBe(TRUE);
      }),
    );
  });

  test('every answer has a leaf', () => {
    fc.assert(
      fc.property(statements, (list) => {
        const value = document(list);
        expect(explain(value, judge(value)).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the explanation', () => {
  test('names the statements that deny too little', () => {
    const partial = but({ Resource: bucketArn });
    expect(explain(document([partial]), FALSE)).toMatchObject([{ path: 'Policy.Statement[0]', observed: partial }]);
    expect(explain(document([]), FALSE)).toMatchObject([{ path: 'Policy' }]);
  });

  test('names the name, when that is what is missing', () => {
    const value = document(tlsOnly);
    expect(explain(value, UNKNOWN, bucket({ Name: denied }))).toMatchObject([{ path: 'Name', observed: denied }]);
    expect(explain(value, UNKNOWN, bucket({}))).toMatchObject([{ path: 'Name', observed: { $unknown: 'type' } }]);
    expect(explain('policy', UNKNOWN, bucket({}))).toMatchObject([{ path: 'Policy', observed: { $unknown: 'type' } }]);
  });

  test('names the condition that does not settle it', () => {
    expect(explain(document([conditioned(old)]), UNKNOWN)).toMatchObject([{ path: 'Policy.Statement[0].Condition' }]);
  });
});

test('ten thousand statements are judged', () => {
  const list = Array.from({ length: 10_000 }, (_, index) => but({ Resource: `${bucketArn}/${index}/*` }));
  expect(judge(document(list))).toBe(FALSE);
  expect(judge(document([...list, tlsOnly]))).toBe(TRUE);
});
