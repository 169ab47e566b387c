import type { Configuration, Instance, Target } from './_terraform-references.ts';
import { own, ownList } from './_terraform-values.ts';

const keyed = /^([A-Za-z][\w-]*)\.([A-Za-z_][\w-]*)\[(each\.key|count\.index)\]\.(\w+)$/;

/**
 * The instance of another resource that has the same key, where the files write it so: `aws_security_group.web[each.key].id`.
 * A plan names the two parts of such an expression alone, which may as well stand apart.
 *
 * @param written the expression in the files, undefined where it is another one
 */
export function targetOfSameKey(
  { address, module, type, name }: Instance,
  attribute: string,
  written: string | undefined,
  configuration: Configuration,
): Target | undefined {
  const [, otherType = '', otherName = '', pick = '', member] = keyed.exec(written ?? '') ?? [];
  const scope = module === '' ? '' : `${module}.`;
  const bare = `${scope}${type}.${name}`;
  if (pick === '' || !address.startsWith(`${bare}[`)) return undefined;
  const resource = configuration.resourceOf({ address, module, type, name });
  const references = ownList(own(own(resource, 'expressions'), attribute), 'references');
  if (!references.includes(pick) || !references.includes(`${otherType}.${otherName}`)) return undefined;
  return { address: `${scope}${otherType}.${otherName}${address.slice(bare.length)}`, attribute: member };
}
