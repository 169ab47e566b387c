import type { TerraformForm } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { isObject, isUnknown, unknown } from '../model/value.ts';
import type { Sides } from './_plan-sides.ts';
import { own } from './_terraform-values.ts';

/** The two sides of an update, the later of which does not know yet what AWS puts off until a time of its own. */
export function withPending({ before, after }: Sides, pending: TerraformForm['pending']): Sides {
  if (pending === undefined || !isObject(before) || !isObject(after) || isUnknown(before) || isUnknown(after))
    return { before, after };
  if (own(after, pending.unless) === true) return { before, after };
  const detail = `it changes in the next maintenance window: ${pending.unless} is not set`;
  const isPutOff = (name: string) => !same(own(before, name) ?? null, own(after, name) ?? null);
  const open = pending.attributes.filter(isPutOff).map((name) => [name, unknown('known-after-apply', detail)] as const);
  return { before, after: open.length === 0 ? after : { ...after, ...Object.fromEntries(open) } };
}
