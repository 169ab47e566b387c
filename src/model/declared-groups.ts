import { declared, declaredItems } from './declared.ts';
import type { MaybeEntry, PermissionEntry, SourceList } from './declared-permissions.ts';
import { tagBlock } from './declared-tags.ts';
import type { Block, Declared } from './resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, unknown } from './value.ts';

export type Direction = 'ingress' | 'egress';

const described = (source: JsonObject, description: Declared): JsonObject => ({
  ...source,
  Description: description === '' ? undefined : description,
});

type Range = Pick<PermissionEntry, 'protocol' | 'from' | 'to'>;

/** One entry for each item of a list; a list that is not known is one entry that stands for any number. */
function spread(range: Range, list: SourceList, values: Declared, toSource: (value: Json) => JsonObject): MaybeEntry[] {
  const items = declaredItems(values);
  if (isUnknown(items)) return [{ ...range, list, source: items }];
  return items.map((item) => ({ ...range, list, source: toSource(item) }));
}

/** The account of another group is not told, but for `account/group`. */
function pairOf(group: Json): JsonObject {
  const parts = typeof group === 'string' ? /^([0-9]{12})\/(.+)$/.exec(group) : null;
  if (parts?.[1] !== undefined && parts[2] !== undefined) return { GroupId: parts[2], UserId: parts[1] };
  return { GroupId: group };
}

/** The sources of a rule, as both Terraform's older resources name them. */
interface Sources {
  readonly addresses: Declared;
  readonly addressesV6: Declared;
  readonly prefixLists: Declared;
  readonly groups: Declared;
  readonly self: Declared;
  readonly description: Declared;
}

function entriesOf(range: Range, sources: Sources, own: string): MaybeEntry[] {
  const { description, self } = sources;
  const entries = [
    ...spread(range, 'IpRanges', sources.addresses, (CidrIp) => described({ CidrIp }, description)),
    ...spread(range, 'Ipv6Ranges', sources.addressesV6, (CidrIpv6) => described({ CidrIpv6 }, description)),
    ...spread(range, 'PrefixListIds', sources.prefixLists, (id) => described({ PrefixListId: id }, description)),
    ...spread(range, 'UserIdGroupPairs', sources.groups, (group) => described(pairOf(group), description)),
  ];
  if (self === true) entries.push({ ...range, list: 'UserIdGroupPairs', source: described(pairOf(own), description) });
  else if (self !== undefined && self !== null && self !== false)
    entries.push({
      ...range,
      list: 'UserIdGroupPairs',
      source: isUnknown(self) ? self : unknown('type', 'self is neither true nor false'),
    });
  return entries;
}

/** A value that may be one text, as a list. */
function listOf(value: Declared): Declared {
  return value === undefined || value === null || value === '' || isUnknown(value) ? value || undefined : [value];
}

const noRule = unknown('type', 'one of its rules is not an object');

/** An `ingress` or `egress` block inside `aws_security_group`. */
export function inlineEntries(rule: Json, own: string): MaybeEntry[] {
  if (isUnknown(rule)) return [rule];
  if (!isObject(rule)) return [noRule];
  const at = (name: string) => declared(rule, name);
  return entriesOf(
    { protocol: at('protocol'), from: at('from_port'), to: at('to_port') },
    {
      addresses: at('cidr_blocks'),
      addressesV6: at('ipv6_cidr_blocks'),
      prefixLists: at('prefix_list_ids'),
      groups: at('security_groups'),
      self: at('self'),
      description: at('description'),
    },
    own,
  );
}

/** A rule that is a resource of its own, of any of the three types that Terraform has had. */
export function ruleEntries(block: Block, own: string): MaybeEntry[] {
  const at = (name: string) => declared(block.values, name);
  if (block.type !== 'aws_security_group_rule') {
    return entriesOf(
      { protocol: at('ip_protocol'), from: at('from_port'), to: at('to_port') },
      {
        addresses: listOf(at('cidr_ipv4')),
        addressesV6: listOf(at('cidr_ipv6')),
        prefixLists: listOf(at('prefix_list_id')),
        groups: listOf(at('referenced_security_group_id')),
        self: undefined,
        description: at('description'),
      },
      own,
    );
  }
  // Terraform lets AWS fill in the group where none is written, so that it is never known beforehand.
  const group = at('source_security_group_id');
  const isUnwritten = isUnknown(group) && block.written?.has('source_security_group_id') === false;
  return entriesOf(
    { protocol: at('protocol'), from: at('from_port'), to: at('to_port') },
    {
      addresses: at('cidr_blocks'),
      addressesV6: at('ipv6_cidr_blocks'),
      prefixLists: at('prefix_list_ids'),
      // In the state of a rule about the group itself, that group is written here, too.
      groups: isUnwritten || (group === own && at('self') === true) ? undefined : listOf(group),
      self: at('self'),
      description: at('description'),
    },
    own,
  );
}

/** Which list a rule that is a resource of its own adds to; undefined where that is not known. */
export function directionOf(block: Block): Direction | undefined {
  if (block.type === 'aws_security_group_rule') {
    const type = block.values.type;
    return type === 'ingress' || type === 'egress' ? type : undefined;
  }
  return /egress/i.test(block.type) ? 'egress' : 'ingress';
}

const remembered = new WeakMap<readonly Block[], Readonly<Record<Direction, readonly Block[]>>>();

/** Those rules that may add to a list. Remembered, since the rules in doubt are the same for all groups. */
export function concerning(direction: Direction, rules: readonly Block[]): readonly Block[] {
  const may = (list: Direction) =>
    rules.filter((rule) => rule.type !== tagBlock && (directionOf(rule) ?? list) === list);
  const known = remembered.get(rules) ?? { ingress: may('ingress'), egress: may('egress') };
  remembered.set(rules, known);
  return known[direction];
}

/** A rule of a template, inside a group or as a resource of its own. */
export function templateEntries(rule: Json): MaybeEntry[] {
  if (isUnknown(rule)) return [rule];
  if (!isObject(rule)) return [noRule];
  if (!isObject(rule)) return [unknown('type', 'a rule of the group is not a map')];
  const at = (name: string) => declared(rule, name);
  const prefix = (name: string) => at(`Source${name}`) ?? at(`Destination${name}`);
  const named = at('SourceSecurityGroupName');
  const group = prefix('SecurityGroupId');
  const groups: Declared =
    group !== undefined
      ? [group]
      : named === undefined
        ? undefined
        : [unknown('not-collected', 'the group is told by its name alone')];
  const range = { protocol: at('IpProtocol'), from: at('FromPort'), to: at('ToPort') };
  const description = at('Description');
  const owner = at('SourceSecurityGroupOwnerId');
  const pair = (id: Json): JsonObject => (owner === undefined ? pairOf(id) : { GroupId: id, UserId: owner });
  const entries = [
    ...spread(range, 'IpRanges', listOf(at('CidrIp')), (CidrIp) => described({ CidrIp }, description)),
    ...spread(range, 'Ipv6Ranges', listOf(at('CidrIpv6')), (CidrIpv6) => described({ CidrIpv6 }, description)),
    ...spread(range, 'PrefixListIds', listOf(prefix('PrefixListId')), (id) =>
      described({ PrefixListId: id }, description),
    ),
    ...spread(range, 'UserIdGroupPairs', groups, (id) => described(pair(id), description)),
  ];
  return entries.length === 0 ? [unknown('type', 'a rule of the group names no source or destination')] : entries;
}
