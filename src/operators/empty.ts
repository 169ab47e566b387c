import { hasContent } from '../model/list-size.ts';
import { doubts } from '../model/observations.ts';
import { booleanOperand } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { FALSE, not, TRUE, truth, UNKNOWN } from '../model/truth.ts';
import type { Json } from '../model/value.ts';
import { expectation, say } from '../model/words.ts';

/** Emptiness of a text, a list or an object; what is absent is empty. */
export const operator: Operator = {
  name: 'empty',
  summary: 'Is an empty text, list or object or is absent (`true`), or holds something (`false`).',
  operand: { type: 'boolean', examples: [true, false] },
  kinds: ['string', 'policy', 'list', 'object'],
  whenAbsent: FALSE,
  prepare(operand) {
    const wanted = booleanOperand(operand);
    return {
      absent: truth(wanted),
      test: (value) => (wanted ? not(hasContent(value)) : hasContent(value)),
      explain(value, _resource, _run, path, answer) {
        const expected = expectation(words(operand, answer === TRUE));
        return answer === UNKNOWN ? doubts(value, path, expected) : [{ path, observed: value, expected }];
      },
    };
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  if (typeof operand !== 'boolean') return `is ${negated ? 'not ' : ''}empty as ${say(operand)} says`;
  return operand === negated ? 'is not empty' : 'is empty';
}
