import { proposalCall } from './planned.ts';
import type { Proposal } from './proposal.ts';
import type { Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Snapshot } from './snapshot.ts';

/** What AWS makes by itself along with what a proposal creates, where the account has none like it. */
export async function broughtBy(
  live: Snapshot,
  proposal: Proposal,
  types: ReadonlyMap<string, ResourceType>,
): Promise<readonly Resource[]> {
  const wanted = new Map<string, Resource>();
  for (const { type, action, after } of proposal.changes) {
    const brings = types.get(type)?.brings;
    if (brings === undefined || after === undefined || (action !== 'create' && action !== 'replace')) continue;
    const { account } = after;
    const arn = brings.arn.replace('{partition}', proposal.partition).replace('{account}', account);
    const properties = { Arn: arn };
    const calls = { '': proposalCall(proposal) };
    wanted.set(`${account}/${brings.type}`, {
      type: brings.type,
      account,
      region: 'global',
      id: arn,
      arn,
      properties,
      calls,
    });
  }
  for (const collection of live.manifest.collections) {
    const key = `${collection.account}/${collection.type}`;
    const one = wanted.get(key);
    if (one === undefined) continue;
    const prefix = one.id.slice(0, one.id.indexOf('_') + 1);
    for await (const batch of live.records(collection))
      if (batch.some(({ id }) => id.startsWith(prefix))) wanted.delete(key);
  }
  return [...wanted.values()];
}
