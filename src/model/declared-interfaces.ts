import { declared, declaredItems, declaredNumber, declaredText } from './declared.ts';
import { named } from './declared-lists.ts';
import type { Declared, SetForm } from './resource-type.ts';
import { canonicalJson, isObject, isUnknown, type Json, unknown } from './value.ts';

/** Why there may be more interfaces than are told. */
export const otherInterfaces = unknown('not-collected', 'further interfaces may be attached to it elsewhere');

const groupsElsewhere = unknown('not-collected', 'its groups are declared with the interface');

/** The interface that comes with an instance. */
export function ownInterface(groups: Json): Json {
  return { Attachment: { DeviceIndex: 0 }, Groups: groups };
}

/** An interface that is declared by itself, and attached. */
export function attachedInterface(id: Declared, index: Declared): Json {
  return {
    NetworkInterfaceId: id ?? unknown('known-after-apply', 'its id is known only when it exists'),
    Attachment: { DeviceIndex: declaredNumber(index) },
    Groups: groupsElsewhere,
  };
}

/** An interface that a template writes inside an instance. */
export function templateInterface(written: Json): Json {
  const id = declared(written, 'NetworkInterfaceId');
  const index = declared(written, 'DeviceIndex');
  if (id !== undefined) return attachedInterface(id, index);
  const groups = declared(written, 'GroupSet');
  return {
    Attachment: { DeviceIndex: declaredNumber(index) },
    Groups: groups === undefined ? unknown('known-after-apply', 'EC2 gives it the group of the VPC') : groupsOf(groups),
    Description: declaredText(declared(written, 'Description')),
    SubnetId: declared(written, 'SubnetId') ?? unknown('known-after-apply', 'EC2 chooses its subnet'),
  };
}

export function groupsOf(ids: Declared): Json {
  return named(ids, 'GroupId');
}

/** Groups that are told by their names, of which nobody knows whose they are. */
export function groupsByName(names: Declared): Json {
  const items = declaredItems(names);
  if (isUnknown(items)) return items;
  return items.map((name) =>
    isUnknown(name) ? name : unknown('not-collected', 'the group is told by its name alone'),
  );
}

/** The groups of an instance as a whole are those of its first interface, which may be told in several items. */
export function groupsOfFirst(interfaces: readonly Json[]): Json {
  const first = interfaces.filter((item) => isObject(item) && !isUnknown(item) && indexOf(item) === 0);
  const lists = first.map((item) => declaredItems(declared(item, 'Groups')));
  const open = lists.find(isUnknown) ?? (first.length === 0 ? interfaces.find(isUnknown) : undefined);
  if (open !== undefined) return open;
  if (first.length === 0) return unknown('known-after-apply', 'which interface is the first is not known');
  return lists.flatMap((list) => (isUnknown(list) ? [list] : list));
}

function indexOf(item: Json): Declared {
  return declared(declared(item, 'Attachment'), 'DeviceIndex');
}

/** One group of one interface can be given and taken away by itself. */
export const interfaceSet: SetForm = {
  split(item) {
    const groups = isObject(item) ? item.Groups : undefined;
    if (!isObject(item) || !Array.isArray(groups)) return [item];
    return (groups as readonly Json[]).map((group) => ({ ...item, Groups: [group] }));
  },
  key(part) {
    const [group] = (isObject(part) && Array.isArray(part.Groups) ? part.Groups : []) as readonly Json[];
    const id = isObject(group) && !isUnknown(group) ? group.GroupId : part;
    return canonicalJson([indexOf(part) ?? null, id ?? null]);
  },
};
