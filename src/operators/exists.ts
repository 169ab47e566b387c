import { booleanOperand } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE, truth, UNKNOWN } from '../model/truth.ts';
import { isUnknown } from '../model/value.ts';
import { say } from '../model/words.ts';

/** Presence, of whatever value: an empty list and an empty text exist. JSON null does not. */
export const operator: Operator = {
  name: 'exists',
  summary: 'Is set (`true`), or is known to be absent (`false`).',
  operand: { type: 'boolean', examples: [true, false] },
  kinds: ['string', 'number', 'boolean', 'timestamp', 'policy', 'list', 'object', 'any'],
  whenAbsent: FALSE,
  prepare(operand) {
    const wanted = booleanOperand(operand);
    return {
      absent: truth(!wanted),
      test: (value) => (isUnknown(value) ? UNKNOWN : truth((value !== null) === wanted)),
    };
  },
  words(operand, negated) {
    if (typeof operand !== 'boolean') return `is ${negated ? 'not ' : ''}set as ${say(operand)} says`;
    return operand === negated ? 'is not set' : 'is set';
  },
};
