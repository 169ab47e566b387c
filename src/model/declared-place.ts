import type { Block, Declared } from './resource-type.ts';
import { isUnknown, unknown } from './value.ts';

const unnamedAccount = unknown('not-collected', 'nobody said to which account it is deployed');
const unnamedRegion = unknown('not-collected', 'nobody said to which region it is deployed');

export function accountOf({ place }: Block): Declared {
  return place?.account ?? unnamedAccount;
}

export function regionOf({ place }: Block): Declared {
  return place?.region ?? unnamedRegion;
}

/** The parts of an ARN behind its partition; those of `resource` are written one after the other. */
export interface ArnParts {
  readonly service: string;
  /** `global` for services without regions. */
  readonly region?: 'global';
  readonly resource: readonly Declared[];
}

/**
 * The ARN of what AWS names by nothing but names: what a document tells, else what follows from its parts. Something that
 * is there already has told its ARN, and of it nothing follows.
 */
export function namedArn(block: Block, told: Declared, { service, region, resource }: ArnParts): Declared {
  if (typeof told === 'string' && told !== '') return told;
  const parts = [region === 'global' ? '' : regionOf(block), accountOf(block), ...resource];
  const [where = '', account = '', ...names] = parts.filter((part) => typeof part === 'string');
  if (block.isNew && block.place !== undefined && names.length === resource.length)
    return ['arn', block.place.partition, service, where, account, names.join('')].join(':');
  if (!block.isNew) return unknown('not-collected', 'it is there already, and its ARN is not told');
  return parts.find(isUnknown) ?? unknown('known-after-apply', 'its ARN is known only when it exists');
}
