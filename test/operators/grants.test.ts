import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../../src/model/truth.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { operator } from '../../src/operators/grants.ts';
import { forget } from './arbitrary-json.ts';
import { bucket, denied, describeOperator, now, placeOf, type Row, runAt } from './operator-table.ts';
import { allow, deny, document, statement, variable } from './policy-parts.ts';

const objects = 'arn:aws:s3:::acme-site/*';
const open = allow({ Principal: '*', Action: 's3:GetObject', Resource: objects });
const strangers = { action: 's3:GetObject', to: 'everyone' };
const role = 'arn:aws:iam::444455556666:role/app';
const kms = { action: 'kms:*', resource: '*' };

function row(operand: Json, statements: Json, answer: Row[2]): Row {
  return [operand, document(statements), answer, { shape: 'policy' }];
}

function when(name: string, key: string, value: Json, what: JsonObject = open): JsonObject {
  return { ...what, Condition: { [name]: { [key]: value } } };
}

function denyWhen(name: string, key: string, value: Json): readonly JsonObject[] {
  return [open, when(name, key, value, deny({ Principal: '*', Action: 's3:*', Resource: '*' }))];
}

describeOperator(operator, {
  rows: [
    // Actions.
    row(strangers, open, 'TRUE'),
    row(strangers, [], 'FALSE'),
    row(strangers, { ...open, Action: 'S3:getobject' }, 'TRUE'),
    row(strangers, { ...open, Action: ['s3:ListBucket', 's3:Get*'] }, 'TRUE'),
    row(strangers, { ...open, Action: 's3:Get?bject' }, 'TRUE'),
    row(strangers, { ...open, Action: 's3:PutObject' }, 'FALSE'),
    row(strangers, { ...open, Action: 's3:GetObjectVersion' }, 'FALSE'),
    row(strangers, allow({ Principal: '*', NotAction: 's3:Put*', Resource: objects }), 'TRUE'),
    row(strangers, allow({ Principal: '*', NotAction: 's3:Get*', Resource: objects }), 'FALSE'),
    row(kms, allow({ Action: 'kms:*', Resource: '*' }), 'TRUE'),
    row(kms, allow({ Action: '*', Resource: '*' }), 'TRUE'),
    row(kms, allow({ Action: 'KMS:?*', Resource: '*' }), 'TRUE'),
    row(kms, allow({ Action: 'kms:Get*', Resource: '*' }), 'FALSE'),
    row(kms, allow({ Action: ['kms:Decrypt', 'kms:Encrypt'], Resource: '*' }), 'FALSE'),
    row(
      kms,
      allow({ Action: Array.from('abcdefghijklmnopqrstuvwxyz0123456789', (c) => `kms:${c}*`), Resource: '*' }),
      'TRUE',
    ),
    row({ action: 'kms:Dec*' }, allow({ Action: 'kms:Decrypt', Resource: '*' }), 'FALSE'),
    row({ action: '*' }, allow({ Action: '*:*', Resource: '*' }), 'TRUE'),
    row({ action: '*' }, allow({ Action: 's3:*', Resource: '*' }), 'FALSE'),
    // Resources.
    row(kms, allow({ Action: 'kms:*', Resource: 'arn:aws:kms:eu-west-1:111122223333:key/k1' }), 'FALSE'),
    row(kms, allow({ Action: 'kms:*', Resource: 'arn:aws:*' }), 'TRUE'),
    row(
      { action: 'kms:Decrypt' },
      allow({ Action: 'kms:*', Resource: 'arn:aws:kms:eu-west-1:111122223333:key/k1' }),
      'TRUE',
    ),
    row({ action: 's3:GetObject', resource: objects }, open, 'TRUE'),
    row(
      { action: 's3:GetObject', resource: objects },
      { ...open, Resource: 'arn:aws:s3:::acme-site/public/*' },
      'FALSE',
    ),
    row(
      { action: 's3:GetObject', resource: objects },
      { ...open, Resource: `arn:aws:s3:::acme-site/${variable('aws:username')}/*` },
      'FALSE',
    ),
    row(
      { action: 's3:GetObject', resource: 'arn:aws:s3:::acme-site/ann/a' },
      { ...open, Resource: `arn:aws:s3:::acme-site/${variable('aws:username')}/*` },
      'UNKNOWN',
    ),
    row(
      { action: 's3:GetObject', resource: objects },
      allow({ Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::acme-logs/*' }),
      'TRUE',
    ),
    row(
      { action: 's3:GetObject', resource: objects },
      allow({ Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::acme-site/secret/*' }),
      'FALSE',
    ),
    row(
      { action: 'sts:AssumeRole', to: 'everyone' },
      allow({ Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
      'TRUE',
    ),
    // Principals.
    row(strangers, { ...open, Principal: { AWS: '*' } }, 'TRUE'),
    row(strangers, { ...open, Principal: { AWS: [role, '*'] } }, 'TRUE'),
    row(strangers, { ...open, Principal: { AWS: '111122223333' } }, 'FALSE'),
    row(strangers, { ...open, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, 'FALSE'),
    row(strangers, { ...open, Principal: { Service: 'cloudfront.amazonaws.com' } }, 'FALSE'),
    row(strangers, allow({ NotPrincipal: { AWS: role }, Action: 's3:*', Resource: '*' }), 'TRUE'),
    row(strangers, allow({ NotPrincipal: '*', Action: 's3:*', Resource: '*' }), 'FALSE'),
    row(strangers, { ...open, Principal: { AWS: 'arn:aws:iam::*:root' } }, 'UNKNOWN'),
    row(strangers, { ...open, Principal: { Service: '*' } }, 'UNKNOWN'),
    row(strangers, allow({ Action: 's3:*', Resource: '*' }), 'UNKNOWN'),
    row({ action: 's3:GetObject', to: '*' }, open, 'TRUE'),
    row({ action: 's3:GetObject', to: 'arn:aws:iam::444455556666:*' }, { ...open, Principal: { AWS: role } }, 'TRUE'),
    row(
      { action: 's3:GetObject', to: 'arn:aws:iam::444455556666:*' },
      { ...open, Principal: { AWS: '444455556666' } },
      'TRUE',
    ),
    row(
      { action: 's3:GetObject', to: '444455556666' },
      { ...open, Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
      'TRUE',
    ),
    row({ action: 's3:GetObject', to: 'arn:aws:iam::111122223333:*' }, { ...open, Principal: { AWS: role } }, 'FALSE'),
    row({ action: 's3:GetObject', to: role }, open, 'TRUE'),
    row(
      { action: 's3:GetObject', to: role },
      allow({ NotPrincipal: { AWS: role }, Action: 's3:*', Resource: '*' }),
      'FALSE',
    ),
    row(
      { action: 's3:GetObject', to: 'arn:aws:iam::444455556666:*' },
      allow({ NotPrincipal: { AWS: role }, Action: 's3:*', Resource: '*' }),
      'UNKNOWN',
    ),
    row(
      { action: 'sts:AssumeRole', to: '*.amazonaws.com' },
      allow({ Principal: { Service: ['ec2.amazonaws.com'] }, Action: 'sts:AssumeRole' }),
      'TRUE',
    ),
    // Conditions that bound strangers, that do not, and that may.
    row(strangers, when('StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), 'FALSE'),
    row(strangers, when('stringequals', 'AWS:principalorgid', ['o-a1b2c3d4e5', 'o-b1b2c3d4e5']), 'FALSE'),
    row(strangers, when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), 'UNKNOWN'),
    row(strangers, when('ForAllValues:StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), 'UNKNOWN'),
    row(strangers, when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'), 'FALSE'),
    row(strangers, when('StringLike', 'aws:PrincipalOrgID', 'o-*'), 'UNKNOWN'),
    row(strangers, when('StringEquals', 'aws:SourceVpce', 'vpce-0a'), 'FALSE'),
    row(strangers, when('StringEquals', 'aws:SourceAccount', '111122223333'), 'FALSE'),
    row(strangers, when('ArnLike', 'aws:SourceArn', 'arn:aws:cloudfront::111122223333:distribution/*'), 'FALSE'),
    row(strangers, when('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::acme-*'), 'UNKNOWN'),
    row(strangers, when('ArnLike', 'aws:SourceArn', 'arn:aws:cloudfront::*:distribution/*'), 'UNKNOWN'),
    row(strangers, when('StringLike', 'aws:userid', 'AROAEXAMPLE1234567890:*'), 'FALSE'),
    row(strangers, when('StringLike', 'aws:PrincipalArn', '*'), 'TRUE'),
    row(strangers, when('StringEquals', 'aws:PrincipalArn', `${variable('aws:PrincipalArn')}`), 'UNKNOWN'),
    row(strangers, when('IpAddress', 'aws:SourceIp', '198.51.100.0/24'), 'FALSE'),
    row(strangers, when('IpAddress', 'aws:SourceIp', '0.0.0.0/0'), 'TRUE'),
    row(strangers, when('IpAddress', 'aws:SourceIp', ['198.51.100.0/24', '::/0']), 'TRUE'),
    row(strangers, when('IpAddress', 'aws:SourceIp', '198.51.100'), 'UNKNOWN'),
    row(strangers, when('NotIpAddress', 'aws:SourceIp', '198.51.100.0/24'), 'UNKNOWN'),
    row(strangers, when('Bool', 'aws:SecureTransport', 'true'), 'TRUE'),
    row(strangers, when('StringLike', 'aws:Referer', 'https://example.com/*'), 'UNKNOWN'),
    row(strangers, when('StringEquals', 'aws:PrincipalTag/team', 'red'), 'UNKNOWN'),
    row(strangers, when('Bool', 'aws:MultiFactorAuthPresent', 'true'), 'UNKNOWN'),
    row(
      strangers,
      {
        ...open,
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': true }, StringEquals: { 'aws:SourceVpc': 'vpc-0a' } },
      },
      'FALSE',
    ),
    row(strangers, { ...open, Condition: {} }, 'TRUE'),
    row(
      { action: 'kms:Decrypt', resource: '*' },
      when(
        'StringEquals',
        'kms:ViaService',
        's3.eu-west-1.amazonaws.com',
        allow({ Action: 'kms:Decrypt', Resource: '*' }),
      ),
      'FALSE',
    ),
    // Denies.
    row(strangers, [open, deny({ Principal: '*', Action: 's3:*', Resource: '*' })], 'FALSE'),
    row(strangers, [deny({ Principal: '*', Action: 's3:GetObject', Resource: objects }), open], 'FALSE'),
    row(
      strangers,
      [open, deny({ Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-site/secret/*' })],
      'TRUE',
    ),
    row(strangers, [open, deny({ Principal: '*', Action: 's3:PutObject', Resource: '*' })], 'TRUE'),
    row(strangers, [open, deny({ Principal: { AWS: role }, Action: 's3:*', Resource: '*' })], 'TRUE'),
    row(strangers, [open, deny({ NotPrincipal: { AWS: role }, Action: 's3:*', Resource: '*' })], 'FALSE'),
    row(strangers, [open, deny({ Principal: '*', NotAction: 's3:PutObject', Resource: '*' })], 'FALSE'),
    row(strangers, [open, deny({ Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::acme-logs/*' })], 'FALSE'),
    row(
      { action: 's3:GetObject', to: role },
      [open, deny({ Principal: { AWS: role }, Action: 's3:*', Resource: '*' })],
      'FALSE',
    ),
    row({ action: 's3:GetObject' }, [open, deny({ Principal: { AWS: role }, Action: 's3:*', Resource: '*' })], 'TRUE'),
    row(
      { action: 's3:*' },
      [allow({ Action: 's3:*', Resource: '*' }), deny({ Action: 's3:DeleteBucket', Resource: '*' })],
      'TRUE',
    ),
    row(
      strangers,
      [
        { ...open, Resource: [objects, 'arn:aws:s3:::acme-site/x'] },
        deny({ Principal: '*', Action: 's3:*', Resource: objects }),
      ],
      'FALSE',
    ),
    row(
      strangers,
      [
        { ...open, Resource: [objects, 'arn:aws:s3:::acme-logs/*'] },
        deny({ Principal: '*', Action: 's3:*', Resource: objects }),
      ],
      'TRUE',
    ),
    row(strangers, denyWhen('StringNotEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), 'FALSE'),
    row(strangers, denyWhen('StringNotEqualsIfExists', 'aws:SourceVpce', 'vpce-0a'), 'FALSE'),
    row(strangers, denyWhen('NotIpAddress', 'aws:SourceIp', '198.51.100.0/24'), 'FALSE'),
    row(strangers, denyWhen('NotIpAddress', 'aws:SourceIp', '0.0.0.0/1'), 'UNKNOWN'),
    row(strangers, denyWhen('IpAddress', 'aws:SourceIp', '198.51.100.0/24'), 'TRUE'),
    row(strangers, denyWhen('IpAddress', 'aws:SourceIp', '0.0.0.0/0'), 'UNKNOWN'),
    row(strangers, denyWhen('StringEquals', 'aws:PrincipalAccount', '444455556666'), 'TRUE'),
    row(strangers, denyWhen('StringLike', 'aws:PrincipalArn', '*'), 'UNKNOWN'),
    row(strangers, denyWhen('Bool', 'aws:SecureTransport', 'false'), 'TRUE'),
    row(strangers, denyWhen('Bool', 'aws:SecureTransport', 'true'), 'UNKNOWN'),
    row(strangers, denyWhen('NumericLessThan', 's3:TlsVersion', '1.2'), 'TRUE'),
    row(strangers, denyWhen('StringNotEquals', 'aws:UserAgent', 'acme'), 'UNKNOWN'),
    row(
      strangers,
      [
        open,
        {
          ...deny({ Principal: '*', Action: 's3:*', Resource: '*' }),
          Condition: {
            StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
            BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
          },
        },
      ],
      'FALSE',
    ),
    row(
      strangers,
      [
        open,
        {
          ...deny({ Principal: '*', Action: 's3:*', Resource: '*' }),
          Condition: {
            StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
            Bool: { 'aws:SecureTransport': 'false' },
          },
        },
      ],
      'TRUE',
    ),
    // Not collected.
    row(strangers, denied, 'UNKNOWN'),
    row(strangers, [open, denied], 'UNKNOWN'),
    row(strangers, [deny({ Principal: '*', Action: '*', Resource: '*' }), { ...open, Action: denied }], 'FALSE'),
    row(strangers, { ...open, Principal: denied }, 'UNKNOWN'),
    row(strangers, { ...open, Principal: { AWS: denied } }, 'UNKNOWN'),
    row(strangers, { ...open, Principal: { AWS: [denied, '*'] } }, 'TRUE'),
    row(strangers, { ...open, Resource: denied }, 'TRUE'),
    row(
      strangers,
      [{ ...open, Resource: denied }, deny({ Principal: '*', Action: 's3:*', Resource: objects })],
      'UNKNOWN',
    ),
    row(strangers, [{ ...open, Resource: denied }, deny({ Principal: '*', Action: 's3:*', Resource: '*' })], 'FALSE'),
    row(strangers, when('StringEquals', 'aws:PrincipalOrgID', ['o-a1b2c3d4e5', denied]), 'UNKNOWN'),
    row(strangers, when('StringEquals', 'ec2:Region', denied, { ...open, Action: 's3:PutObject' }), 'FALSE'),
    [strangers, undefined, 'FALSE'],
    [strangers, 'policy', 'UNKNOWN'],
  ],
  words: [
    [strangers, 'grants s3:GetObject to everyone', 'does not grant s3:GetObject to everyone'],
    [{ ...strangers, to: '*' }, 'grants s3:GetObject to everyone', 'does not grant s3:GetObject to everyone'],
    [kms, 'grants kms:* on all resources', 'does not grant kms:* on all resources'],
    [
      { action: { param: 'action' }, to: role, resource: objects },
      `grants the policy's action to ${role} on ${objects}`,
      `does not grant the policy's action to ${role} on ${objects}`,
    ],
  ],
  refused: [
    ['s3:GetObject', 'found a string'],
    [{ to: 'everyone' }, 'expected an action', { at: ['action'] }],
    [{ action: 'GetObject' }, "'GetObject' is no action", { at: ['action'] }],
    [{ action: 's3:Get Object' }, 'is no action', { at: ['action'] }],
    [{ action: 's3:*', to: '' }, 'expected everyone or a principal', { at: ['to'] }],
    [{ action: 's3:*', to: 111122223333 }, 'in quotes', { at: ['to'] }],
    [{ action: 's3:*', resource: ['*'] }, 'found a list', { at: ['resource'] }],
    [{ action: 's3:*', principal: '*' }, "'principal' is none of", { at: ['principal'] }],
  ],
});

function judge(operand: Json, value: Json): Truth {
  return operator.prepare(operand, placeOf('policy', 'Policy')).test(value, bucket({}), runAt(now));
}

describe('laws', () => {
  const statements = fc.array(statement, { maxLength: 4 });
  const questions = fc.constantFrom<Json>(
    strangers,
    { action: 's3:GetObject' },
    { action: 's3:*', resource: '*' },
    { action: 's3:GetObject', to: 'arn:aws:iam::444455556666:*', resource: 'arn:aws:s3:::acme-logs/*' },
    { action: 'iam:*', to: '111122223333' },
  );

  test('forgetting any part never changes a known answer into the other', () => {
    fc.assert(
      fc.property(questions, statements, fc.gen(), (question, list, gen) => {
        const before = judge(question, document(list));
        expect([before, UNKNOWN]).toContain(
          judge(
            question,
            forget(document(list), () => gen(fc.nat, { max: 20 })),
          ),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('another Allow never undoes TRUE, another Deny never undoes FALSE', () => {
    fc.assert(
      fc.property(questions, statements, statement, (question, list, more) => {
        const before = judge(question, document(list));
        if (before === UNKNOWN) return;
        const Effect = before === TRUE ? 'Allow' : 'Deny';
        expect(judge(question, document([{ ...more, Effect }, ...list]))).toBe(before);
      }),
      { numRuns: 1000 },
    );
  });

  test('order is nothing', () => {
    fc.assert(
      fc.property(questions, statements, (question, list) => {
        expect(judge(question, document([...list].reverse()))).toBe(judge(question, document(list)));
      }),
    );
  });

  test('who may do it to everything may do it to something', () => {
    fc.assert(
      fc.property(statements, (list) => {
        const anything = judge({ action: 's3:GetObject' }, document(list));
        if (judge({ action: 's3:GetObject', resource: '*' }, document(list)) === TRUE) expect(anything).not.toBe(FALSE);
      }),
    );
  });
});

describe('the explanation', () => {
  function explain(value: Json, answer: Truth) {
    const prepared = operator.prepare(strangers, placeOf('policy', 'Policy'));
    return prepared.explain?.(value, bucket({}), runAt(now), 'Policy', answer) ?? [];
  }

  test('names the statements that grant', () => {
    expect(explain(document([deny({ Principal: '*', Action: 's3:Put*', Resource: '*' }), open]), TRUE)).toEqual([
      { path: 'Policy.Statement[1]', observed: open, expected: 'no grant of s3:GetObject to everyone' },
    ]);
  });

  test('names the condition that leaves it open', () => {
    expect(explain(document([when('StringLike', 'aws:Referer', 'https://example.com/*')]), UNKNOWN)).toMatchObject([
      { path: 'Policy.Statement[0].Condition', observed: { $unknown: 'type' } },
    ]);
  });

  test('has the whole document when nothing in it grants', () => {
    expect(explain(document([]), FALSE)).toMatchObject([
      { path: 'Policy', expected: 'a grant of s3:GetObject to everyone' },
    ]);
  });
});

describe('hostile sizes', () => {
  const many = <T>(make: (index: number) => T) => Array.from({ length: 5_000 }, (_, index) => make(index));

  test('thousands of grants, each taken back by a Deny of its own, are judged within bounds', () => {
    const allows = many((index) => ({ ...open, Resource: `arn:aws:s3:::acme-site/${index}` }));
    const denies = many((index) =>
      deny({ Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::acme-site/${index}` }),
    );
    expect(judge(strangers, document([...allows.slice(0, 50), ...denies.slice(0, 50)]))).toBe(FALSE);
    expect(judge(strangers, document([...allows, ...denies]))).toBe(UNKNOWN);
    expect(
      judge(strangers, document([...allows, ...denies, deny({ Principal: '*', Action: '*', Resource: '*' })])),
    ).not.toBe(TRUE);
  });
});
