import { parseArn } from '../model/arn.ts';
import { compileGlobs } from '../model/glob.ts';
import { membersOperand, textsOperand, textsSchema } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE, truth, UNKNOWN } from '../model/truth.ts';
import { isObject, type Json } from '../model/value.ts';
import { say, sayList } from '../model/words.ts';

const parts = ['partition', 'service', 'region', 'account', 'resource'] as const;

/** An ARN judged part by part, each by a glob or a list of them. Text that is no ARN is of the wrong kind: UNKNOWN. */
export const operator: Operator = {
  name: 'arn',
  summary: 'Is an ARN whose named parts match these globs.',
  operand: {
    type: 'object',
    properties: Object.fromEntries(parts.map((part) => [part, textsSchema])),
    additionalProperties: false,
    minProperties: 1,
    examples: [{ service: 'kms', account: '111122223333' }, { resource: ['role/app/*', 'role/ci/*'] }],
  },
  kinds: ['string'],
  whenAbsent: FALSE,
  prepare(operand) {
    const members = membersOperand(operand, parts);
    const matchers = parts
      .filter((part) => members[part] !== undefined)
      .map((part) => ({ part, matches: compileGlobs(textsOperand(members[part], 'a pattern', [part])) }));
    return {
      test(value) {
        const arn = typeof value === 'string' ? parseArn(value) : undefined;
        return arn === undefined ? UNKNOWN : truth(matchers.every(({ part, matches }) => matches(arn[part])));
      },
    };
  },
  words: (operand, negated) => `is ${negated ? 'not ' : ''}an ARN ${sayParts(operand)}`,
};

function sayParts(operand: Json): string {
  if (!isObject(operand)) return `like ${say(operand)}`;
  const named = parts.filter((part) => operand[part] !== undefined);
  if (named.length === 0) return `like ${say(operand)}`;
  return named.map((part) => `whose ${part} is like ${sayList(operand[part], 'or')}`).join(' and ');
}
