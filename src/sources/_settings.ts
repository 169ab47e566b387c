import { agreed } from '../model/agreed.ts';
import type { ProposedChange } from '../model/proposal.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { unknown } from '../model/value.ts';
import { append } from './_satellites.ts';

/** Whether each account or region has one of a type, which is known by its place alone. */
export function isSetting({ listing, id }: ResourceType): boolean {
  return listing.inherit?.[id]?.startsWith('@') === true;
}

/** Terraform deletes and creates in no order. */
const inNoOrder = unknown(
  'known-after-apply',
  'several addresses set or delete it in one run, in no order; write a moved block, or declare it once',
);

/** What writes a setting. What is forgotten, or stays as it is, leaves it alone. */
function isWriter({ action, after }: ProposedChange): boolean {
  return after !== undefined && action !== 'none' && action !== 'forget';
}

function shared(changes: readonly ProposedChange[], type: ResourceType): readonly ProposedChange[] {
  const writers = changes.filter(isWriter);
  const [first, ...others] = (writers.length === 0 ? changes : writers).flatMap(({ after }) => after ?? []);
  const before = changes.find((change) => change.before !== undefined)?.before;
  const after = first === undefined ? undefined : agreed([first, ...others], type, inNoOrder);
  return changes.map((change) => ({
    ...change,
    ...(change.before === undefined || before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }));
}

/** Changes of settings: where one setting stands at several addresses, all of them leave the same. */
export function oneOfEach(changes: readonly ProposedChange[], type: ResourceType): readonly ProposedChange[] {
  const groups = new Map<string, ProposedChange[]>();
  for (const change of changes) {
    const record = change.after ?? change.before;
    append(groups, record === undefined ? '' : `${record.account}/${record.region}/${record.id}`, change);
  }
  return [...groups.values()].flatMap((group) => (group.length === 1 ? group : shared(group, type)));
}
