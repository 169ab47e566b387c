import { scalarsOperand } from './operand.ts';
import type { OperatorPlace, Test } from './operator.ts';
import { FALSE, TRUE, type Truth, truth, UNKNOWN } from './truth.ts';
import type { Json } from './value.ts';
import { sayList } from './words.ts';

/**
 * The test of `in`, or turned round that of `notIn`. A value can be judged when its kind is that of one of the members;
 * nothing that is a plain value is in an empty list.
 *
 * @throws OperandError
 */
export function membershipTest(operand: Json, place: OperatorPlace, negated: boolean): Test {
  const members = scalarSet(scalarsOperand(operand, place.shape));
  return {
    test: (value) => (members.has(value) ? truth(!negated) : members.judges(value) ? truth(negated) : UNKNOWN),
  };
}

export function membershipWords(operand: Json, negated: boolean): string {
  if (Array.isArray(operand) && operand.length === 1) return `is ${negated ? 'not ' : ''}${sayList(operand, 'or')}`;
  return negated ? `is none of ${sayList(operand, 'and')}` : `is one of ${sayList(operand, 'or')}`;
}

const few = 8;

/** Plain values, and which kinds of value may be compared with them. */
export interface ScalarSet {
  has(value: Json): boolean;
  judges(value: Json): boolean;
}

export function scalarSet(members: readonly (string | number | boolean)[]): ScalarSet {
  const all: readonly Json[] = members;
  const set: ReadonlySet<Json> = new Set(all);
  const kinds = new Set<string>(
    members.length === 0 ? ['string', 'number', 'boolean'] : members.map((one) => typeof one),
  );
  // A few texts are compared faster than one is hashed.
  const has = all.length <= few ? (value: Json) => all.includes(value) : (value: Json) => set.has(value);
  return { has, judges: (value) => kinds.has(typeof value) };
}

/** Whether a list holds one of these: TRUE on a certain hit, UNKNOWN when an item that cannot be judged may be one. */
export function holdsOne(list: readonly Json[], members: ScalarSet): Truth {
  let answer: Truth = FALSE;
  for (const item of list) {
    if (members.has(item)) return TRUE;
    if (!members.judges(item)) answer = UNKNOWN;
  }
  return answer;
}

/** Whether a list holds nothing but these: FALSE on a certain stranger, UNKNOWN when an item cannot be judged. */
export function holdsOnly(list: readonly Json[], members: ScalarSet): Truth {
  let answer: Truth = TRUE;
  for (const item of list) {
    if (members.has(item)) continue;
    if (members.judges(item)) return FALSE;
    answer = UNKNOWN;
  }
  return answer;
}

/** Whether a list holds each of these: FALSE when one is certainly missing. */
export function holdsEach(list: readonly Json[], members: readonly (string | number | boolean)[]): Truth {
  const found: ReadonlySet<Json> = new Set(list);
  const missing = members.filter((member) => !found.has(member));
  if (missing.length === 0) return TRUE;
  const kinds = new Set(list.map((item) => typeof item));
  return missing.some((member) => onlyKind(kinds, typeof member)) ? FALSE : UNKNOWN;
}

function onlyKind(kinds: ReadonlySet<string>, kind: string): boolean {
  return kinds.size === 0 || (kinds.size === 1 && kinds.has(kind));
}
