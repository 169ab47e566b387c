import { declared, declaredItems, declaredText, tagList } from './declared.ts';
import { doubtOf } from './declared-policy.ts';
import type { Block, Declared, SetForm, StackTag } from './resource-type.ts';
import { canonicalJson, isObject, isUnknown, type Json, unknown } from './value.ts';

/** Begins what is said of tags that a stack gives to all that it makes, and a template does not tell. */
export const tagsUnsaid = 'the tags of the stack are not in the template';

const unsaidTags = unknown('not-collected', tagsUnsaid);

/**
 * The tags of a resource in a plan, those that the provider gives to everything among them. Of what is there already and
 * has no such attribute, nobody knows them.
 */
export function plannedTags({ values, isNew }: Block): Declared {
  const told = values.tags_all ?? values.tags;
  const own = tagList(values.tags);
  // Where the provider may add some, those of the resource itself stand all the same.
  if (isUnknown(told) && Array.isArray(own)) return [...(own as readonly Json[]), told];
  if (told !== undefined && told !== null) return tagList(told);
  return isNew || 'tags' in values || 'tags_all' in values
    ? []
    : unknown('not-collected', 'a plan does not tell its tags');
}

/**
 * A list of tags in a template, whose keys and values may be written as numbers, in AWS's words, and those of its stack,
 * which give way to a resource's own.
 */
export function templateTags(
  { stackTags }: Pick<Block, 'stackTags'>,
  written: Declared,
  convert: (tag: Json) => Json = plainTag,
): Json {
  const items = declaredItems(written);
  if (isUnknown(items)) return items;
  const own = items.map((tag) => (isUnknown(tag) ? tag : convert(tag)));
  if (stackTags === undefined) return [...own, unsaidTags];
  const isFree = ({ Key }: StackTag) => !own.some((tag) => isObject(tag) && !isUnknown(tag) && tag.Key === Key);
  return [...own, ...stackTags.filter(isFree).map(({ Key, Value }) => convert({ Key, Value }))];
}

function plainTag(tag: Json): Json {
  return { Key: declaredText(declared(tag, 'Key')), Value: declaredText(declared(tag, 'Value')) };
}

/** Tags are told apart by their keys. */
export const tagSet: SetForm = {
  key: (tag) => (isObject(tag) && typeof tag.Key === 'string' ? tag.Key : canonicalJson(tag)),
};

/** Terraform's resource for one tag of anything in EC2. */
export const tagBlock = 'aws_ec2_tag';

/** Whether what a tag refers to is a new resource of a plan, by its address, and of another type than that. */
export function isOfOtherType(identity: string, type: string): boolean {
  const [, found] = /(?:^|[./])(aws_[a-z0-9_]+)\.[\w-]+(?:\[.*\])?$/.exec(identity) ?? [];
  return found !== undefined && found !== type;
}

/**
 * Tags that are written one by one, beside those of the resource itself. Where these are told elsewhere, there is a list
 * all the same, to which something can be added.
 */
export function withSeparateTags(block: Block, satellites: readonly Block[], doubtful: readonly Block[]): Json {
  const told = declaredItems(plannedTags(block));
  if (isUnknown(told) && block.isNew) return told;
  const added = satellites
    .filter(({ type, isRemoved }) => type === tagBlock && isRemoved !== true)
    .map(({ values }) => ({ Key: values.key, Value: values.value }));
  const doubt = doubtOf(doubtful.filter(({ type }) => type === tagBlock));
  return [...(isUnknown(told) ? [told] : told), ...added, ...(doubt === undefined ? [] : [doubt])];
}
