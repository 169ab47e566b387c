import { createHash } from 'node:crypto';
import {
  type Collection,
  type CollectionEnd,
  type Manifest,
  type ManifestFacts,
  type SnapshotRegion,
  snapshotFormat,
} from './snapshot.ts';
import { tool } from './tool.ts';
import { byCodeUnit, canonicalJson } from './value.ts';

const schema = 'urn:proviso:schema:snapshot-manifest';

/** A manifest from its parts, in the one order that they have on disk. */
export function manifestOf(
  facts: ManifestFacts,
  collections: readonly Collection[],
  ledger: NonNullable<Manifest['ledger']>,
): Manifest {
  const parts = { ...facts, format: snapshotFormat, ...inOrder({ ...facts, collections }) };
  return { $schema: schema, tool, ...parts, ledger, contentDigest: contentDigest(parts) };
}

type Lists = Pick<Manifest, 'accounts' | 'regions' | 'collections'>;

function inOrder({ accounts, regions, collections }: Lists): Lists {
  return {
    accounts: [...accounts].sort((a, b) => byCodeUnit(a.id, b.id)),
    regions: [...regions].sort(byPlace),
    collections: [...collections].sort((a, b) => byPlace(a, b) || byCodeUnit(a.type, b.type)),
  };
}

/**
 * SHA-256, hexadecimal, of what was found: not of times, tool, caller, endpoint and ledger, nor of the files' names and
 * the order of the manifest's lists, so that the same account gives the same digest whoever asks, and compressed files
 * count as what they hold.
 */
export function contentDigest(manifest: Omit<Manifest, 'contentDigest' | 'tool'>): string {
  const { format, source, partition, regionsIncomplete, finished } = manifest;
  const { accounts, regions, collections: whole } = inOrder(manifest);
  const collections = whole.map(({ file: _, ...rest }) => rest);
  return sha256(
    canonicalJson({ format, source, partition, accounts, regions, regionsIncomplete, finished, collections }),
  );
}

/** One collection's entry in the manifest. */
export function collectionOf(
  { account, region, type }: Pick<Collection, 'account' | 'region' | 'type'>,
  end: CollectionEnd,
  written: Pick<Collection, 'records' | 'file' | 'sha256'>,
): Collection {
  return {
    account,
    region,
    type,
    complete: end.complete,
    ...(end.reason === undefined ? {} : { reason: end.reason }),
    ...(end.detail === undefined ? {} : { detail: end.detail }),
    calls: [...new Set(end.calls)].sort(byCodeUnit),
    ...written,
  };
}

/** How a collection ends that nobody closed. */
export const neverEnded: CollectionEnd = {
  complete: false,
  reason: 'not-collected',
  detail: 'the run ended before the listing did',
  calls: [],
};

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function byPlace(a: Pick<SnapshotRegion, 'account' | 'region'>, b: Pick<SnapshotRegion, 'account' | 'region'>): number {
  return byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region);
}
