import { FALSE, TRUE, type Truth, truth, UNKNOWN } from './truth.ts';
import { type Found, isObject, isUnknown, type Json, type JsonObject } from './value.ts';

/**
 * Whether a value equals a literal, part by part. A part of another kind than the literal's is UNKNOWN and never
 * coerced; a marker is UNKNOWN; one certain difference anywhere is FALSE. The order of a list counts, that of members
 * does not. Recursion is as deep as the literal, whatever the value.
 */
export function equality(literal: Json, value: Found): Truth {
  if (value === literal) return literal === null ? UNKNOWN : TRUE;
  if (value === undefined || value === null || isUnknown(value)) return UNKNOWN;
  if (Array.isArray(literal)) return Array.isArray(value) ? listEquality(literal, value) : UNKNOWN;
  if (isObject(literal)) return isObject(value) ? objectEquality(literal, value) : UNKNOWN;
  return typeof value === typeof literal ? FALSE : UNKNOWN;
}

/** A marker in a list stands for any number of items, so that only what comes before the first one can be aligned. */
function listEquality(literal: readonly Json[], value: readonly Json[]): Truth {
  const first = value.findIndex(isUnknown);
  let certain = value.length;
  if (first !== -1) for (let index = first; index < value.length; index++) if (isUnknown(value[index])) certain--;
  if (certain > literal.length) return FALSE;
  const aligned = first === -1 ? value.length : first;
  let answer: Truth = first === -1 ? truth(certain === literal.length) : UNKNOWN;
  for (let index = 0; index < aligned && answer !== FALSE; index++) {
    answer = least(answer, equality(literal[index] ?? null, value[index]));
  }
  return answer;
}

function objectEquality(literal: JsonObject, value: JsonObject): Truth {
  let answer: Truth = TRUE;
  for (const key of Object.keys(literal)) {
    answer = least(answer, memberEquality(own(literal, key), own(value, key)));
    if (answer === FALSE) return FALSE;
  }
  for (const key of Object.keys(value)) {
    if (isAbsent(own(literal, key))) answer = least(answer, memberEquality(undefined, own(value, key)));
    if (answer === FALSE) return FALSE;
  }
  return answer;
}

function memberEquality(literal: Found, value: Found): Truth {
  if (isUnknown(value)) return UNKNOWN;
  if (literal === undefined || literal === null) return truth(isAbsent(value));
  return isAbsent(value) ? FALSE : equality(literal, value);
}

function own(object: JsonObject, key: string): Found {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isAbsent(value: Found): boolean {
  return value === undefined || value === null;
}

function least(a: Truth, b: Truth): Truth {
  return a < b ? a : b;
}
