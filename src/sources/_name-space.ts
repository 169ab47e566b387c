import type { ResourceType } from '../model/resource-type.ts';
import { unnamed } from '../model/unnamed.ts';
import type { PlacedBlock } from './_declared.ts';
import type { NameSpace } from './_satellites.ts';

/** The ARN of what has a name that nobody else may have, wherever it lies, tells of no place. */
function isUniqueEverywhere({ arn = '' }: ResourceType): boolean {
  return arn.includes('{partition}') && !arn.includes('{account}') && !arn.includes('{region}');
}

/** Within what names of a type are unique: everywhere, in an account, or in a region of it. */
export function nameSpaceOf(type: ResourceType): NameSpace<PlacedBlock> {
  if (isUniqueEverywhere(type)) return { of: () => '', mayShare: () => true };
  const isGlobal = type.reach === 'global';
  const isOne = (a: string, b: string, open: string) => a === b || a === open || b === open;
  return {
    of: ({ account, region }) => (isGlobal ? account : `${account}/${region}`),
    mayShare: (one, other) =>
      isOne(one.account, other.account, unnamed.account) &&
      (isGlobal || isOne(one.region, other.region, unnamed.region)),
  };
}
