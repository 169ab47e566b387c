import type { Block } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject } from '../model/value.ts';
import { own } from './_terraform-values.ts';

/**
 * A resource's values with all its tags. A plan shows them as not known yet as soon as one of them is not, or where nobody
 * gives any to something new; without tags that the provider gives to everything, they are those of the resource alone.
 */
export function settleTags({ values }: Pick<Block, 'values'>, provider: Json | undefined): JsonObject {
  const tags = own(values, 'tags') ?? {};
  if (!isUnknown(values.tags_all) || !isObject(tags) || isUnknown(tags)) return values;
  const isTold = own(provider, 'name') === 'aws';
  const givesTags = own(own(provider, 'expressions'), 'default_tags') !== undefined;
  return isTold && !givesTags ? { ...values, tags_all: tags } : values;
}
