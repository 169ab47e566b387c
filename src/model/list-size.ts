import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';
import { isObject, isUnknown, type Json } from './value.ts';

/**
 * Whether a list has at least so many items. A marker in a list stands for any number of items, none included, so that
 * only the items around it are counted as certain.
 */
export function hasAtLeast(list: readonly Json[], number: number): Truth {
  let certain = 0;
  for (const item of list) if (!isUnknown(item)) certain++;
  if (certain >= number) return TRUE;
  return certain < list.length ? UNKNOWN : FALSE;
}

/** Whether a text, list or object holds anything; absent members of an object are nothing. UNKNOWN for any other kind. */
export function hasContent(value: Json): Truth {
  if (typeof value === 'string') return value === '' ? FALSE : TRUE;
  if (Array.isArray(value)) return hasAtLeast(value, 1);
  if (!isObject(value) || isUnknown(value)) return UNKNOWN;
  const members = Object.values(value).filter((member) => member !== undefined && member !== null);
  if (members.length === 0) return FALSE;
  return members.every(isUnknown) ? UNKNOWN : TRUE;
}
