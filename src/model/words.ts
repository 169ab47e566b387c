import { isObject, type Json } from './value.ts';

/** An operand in a sentence: text in double quotes, and a parameter that is not filled in as `the policy's maxDays`. */
export function say(value: Json | undefined): string {
  const parameter = parameterName(value);
  return parameter === undefined ? (JSON.stringify(value) ?? 'nothing') : `the policy's ${parameter}`;
}

/** As {@link say}, but text stands bare: for durations, addresses and dates. */
export function sayBare(value: Json | undefined): string {
  return typeof value === 'string' ? value : say(value);
}

/** The alternatives or members of an operand that is one value or a list: `"a", "b" or "c"`. */
export function sayList(
  operand: Json | undefined,
  conjunction: 'and' | 'or',
  sayOne: (value: Json | undefined) => string = say,
): string {
  if (!Array.isArray(operand)) return parameterName(operand) === undefined ? sayOne(operand) : say(operand);
  const parts = (operand as readonly Json[]).map(sayOne);
  const last = parts.pop();
  if (last === undefined) return 'nothing';
  return parts.length === 0 ? last : `${parts.join(', ')} ${conjunction} ${last}`;
}

/** `1 item`, `2 items`; the plural takes an `s`. */
export function count(number: Json | undefined, noun: string): string {
  return `${say(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a string`, `a list`: how a message calls the kind of a value. */
export function kindName(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The expectation that a sentence states: `is at most 184` expects `at most 184`. */
export function expectation(sentence: string): string {
  return sentence.startsWith('is ') ? sentence.slice(3) : sentence;
}

function parameterName(value: Json | undefined): string | undefined {
  if (!isObject(value) || typeof value.param !== 'string') return undefined;
  return Object.keys(value).length === 1 ? value.param : undefined;
}
