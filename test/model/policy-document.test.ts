import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/model/policy-document.ts';
import type { Json } from '../../src/model/value.ts';
import { variable } from '../operators/policy-parts.ts';

const denied = { $unknown: 'denied' } as const;
const plain = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

function only(statement: Json) {
  const { statements, malformed } = parsePolicy({ Version: '2012-10-17', Statement: statement });
  expect(malformed).toBeUndefined();
  expect(statements).toHaveLength(1);
  const [first] = statements;
  if (first === undefined) throw new Error('there is no statement');
  return first;
}

describe('a document', () => {
  it('is the same with texts and with lists of one', () => {
    const texts = only(plain);
    const lists = only({ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['*'] });
    expect(lists).toEqual(texts);
    expect(texts).toMatchObject({
      path: 'Statement',
      effect: 'Allow',
      actions: { not: false, patterns: [{ text: 's3:getobject', literal: true }], doubt: undefined },
      resources: { not: false, patterns: [{ text: '*' }] },
      principals: undefined,
      conditions: [],
    });
  });

  it('numbers its statements', () => {
    const { statements } = parsePolicy({ Statement: [plain, { ...plain, Sid: 'Second' }] });
    expect(statements.map(({ path }) => path)).toEqual(['Statement[0]', 'Statement[1]']);
  });

  it('has variables since the policy language of 2012', () => {
    const Resource = `arn:aws:s3:::acme/${variable('aws:username')}`;
    expect(only({ ...plain, Resource }).resources?.patterns[0]?.variable).toBe(true);
    expect(parsePolicy({ Statement: { ...plain, Resource } }).statements[0]?.resources?.patterns[0]?.variable).toBe(
      false,
    );
  });

  it('knows an account by its number and by its root', () => {
    const { principals } = only({ ...plain, Principal: { AWS: '111122223333', Service: 'ec2.amazonaws.com' } });
    expect(principals).toEqual({
      not: false,
      everyone: false,
      names: ['arn:aws:iam::111122223333:root', 'ec2.amazonaws.com'],
      doubt: undefined,
    });
    expect(only({ ...plain, NotPrincipal: { AWS: ['*'] } }).principals).toMatchObject({ not: true, everyone: true });
  });

  it.each([
    ['ForAnyValue:StringLikeIfExists', { operator: 'stringlike', set: 'any', ifExists: true }],
    ['ForAllValues:StringEquals', { operator: 'stringequals', set: 'all', ifExists: false }],
    ['NumericLessThanEqualsIfExists', { operator: 'numericlessthanequals', set: undefined, ifExists: true }],
    ['BOOL', { operator: 'bool', set: undefined, ifExists: false }],
  ])('reads the condition operator %s', (name, expected) => {
    const { conditions } = only({ ...plain, Condition: { [name]: { 'AWS:SecureTransport': [true, 1.2, 'x'] } } });
    expect(conditions).toMatchObject([{ ...expected, key: 'aws:securetransport', values: ['true', '1.2', 'x'] }]);
  });

  it('keeps what was not collected to the part in which it stands', () => {
    const doubtful = only({ ...plain, Action: ['s3:*', denied], Condition: { Bool: denied } });
    expect(doubtful.actions).toMatchObject({ patterns: [{ text: 's3:*' }], doubt: denied });
    expect(doubtful.resources?.doubt).toBeUndefined();
    expect(doubtful.conditionsDoubt).toEqual(denied);
    expect(only(denied)).toMatchObject({ effect: denied, actions: { doubt: denied }, principals: { doubt: denied } });
  });
});

describe('malformed is', () => {
  it.each<[string, Json, string]>([
    ['a text', '{}', ''],
    ['a list', [plain], ''],
    ['a document without a statement', { Version: '2012-10-17' }, 'Statement'],
    ['another version', { Version: '2013', Statement: [] }, 'Version'],
    ['another member', { Statement: [], Statements: [] }, ''],
    ['a statement that is a text', { Statement: ['x'] }, 'Statement[0]'],
    ['another member of a statement', { Statement: { ...plain, effect: 'Deny' } }, 'Statement'],
    ['an effect in another case', { Statement: { ...plain, Effect: 'ALLOW' } }, 'Statement.Effect'],
    ['an effect that is missing', { Statement: { Action: '*', Resource: '*' } }, 'Statement.Effect'],
    ['an action without a service', { Statement: [plain, { ...plain, Action: 'GetObject' }] }, 'Statement[1].Action'],
    ['an action and none', { Statement: { ...plain, NotAction: 's3:*' } }, 'Statement'],
    ['no action', { Statement: { Effect: 'Allow', Resource: '*' } }, 'Statement'],
    ['an empty list', { Statement: { ...plain, Resource: [] } }, 'Statement.Resource'],
    ['an empty text', { Statement: { ...plain, Resource: '' } }, 'Statement.Resource'],
    ['a text with a strange character', { Statement: { ...plain, Resource: 'a\0b' } }, 'Statement.Resource'],
    ['a list of lists', { Statement: { ...plain, Resource: [['*']] } }, 'Statement.Resource'],
    ['a text that is too long', { Statement: { ...plain, Resource: 'a'.repeat(5000) } }, 'Statement.Resource'],
    ['a principal that is a name', { Statement: { ...plain, Principal: '111122223333' } }, 'Statement.Principal'],
    ['a principal of another kind', { Statement: { ...plain, Principal: { Aws: '*' } } }, 'Statement.Principal'],
    ['no principal', { Statement: { ...plain, Principal: {} } }, 'Statement.Principal'],
    [
      'a principal with a wildcard',
      { Statement: { ...plain, Principal: { AWS: 'arn:aws:iam::*:root' } } },
      'Statement.Principal',
    ],
    ['conditions that are a list', { Statement: { ...plain, Condition: [] } }, 'Statement.Condition'],
    ['a condition without keys', { Statement: { ...plain, Condition: { Bool: 'true' } } }, 'Statement.Condition.Bool'],
    ['another operator', { Statement: { ...plain, Condition: { Equals: { a: 'b' } } } }, 'Statement.Condition.Equals'],
    [
      'a condition without a value',
      { Statement: { ...plain, Condition: { Bool: { a: null } } } },
      'Statement.Condition.Bool.a',
    ],
    ['nothing', null, ''],
  ])('%s', (_what, document, path) => {
    const { malformed, statements } = parsePolicy(document);
    expect(malformed).toMatchObject({ path, why: { $unknown: 'type' } });
    expect(statements).toEqual([]);
  });
});
