import type { TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type Json, type Unknown, unknown } from '../model/value.ts';
import type { BlockContext, PlanBlock } from './_plan-blocks.ts';
import { filledWith, isOpen, openItems } from './_plan-open.ts';
import { targetOfSameKey } from './_plan-same-key.ts';
import type { Target } from './_terraform-references.ts';
import { own } from './_terraform-values.ts';

/** What references of a plan lead to. */
function namingOf(blocks: readonly PlanBlock[], forms: readonly TerraformForm[], context: BlockContext) {
  const { identityOf, isListOfReferences, isReference, prefix } = context;
  const present = blocks.filter(({ isRemoved }) => !isRemoved);
  const byAddress = new Map(present.map((block) => [block.address.slice(prefix.length), block]));
  const mains = new Set(forms.flatMap(({ main }) => main));
  const identityBehind = (target: Target | undefined): string | undefined => {
    const other = target && byAddress.get(target.address);
    if (target === undefined || other === undefined || !mains.has(other.type)) return undefined;
    const isId = target.attribute === undefined || identityOf.get(other.type)?.includes(target.attribute) === true;
    return isId ? other.identity : undefined;
  };
  /** Whether others may name something else with the same reference: a name is what somebody makes up, an id is not. */
  const isName = ({ address }: Target) => {
    const [best = 'id'] = identityOf.get(byAddress.get(address)?.type ?? '') ?? [];
    return best !== 'id' && best !== 'arn';
  };
  /** What an attribute that is not known yet refers to, if that is all there is to it. */
  const confirmed = (
    { instance: { address } }: PlanBlock,
    name: string,
    isList: boolean,
    targets: readonly Target[],
  ) => (!targets.some(isName) || (isList ? isListOfReferences : isReference)(address, name) ? targets : []);
  return { identityBehind, isName, confirmed };
}

/** Puts the names of other resources of the plan in the place of their ids, which are not known yet. */
export function resolveLinks(
  blocks: readonly PlanBlock[],
  forms: readonly TerraformForm[],
  links: ReadonlyMap<string, ReadonlySet<string>>,
  context: BlockContext,
): readonly PlanBlock[] {
  const { configuration, isListOfReferences, keyedReference } = context;
  const { identityBehind, isName, confirmed } = namingOf(blocks, forms, context);
  /** A list of which nothing is known: a plan says what its expression names, and not whether there is more to it. */
  const listOf = (block: PlanBlock, name: string): readonly Json[] | undefined => {
    const one = configuration.targetOf(block.instance, name);
    const targets = one === undefined ? configuration.targetsOf(block.instance, name) : [one];
    const identities = targets.flatMap((target) => identityBehind(target) ?? []);
    const [only, ...others] = identities;
    if (only === undefined || identities.length < targets.length) return undefined;
    if (isListOfReferences(block.instance.address, name)) return [...new Set(identities)];
    // Of several, a function may choose some.
    if (others.length > 0 || targets.some(isName)) return undefined;
    return [only, moreThan(targets[0]?.address ?? only)];
  };
  const twinOf = ({ instance, values }: PlanBlock, name: string, isList: boolean): Json | undefined => {
    const written = isOpen(own(values, name)) ? keyedReference(instance.address, name) : undefined;
    const twin = identityBehind(targetOfSameKey(instance, name, written, configuration));
    return isList && twin !== undefined ? [twin] : twin;
  };
  const valueOf = (block: PlanBlock, name: string, isList: boolean): Json | undefined => {
    const value = own(block.values, name);
    if (isList && isUnknown(value)) return listOf(block, name);
    const open = openItems(value) > 0 ? configuration.targetsOf(block.instance, name) : [];
    const targets = confirmed(block, name, true, open);
    const filled = filledWith(value, targets.map(identityBehind));
    if (filled !== undefined || !isOpen(value)) return filled;
    const target = configuration.targetOf(block.instance, name);
    const [one] = target === undefined ? [] : confirmed(block, name, isList, [target]);
    const identity = identityBehind(one);
    return isList && identity !== undefined ? [identity] : identity;
  };
  const resolve = (block: PlanBlock, attribute: string): readonly (readonly [string, Json])[] => {
    const name = attribute.replace(/\[\]$/, '');
    const isList = name !== attribute;
    const value = twinOf(block, name, isList) ?? valueOf(block, name, isList);
    return value === undefined ? [] : [[name, value]];
  };
  return blocks.map((block) => {
    if (block.isRemoved) return block;
    const resolved = [...(links.get(block.type) ?? [])].flatMap((attribute) => resolve(block, attribute));
    return resolved.length === 0 ? block : { ...block, values: { ...block.values, ...Object.fromEntries(resolved) } };
  });
}

function moreThan(address: string): Unknown {
  const detail = `it may hold more than ${address.slice(0, 200)}: the plan names references only; give --source FOLDER to read the expression`;
  return unknown('known-after-apply', detail);
}
