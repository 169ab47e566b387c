import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Proposal, ProposedChange } from '../../src/model/proposal.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Catalogue } from '../../src/rule/rule.ts';

let loaded: Promise<Catalogue> | undefined;

/** What readers of plans and templates need to know, with an instant. */
export async function known(): Promise<Pick<Catalogue, 'types' | 'shapes'> & { readonly now: number }> {
  loaded ??= loadCatalogue();
  const { types, shapes } = await loaded;
  return { types, shapes, now: Date.UTC(2026, 10, 24, 10) };
}

/** Path of a fixture below `test/fixtures/templates`. */
export function fixture(name: string): string {
  return `test/fixtures/templates/${name}`;
}

export function changeAt(proposal: Proposal, address: string): ProposedChange {
  const found = proposal.changes.find(({ declared }) => declared.address === address);
  if (found === undefined) throw new Error(`nothing is proposed at ${address}`);
  return found;
}

export function propertiesAt(proposal: Proposal, address: string): Resource['properties'] {
  return changeAt(proposal, address).after?.properties ?? {};
}

export const codesOf = ({ doubts }: Proposal) => doubts.map(({ code }) => code);

/** The ports that a security group opens, with their sources, as short texts. */
export function openings(properties: Resource['properties']): readonly string[] {
  const list = Array.isArray(properties.IpPermissions) ? properties.IpPermissions : [];
  return list.flatMap((one) =>
    '$unknown' in one
      ? ['?']
      : one.IpRanges.map(({ CidrIp }: { CidrIp: string }) => `${one.FromPort}-${one.ToPort} ${CidrIp}`),
  );
}
