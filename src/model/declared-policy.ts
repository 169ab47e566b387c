import { decodeDocument } from './decode-document.ts';
import type { Block, Declared } from './resource-type.ts';
import { isUnknown, type Unknown, unknown } from './value.ts';

/** The policy of a resource that can have only one, out of those that were declared for it. */
export function onlyPolicy(policies: readonly Declared[], doubt: Unknown | undefined): Declared {
  const [policy] = policies;
  if (policies.length > 1) return unknown('type', 'more than one policy is declared for it, and it can have only one');
  if (doubt !== undefined) return doubt;
  return typeof policy === 'string' ? decodeDocument(policy) : policy;
}

const inNoOrder = unknown(
  'known-after-apply',
  'one is deleted and another created in one run, and which comes last is not told; keep its address or logical id',
);
const left = unknown('known-after-apply', 'it was of what is replaced, and nothing makes it anew');

/** Why nobody knows whether a resource has the one part of a kind that it can have, of those that are declared for it. */
export function unsettledPart(main: Block, parts: readonly Block[]): Unknown | undefined {
  const present = parts.filter(({ isRemoved }) => !isRemoved);
  const stays = (part: Block) => present.some(({ address }) => address === part.address);
  if (present.some(({ isNew }) => isNew) && parts.some((part) => part.isRemoved && !stays(part))) return inNoOrder;
  return main.isNew && present.some(({ isNew }) => !isNew) ? left : undefined;
}

/** Why there may be more to a resource than what certainly belongs to it. */
export function doubtOf(doubtful: readonly { readonly address: string }[]): Unknown | undefined {
  const [first] = doubtful;
  if (first === undefined) return undefined;
  const others = doubtful.length === 1 ? '' : ` (and ${doubtful.length - 1} more)`;
  return unknown('known-after-apply', `it is not known to what ${first.address}${others} adds`);
}

/** A marker for a value that AWS or the tool chooses, where none was declared. */
export function chosen(value: Declared, what: string): Declared {
  // A parameter without a value is what the user can mend, and so are an account and a region that nobody has named.
  if (isUnknown(value) && /^(?:parameter |AWS::)/.test(value.detail ?? '')) return value;
  return value === undefined || value === null || (isUnknown(value) && value.$unknown === 'known-after-apply')
    ? unknown('known-after-apply', `${what} is known only when it exists`)
    : value;
}
