import { parseArn } from '../model/arn.ts';
import { textsOperand } from '../model/operand.ts';
import { OperandError, type Operator } from '../model/operator.ts';
import type { Resource } from '../model/resource.ts';
import { FALSE, type Truth, truth, UNKNOWN } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { sayBare, sayList } from '../model/words.ts';

const parts = ['account', 'region'] as const;
type Part = (typeof parts)[number];

const wellFormed: Readonly<Record<Part, RegExp>> = {
  account: /^\d{12}$/,
  region: /^[a-z]{2,8}(-[a-z]{1,20}){1,4}-\d{1,3}$/,
};

/**
 * Another account or region than that of the judged resource, by an ARN or by the twelve digits of an account. Where
 * neither of two can be compared, such as the region in the ARN of a bucket, the answer is UNKNOWN.
 */
export const operator: Operator = {
  name: 'elsewhere',
  summary: "Is an ARN, or an account's id, of another account or region than the resource: any of those listed.",
  operand: {
    anyOf: [
      { type: 'string', enum: [...parts] },
      { type: 'array', items: { type: 'string', enum: [...parts] }, minItems: 1, maxItems: 2 },
    ],
    examples: ['account', ['account', 'region']],
  },
  kinds: ['string'],
  whenAbsent: FALSE,
  prepare(operand) {
    const compared = partsOperand(operand);
    return {
      test(value, resource) {
        let answer: Truth = FALSE;
        for (const part of compared) {
          const one = differs(value, part, resource);
          if (one > answer) answer = one;
        }
        return answer;
      },
    };
  },
  words: (operand, negated) =>
    negated
      ? `agrees with the resource in ${sayList(operand, 'and', sayBare)}`
      : `differs from the resource in ${sayList(operand, 'or', sayBare)}`,
};

function differs(value: Json, part: Part, resource: Resource): Truth {
  const there = partOf(value, part);
  const here = resource[part];
  if (there === undefined || !wellFormed[part].test(there) || !wellFormed[part].test(here)) return UNKNOWN;
  return truth(there !== here);
}

function partOf(value: Json, part: Part): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (wellFormed.account.test(value)) return part === 'account' ? value : undefined;
  return parseArn(value)?.[part];
}

function partsOperand(operand: Json): readonly Part[] {
  const names = textsOperand(operand, "'account' or 'region'");
  if (names.length === 0) throw new OperandError("expected 'account', 'region' or both, found an empty list");
  return names.map((name, index) => {
    const part = parts.find((one) => one === name);
    if (part !== undefined) return part;
    throw new OperandError(`'${name}' is neither 'account' nor 'region'`, Array.isArray(operand) ? [index] : []);
  });
}
