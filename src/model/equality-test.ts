import { equality } from './equality.ts';
import { doubts } from './observations.ts';
import { refuseMisfit } from './operand.ts';
import { OperandError, type OperatorPlace, type Test } from './operator.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from './truth.ts';
import { isObject, type Json } from './value.ts';
import { expectation, say } from './words.ts';

const deepest = 16;

/**
 * The test of `eq`, or turned round that of `ne`.
 *
 * @throws OperandError
 */
export function equalityTest(operand: Json, place: OperatorPlace, negated: boolean): Test {
  refuseUnequatable(operand, []);
  refuseMisfit(operand, place.shape);
  const turn = negated ? not : (answer: Truth) => answer;
  const test = (value: Json) => turn(equality(operand, value));
  if (typeof operand === 'string') {
    const excluded = turn(FALSE);
    return { test, unknown: (gap) => (gap.not?.includes(operand) === true ? excluded : UNKNOWN) };
  }
  if (typeof operand !== 'object') return { test };
  return {
    test,
    explain(value, _resource, _run, path, answer) {
      const expected = expectation(equalityWords(operand, negated !== (answer === TRUE)));
      return answer === UNKNOWN ? doubts(value, path, expected) : [{ path, observed: value, expected }];
    },
  };
}

export function equalityWords(operand: Json, negated: boolean): string {
  return `is ${negated ? 'not ' : ''}${say(operand)}`;
}

function refuseUnequatable(operand: Json, at: readonly (string | number)[]): void {
  if (operand === null) throw new OperandError("nothing equals null: write 'exists: false'", at);
  if (at.length > deepest) throw new OperandError(`a value nested more than ${deepest} deep`, at);
  if (Array.isArray(operand)) {
    for (const [index, item] of (operand as readonly Json[]).entries()) refuseUnequatable(item, [...at, index]);
  } else if (isObject(operand)) {
    if (Object.hasOwn(operand, '$unknown')) throw new OperandError('nothing equals a value that was not collected', at);
    for (const [key, member] of Object.entries(operand)) {
      if (member !== null && member !== undefined) refuseUnequatable(member, [...at, key]);
    }
  }
}
