import { membersOperand, textOperand } from '../model/operand.ts';
import { OperandError, type Operator } from '../model/operator.ts';
import { allowsAtLarge, deniesAtLarge } from '../model/policy-condition.ts';
import { type PolicyDocument, parsePolicy, type Statement } from '../model/policy-document.ts';
import { type GrantQuestion, judgeGrant } from '../model/policy-grant.ts';
import { actionTarget } from '../model/policy-match.ts';
import { policyDoubts, statementLeaves } from '../model/policy-observations.ts';
import { FALSE, TRUE, UNKNOWN } from '../model/truth.ts';
import { isObject, type Json } from '../model/value.ts';
import { parseWildcard } from '../model/wildcard.ts';
import { sayBare } from '../model/words.ts';

const longest = 2048;

/**
 * Whether a policy document grants an action, itself or with others. An action with wildcards is granted only whole:
 * `s3:Get*` does not grant `s3:*`. A condition that certainly narrows the grant, to known principals and networks for
 * everyone, or to some requests of an identity, takes it out; one that the document does not decide makes it UNKNOWN.
 */
export const operator: Operator = {
  name: 'grants',
  summary:
    'Is a policy document that allows an action: to everyone or to certain principals, on any or on certain resources.',
  operand: {
    type: 'object',
    additionalProperties: false,
    required: ['action'],
    properties: {
      action: { type: 'string', maxLength: longest },
      to: { type: 'string', maxLength: longest },
      resource: { type: 'string', maxLength: longest },
    },
    examples: [
      { action: 's3:GetObject', to: 'everyone' },
      { action: 'kms:*', resource: '*' },
      { action: 'sts:AssumeRole', to: 'arn:aws:iam::111122223333:*' },
    ],
  },
  kinds: ['policy'],
  whenAbsent: FALSE,
  prepare(operand) {
    const question = parseOperand(operand);
    const phrase = sayGrant(operand);
    return {
      test: (value, resource) => judgeGrant(parsePolicy(value), question, resource.account).answer,
      explain(value, resource, _run, path, answer) {
        const document = parsePolicy(value);
        const { statements } = judgeGrant(document, question, resource.account);
        if (answer !== UNKNOWN)
          return statementLeaves(value, path, statements, `${answer === TRUE ? 'no' : 'a'} grant of ${phrase}`);
        return policyDoubts(
          value,
          path,
          document,
          undecided(document, question),
          `knowing whether it grants ${phrase}`,
        );
      },
    };
  },
  words: (operand, negated) => `${negated ? 'does not grant' : 'grants'} ${sayGrant(operand)}`,
};

function parseOperand(operand: Json): GrantQuestion {
  const members = membersOperand(operand, ['action', 'to', 'resource']);
  const action = pattern(members.action, 'an action such as s3:GetObject', 'action');
  if (!/^(?:\*|[!-9;-~]+:[!-9;-~]+)$/.test(action))
    throw new OperandError(`'${action}' is no action: write a service's prefix, a colon and a name`, ['action']);
  const to = members.to === undefined ? undefined : pattern(members.to, 'everyone or a principal', 'to');
  const resource = members.resource === undefined ? undefined : pattern(members.resource, 'an ARN', 'resource');
  return {
    action: actionTarget(action),
    to: to === '*' ? 'everyone' : to,
    resource: resource === undefined ? undefined : parseWildcard(resource),
  };
}

function pattern(operand: Json | undefined, what: string, member: string): string {
  const text = textOperand(operand, what, [member]);
  if (text !== '' && text.length <= longest && !text.includes('\0')) return text;
  throw new OperandError(`expected ${what}`, [member]);
}

function sayGrant(operand: Json): string {
  const members = isObject(operand) ? operand : {};
  const to = members.to === undefined ? '' : ` to ${members.to === '*' ? 'everyone' : sayBare(members.to)}`;
  const resource = members.resource === '*' ? 'all resources' : sayBare(members.resource);
  return `${sayBare(members.action)}${to}${members.resource === undefined ? '' : ` on ${resource}`}`;
}

function undecided(document: PolicyDocument, question: GrantQuestion): readonly Statement[] {
  const audience = question.to === 'everyone' ? 'everyone' : 'identity';
  return document.statements.filter(
    (statement) => (statement.effect === 'Deny' ? deniesAtLarge : allowsAtLarge)(statement, audience) === UNKNOWN,
  );
}
