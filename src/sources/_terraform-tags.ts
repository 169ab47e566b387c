import type { Block } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject } from '../model/value.ts';
import { own } from './_terraform-values.ts';

/**
 * What a provider computes as all tags of something new, where nobody gives it any: a plan shows it as not known yet,
 * and yet there are none. Tags that the provider gives to everything would be known, or written in its configuration.
 */
export function settleTags({ values, isNew }: Pick<Block, 'values' | 'isNew'>, provider: Json | undefined): JsonObject {
  if (!isNew || !isUnknown(values.tags_all) || !isBare(own(values, 'tags'))) return values;
  const isTold = own(provider, 'name') === 'aws';
  const givesTags = own(own(provider, 'expressions'), 'default_tags') !== undefined;
  return isTold && !givesTags ? { ...values, tags_all: {} } : values;
}

/** What is not written at all, or written as a map of nothing. */
function isBare(tags: Json | undefined): boolean {
  if (tags === undefined || tags === null) return true;
  return isObject(tags) && !isUnknown(tags) && Object.keys(tags).length === 0;
}
