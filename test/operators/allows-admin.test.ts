import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../../src/model/truth.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { operator } from '../../src/operators/allows-admin.ts';
import { forget } from './arbitrary-json.ts';
import { bucket, denied, describeOperator, now, placeOf, type Row, runAt } from './operator-table.ts';
import { allow, condition, deny, document, statement, variable } from './policy-parts.ts';

const all = allow({ Action: '*', Resource: '*' });
const mainServices = [
  ...['iam', 'sts', 'organizations', 'kms', 'secretsmanager', 'ssm', 'ec2', 's3', 'rds', 'dynamodb', 'lambda'],
  ...['cloudformation', 'cloudtrail', 'cloudwatch', 'logs', 'config'],
];
const letters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');

function row(statements: Json, answer: Row[2]): Row {
  return [true, document(statements), answer, { shape: 'policy' }];
}

function when(name: string, key: string, value: Json, what: JsonObject = all): JsonObject {
  return { ...what, Condition: { [name]: { [key]: value } } };
}

describeOperator(operator, {
  rows: [
    row([], 'FALSE'),
    row(all, 'TRUE'),
    row([all], 'TRUE'),
    row(allow({ Action: ['*'], Resource: ['*'] }), 'TRUE'),
    row(allow({ Action: '*:*', Resource: '*' }), 'TRUE'),
    row(allow({ Action: ['iam:*', '*:*'], Resource: ['*'] }), 'TRUE'),
    row(allow({ Action: '*:?*', Resource: '*' }), 'TRUE'),
    row(allow({ Action: 's3:*', Resource: '*' }), 'FALSE'),
    row(allow({ Action: ['iam:*', 's3:*', 'ec2:*'], Resource: '*' }), 'FALSE'),
    row(allow({ Action: '*:Get*', Resource: '*' }), 'FALSE'),
    row(allow({ Action: '*', Resource: 'arn:aws:s3:::acme-reports/*' }), 'FALSE'),
    row(allow({ Action: '*', Resource: 'arn:aws:iam::*:*' }), 'FALSE'),
    row(allow({ Action: '*', Resource: 'arn:aws:*' }), 'TRUE'),
    row(allow({ Action: '*', Resource: 'arn:aws:*:*:*:*' }), 'TRUE'),
    row(allow({ Action: '*', Resource: 'arn:*:*:*:*:*' }), 'TRUE'),
    row(allow({ Action: '*', Resource: 'arn:aws-cn:*' }), 'TRUE'),
    row(allow({ Action: '*', Resource: 'arn:aws:*:*:111122223333:*' }), 'TRUE'),
    row(allow({ Action: '*', Resource: 'arn:aws:*:*:444455556666:*' }), 'FALSE'),
    row(deny({ Action: '*', Resource: '*' }), 'FALSE'),
    // In parts that may be everything.
    row(allow({ Action: '*', Resource: letters.map((letter) => `arn:aws:${letter}*`) }), 'UNKNOWN'),
    row(
      letters.map((letter) => allow({ Action: '*', Resource: `arn:aws:${letter}*` })),
      'UNKNOWN',
    ),
    row(allow({ Action: '*', Resource: ['iam', 's3', 'ec2'].map((service) => `arn:aws:${service}:*`) }), 'UNKNOWN'),
    row(
      ['iam', 's3', 'ec2'].map((service) => allow({ NotAction: 'support:*', Resource: `arn:aws:${service}:*` })),
      'UNKNOWN',
    ),
    row(allow({ Action: '*', Resource: ['arn:aws:s3:::acme-a', 'arn:aws:s3:::acme-b/*'] }), 'FALSE'),
    row(allow({ Action: 's3:*', Resource: letters.map((letter) => `arn:aws:${letter}*`) }), 'FALSE'),
    row([all, deny({ Action: '*', NotResource: letters.map((letter) => `arn:aws:${letter}*`) })], 'UNKNOWN'),
    row(allow({ Action: '*:*e*', Resource: '*' }), 'UNKNOWN'),
    row(allow({ Action: ['*s:*', 's3:Get*'], Resource: '*' }), 'UNKNOWN'),
    // Conditions that only look as if they restricted.
    row(when('StringLike', 'aws:RequestedRegion', '*-*'), 'UNKNOWN'),
    row(
      when(
        'StringLike',
        'aws:RequestedRegion',
        Array.from('aceimnsu', (letter) => `${letter}*`),
      ),
      'UNKNOWN',
    ),
    row(when('StringLike', 'aws:RequestedRegion', 'eu-*'), 'FALSE'),
    // Together.
    row(allow({ Action: letters.map((letter) => `*:${letter}*`), Resource: '*' }), 'TRUE'),
    row(allow({ Action: letters.slice(1).map((letter) => `*:${letter}*`), Resource: '*' }), 'FALSE'),
    row(
      letters.map((letter) => allow({ Action: `${letter.toUpperCase()}*:*`, Resource: '*' })),
      'TRUE',
    ),
    row(allow({ Action: mainServices.map((service) => `${service}:*`), Resource: '*' }), 'TRUE'),
    row(
      mainServices.map((service) => allow({ Action: `${service}:*`, Resource: '*' })),
      'TRUE',
    ),
    row(
      mainServices.slice(1).map((service) => allow({ Action: `${service}:*`, Resource: '*' })),
      'FALSE',
    ),
    row([allow({ Action: '*', Resource: 'arn:aws:s3:::acme-*' }), allow({ Action: 's3:*', Resource: '*' })], 'FALSE'),
    // Everything but.
    row(allow({ NotAction: 'support:*', Resource: '*' }), 'TRUE'),
    row(allow({ NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }), 'TRUE'),
    row(allow({ NotAction: '*', Resource: '*' }), 'FALSE'),
    row(allow({ NotAction: ['*:*'], Resource: '*' }), 'FALSE'),
    row(allow({ NotAction: mainServices.map((service) => `${service}:*`), Resource: '*' }), 'FALSE'),
    row(allow({ NotAction: 'iam:*', Resource: 'arn:aws:s3:::acme-*' }), 'FALSE'),
    row(allow({ Action: '*', NotResource: 'arn:aws:s3:::acme-secrets/*' }), 'TRUE'),
    row(allow({ Action: '*', NotResource: '*' }), 'FALSE'),
    row(allow({ Action: '*', NotResource: 'arn:*' }), 'FALSE'),
    row(allow({ Action: '*', NotResource: 'arn:aws-cn:*' }), 'UNKNOWN'),
    row(allow({ Action: '*', NotResource: ['arn:aws:*', denied] }), 'UNKNOWN'),
    row(allow({ Action: 's3:*', NotResource: 'arn:aws:s3:::acme-secrets/*' }), 'FALSE'),
    row([allow({ NotAction: 'iam:*', Resource: '*' }), allow({ Action: 'iam:*', Resource: '*' })], 'TRUE'),
    // What a Deny takes back.
    row([all, deny({ Action: '*', Resource: '*' })], 'FALSE'),
    row([all, deny({ Action: '*', Resource: 'arn:aws:*' })], 'FALSE'),
    row([all, deny({ Action: ['s3:DeleteBucket', 'iam:*'], Resource: '*' })], 'TRUE'),
    row([all, deny({ Action: '*', Resource: 'arn:aws:s3:::acme-secrets/*' })], 'TRUE'),
    row([all, deny({ NotAction: ['s3:*', 'ec2:*'], Resource: '*' })], 'FALSE'),
    row([all, deny({ NotAction: '*', Resource: '*' })], 'TRUE'),
    row([all, deny({ Action: '*', NotResource: 'arn:aws:s3:::acme-logs' })], 'FALSE'),
    row(
      [all, when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', deny({ Action: '*', Resource: '*' }))],
      'TRUE',
    ),
    row(
      [all, when('StringNotEquals', 'aws:RequestedRegion', 'eu-west-1', deny({ Action: '*', Resource: '*' }))],
      'TRUE',
    ),
    row(
      [all, when('StringNotEquals', 'aws:PrincipalAccount', '444455556666', deny({ Action: '*', Resource: '*' }))],
      'UNKNOWN',
    ),
    row([all, when('StringLike', 'aws:PrincipalArn', '*', deny({ Action: '*', Resource: '*' }))], 'FALSE'),
    row([all, { ...deny({ Action: '*', Resource: '*' }), Condition: {} }], 'FALSE'),
    // Conditions.
    row({ ...all, Condition: {} }, 'TRUE'),
    row(when('Bool', 'aws:SecureTransport', 'true'), 'TRUE'),
    row(when('Bool', 'aws:MultiFactorAuthPresent', 'true'), 'FALSE'),
    row(when('Bool', 'AWS:multifactorauthpresent', true), 'FALSE'),
    row(when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'true'), 'UNKNOWN'),
    row(when('NumericLessThan', 'aws:MultiFactorAuthAge', 3600), 'FALSE'),
    row(when('IpAddress', 'aws:SourceIp', ['198.51.100.0/24', '203.0.113.7']), 'FALSE'),
    row(when('IpAddress', 'aws:SourceIp', ['0.0.0.0/1', '128.0.0.0/1']), 'TRUE'),
    row(when('IpAddress', 'aws:SourceIp', 'office'), 'UNKNOWN'),
    row(when('StringEquals', 'aws:RequestedRegion', 'eu-west-1'), 'FALSE'),
    row(when('StringLike', 'aws:RequestedRegion', '*'), 'TRUE'),
    row(when('StringEquals', 'iam:PassedToService', 'ec2.amazonaws.com'), 'FALSE'),
    row(when('StringEquals', 'aws:PrincipalAccount', '111122223333'), 'UNKNOWN'),
    row(when('StringEquals', 'aws:ResourceAccount', '111122223333'), 'UNKNOWN'),
    row(when('StringLike', 'aws:PrincipalArn', '*'), 'TRUE'),
    row(when('StringLikeIfExists', 'ec2:Region', '*'), 'TRUE'),
    row(when('StringEqualsIfExists', 'ec2:Region', 'eu-west-1'), 'UNKNOWN'),
    row(when('ForAllValues:StringEquals', 'aws:TagKeys', ['team']), 'UNKNOWN'),
    row(when('StringNotEquals', 'aws:RequestedRegion', 'eu-west-1'), 'UNKNOWN'),
    row(when('DateGreaterThan', 'aws:CurrentTime', '2020-01-01T00:00:00Z'), 'UNKNOWN'),
    row(when('StringEquals', 'aws:ResourceTag/team', `${variable('aws:PrincipalTag/team')}`), 'UNKNOWN'),
    row([when('Bool', 'aws:MultiFactorAuthPresent', 'true'), all], 'TRUE'),
    // Not collected, or not a policy.
    row(denied, 'UNKNOWN'),
    row([denied], 'UNKNOWN'),
    row([all, denied], 'UNKNOWN'),
    row([{ ...all, Condition: denied }], 'UNKNOWN'),
    row([{ ...all, Condition: { Bool: denied } }], 'UNKNOWN'),
    row([when('StringEquals', 'ec2:Region', denied)], 'UNKNOWN'),
    row([allow({ Action: denied, Resource: '*' })], 'UNKNOWN'),
    row([allow({ Action: ['*', denied], Resource: '*' })], 'TRUE'),
    row([allow({ Action: ['s3:*', denied], Resource: '*' })], 'UNKNOWN'),
    row([allow({ Action: ['s3:*', denied], Resource: 'arn:aws:s3:::acme-logs' })], 'FALSE'),
    row([allow({ Action: '*', Resource: denied })], 'UNKNOWN'),
    row([allow({ NotAction: ['iam:*', denied], Resource: '*' })], 'UNKNOWN'),
    row([{ ...all, Effect: denied }], 'UNKNOWN'),
    row([all, deny({ Action: '*', Resource: denied })], 'UNKNOWN'),
    row([all, deny({ Action: denied, Resource: 'arn:aws:s3:::acme-logs' })], 'TRUE'),
    row([{ ...all, Sid: denied }], 'TRUE'),
    row([all, { ...all, Effect: 'allow' }], 'UNKNOWN'),
    row([all, allow({ Action: 's3', Resource: '*' })], 'UNKNOWN'),
    row([all, allow({ Action: [], Resource: '*' })], 'UNKNOWN'),
    row([all, allow({ Action: 7, Resource: '*' })], 'UNKNOWN'),
    row([all, allow({ Action: '*', NotAction: 'iam:*', Resource: '*' })], 'UNKNOWN'),
    row([all, allow({ Resource: '*' })], 'UNKNOWN'),
    row([allow({ Action: '*' })], 'UNKNOWN'),
    row([all, { ...all, action: 's3:*' }], 'UNKNOWN'),
    row([all, when('StringMatches', 'aws:username', 'x')], 'UNKNOWN'),
    row([all, { ...all, Condition: 'mfa' }], 'UNKNOWN'),
    row([all, 'Allow'], 'UNKNOWN'),
    row(null, 'UNKNOWN'),
    [true, { Version: '2012-10-18', Statement: all }, 'UNKNOWN'],
    [true, { Version: denied, Statement: all }, 'TRUE'],
    [true, { Statement: all, Extra: 1 }, 'UNKNOWN'],
    [true, '{"Statement":[]}', 'UNKNOWN'],
    [true, [all], 'UNKNOWN'],
    [true, undefined, 'FALSE'],
    [false, undefined, 'TRUE'],
    [false, document(all), 'FALSE'],
    [false, document([]), 'TRUE'],
    [false, document(denied), 'UNKNOWN'],
  ],
  words: [
    [true, 'allows all actions on all resources', 'does not allow all actions on all resources'],
    [false, 'does not allow all actions on all resources', 'allows all actions on all resources'],
  ],
  refused: [['yes', 'expected true or false, found a string']],
});

const prepared = operator.prepare(true, placeOf('policy', 'Document'));

function judge(value: Json): Truth {
  return prepared.test(value, bucket({}), runAt(now));
}

describe('laws', () => {
  const statements = fc.array(statement, { maxLength: 4 });

  test('forgetting any part never changes a known answer into the other', () => {
    fc.assert(
      fc.property(statements, fc.gen(), (list, gen) => {
        const before = judge(document(list));
        expect([before, UNKNOWN]).toContain(judge(forget(document(list), () => gen(fc.nat, { max: 20 }))));
      }),
      { numRuns: 2000 },
    );
  });

  test('another Allow never turns TRUE into anything else', () => {
    fc.assert(
      fc.property(statements, statement, fc.nat(), (list, more, at) => {
        if (judge(document(list)) !== TRUE) return;
        const longer = [...list];
        longer.splice(at % (list.length + 1), 0, { ...more, Effect: 'Allow' });
        expect(judge(document(longer))).toBe(TRUE);
      }),
      { numRuns: 2000 },
    );
  });

  test('another Deny never turns FALSE into anything else', () => {
    fc.assert(
      fc.property(statements, statement, (list, more) => {
        if (judge(document(list)) === FALSE)
          expect(judge(document([...list, { ...more, Effect: 'Deny' }]))).toBe(FALSE);
      }),
    );
  });

  test('order is nothing, of statements and of lists', () => {
    fc.assert(
      fc.property(statements, (list) => {
        const turned = [...list].reverse().map((one) => turnLists(one));
        expect(judge(document(turned))).toBe(judge(document(list)));
      }),
    );
  });

  test('a string and a list of one are the same', () => {
    fc.assert(
      fc.property(statements, (list) => {
        const wrapped = list.map((one) => wrapTexts(one));
        expect(judge(document(wrapped))).toBe(judge(document(list)));
        if (list.length === 1) expect(judge(document(list[0] ?? null))).toBe(judge(document(list)));
      }),
    );
  });

  function turnLists(one: JsonObject): JsonObject {
    return Object.fromEntries(
      Object.entries(one).map(([key, value]) => [key, Array.isArray(value) ? [...(value as Json[])].reverse() : value]),
    );
  }

  function wrapTexts(one: JsonObject): JsonObject {
    const lists = ['Action', 'NotAction', 'Resource', 'NotResource'];
    return Object.fromEntries(
      Object.entries(one).map(([key, value]) => [
        key,
        lists.includes(key) && typeof value === 'string' ? [value] : value,
      ]),
    );
  }

  test('letter case of actions is nothing', () => {
    fc.assert(
      fc.property(statements, (list) => {
        const upper = list.map((one) =>
          JSON.parse(JSON.stringify(one).replace(/"(iam|s3|ec2):/g, (text) => text.toUpperCase())),
        );
        expect(judge(document(upper))).toBe(judge(document(list)));
      }),
    );
  });

  test('conditions with every key and operator keep the law of forgetting', () => {
    fc.assert(
      fc.property(condition, fc.gen(), (conditions, gen) => {
        const value = document([{ ...all, Condition: conditions }]);
        const before = judge(value);
        expect([before, UNKNOWN]).toContain(judge(forget(value, () => gen(fc.nat, { max: 20 }))));
      }),
    );
  });
});

describe('the explanation', () => {
  function explain(value: Json, answer: Truth) {
    return prepared.explain?.(value, bucket({}), runAt(now), 'PolicyVersionList[0].Document', answer) ?? [];
  }

  test('names the statements that are enough', () => {
    expect(explain(document([allow({ Action: 's3:*', Resource: '*' }), all]), TRUE)).toEqual([
      {
        path: 'PolicyVersionList[0].Document.Statement[1]',
        observed: all,
        expected: 'less than all actions on all resources',
      },
    ]);
  });

  test('names the condition that cannot be decided', () => {
    const value = document(when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'true'));
    expect(explain(value, UNKNOWN)).toMatchObject([
      { path: 'PolicyVersionList[0].Document.Statement.Condition', observed: { $unknown: 'type' } },
    ]);
  });

  test('names what is missing, and what is malformed', () => {
    expect(explain(document([allow({ Action: denied, Resource: '*' })]), UNKNOWN)).toMatchObject([
      { path: 'PolicyVersionList[0].Document.Statement[0].Action', observed: denied },
    ]);
    expect(explain(document([all, { ...all, Effect: 'allow' }]), UNKNOWN)).toMatchObject([
      { path: 'PolicyVersionList[0].Document.Statement[1].Effect', observed: { $unknown: 'type' } },
    ]);
  });
});

describe('hostile sizes', () => {
  test('ten thousand statements are judged', () => {
    const list = Array.from({ length: 10_000 }, (_, index) => allow({ Action: `s${index}:*`, Resource: '*' }));
    expect(judge(document(list))).toBe(FALSE);
    expect(judge(document([...list, all]))).toBe(TRUE);
  });

  test('a thousand stars are judged', () => {
    expect(judge(document(allow({ Action: `s3:${'a*'.repeat(1000)}b`, Resource: '*'.repeat(1000) })))).toBe(FALSE);
  });

  test('a text longer than any in AWS is no policy', () => {
    expect(judge(document(allow({ Action: `s3:${'a'.repeat(5000)}`, Resource: '*' })))).toBe(UNKNOWN);
  });
});
