import { ProvisoError } from '../errors.ts';
import { JsonTextError, parseJsonBytes } from './json-text.ts';
import { findCall } from './ledger.ts';
import { schemaErrors } from './schema-errors.ts';
import { type Collection, type LedgerEntry, type Manifest, snapshotFormat } from './snapshot.ts';
import { findSnapshotFile, readSmallFile, restoreHint, type SnapshotFile } from './snapshot-file.ts';
import { mistakeAt, type Report } from './snapshot-lines.ts';
import { contentDigest } from './snapshot-manifest.ts';
import { validateSnapshotManifest } from './validate-snapshot-manifest.generated.ts';
import { isObject, type Json } from './value.ts';

const maxManifestBytes = 128 * 1024 * 1024;

/**
 * Reads `manifest.json`. Undefined when it was reported as unusable.
 *
 * @throws ProvisoError 'snapshot' when there is none
 */
export async function readManifest(folder: string, report: Report): Promise<Manifest | undefined> {
  const file = await findManifest(folder);
  const value = await parseManifest(file, report);
  if (value === undefined) return undefined;
  const format = isObject(value) ? value.format : undefined;
  if (format !== snapshotFormat) {
    report(formatMistake(file, format));
    return undefined;
  }
  if (!isManifest(value)) {
    const place = { file: file.path, line: 1, column: 1 };
    for (const error of schemaErrors('snapshot', validateSnapshotManifest, value, () => place, restoreHint))
      report(error);
    return undefined;
  }
  for (const message of manifestMistakes(value)) report(mistakeAt(file, 1, message));
  return value;
}

/** What must hold between the manifest and the ledger: a listing is whole only if all its calls were. */
export function checkListings(manifest: Manifest, ledger: ReadonlyMap<string, LedgerEntry>, report: Report): void {
  for (const collection of manifest.collections) {
    const { account, region } = collection;
    for (const key of collection.calls) {
      const call = findCall(ledger, account, region, key);
      if (call === undefined) {
        report(mistake(`${nameOf(collection)} cites the call ${key}, but calls.ndjson has none`));
      } else if (collection.complete && call.outcome !== 'complete') {
        report(mistake(`${nameOf(collection)} is called complete, but its call ${key} ended as ${call.outcome}`));
      }
    }
  }
}

async function findManifest(folder: string): Promise<SnapshotFile> {
  return await findSnapshotFile(folder, 'manifest.json').catch((error: unknown) => {
    if (!(error instanceof ProvisoError) || !error.message.endsWith('is missing')) throw error;
    throw new ProvisoError('snapshot', `${folder} is not a whole snapshot: it has no manifest.json`, {
      hint: 'name the folder that `proviso snapshot` wrote; a run that was killed leaves no manifest: collect again',
      cause: error,
    });
  });
}

async function parseManifest(file: SnapshotFile, report: Report): Promise<Json | undefined> {
  const bytes = await readSmallFile(file, maxManifestBytes);
  try {
    return parseJsonBytes(bytes);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const before = bytes.toString('utf8').slice(0, error.offset).split('\n');
    report(
      mistakeAt(file, before.length, `the manifest cannot be read: ${error.message}`, (before.at(-1)?.length ?? 0) + 1),
    );
    return undefined;
  }
}

function formatMistake(file: SnapshotFile, format: unknown): ProvisoError {
  const found =
    typeof format === 'string' ? `has the format ${JSON.stringify(format.slice(0, 80))}` : 'names no format';
  return mistakeAt(
    file,
    1,
    `this snapshot ${found}; this version of Proviso reads ${snapshotFormat}`,
    1,
    'collect again with this version, or use the version that wrote it',
  );
}

function isManifest(value: unknown): value is Manifest {
  return validateSnapshotManifest(value);
}

/** What the schema cannot say. */
function* manifestMistakes(manifest: Manifest): Generator<string> {
  const accounts = new Set(manifest.accounts.map(({ id }) => id));
  if (accounts.size < manifest.accounts.length) yield 'an account stands in the manifest twice';
  const regions = new Set(manifest.regions.map(({ account, region }) => `${account}/${region}`));
  if (regions.size < manifest.regions.length) yield 'a region of an account stands in the manifest twice';
  const seen = new Set<string>();
  for (const collection of manifest.collections) {
    const name = nameOf(collection);
    if (seen.has(name)) yield `${name} stands in the manifest twice`;
    seen.add(name);
    if (!accounts.has(collection.account)) yield `${name} is of an account that the manifest does not list`;
    yield* collectionMistakes(collection, name);
  }
  if (contentDigest(manifest) !== manifest.contentDigest) yield 'the content digest is not that of this manifest';
}

function* collectionMistakes(collection: Collection, name: string): Generator<string> {
  const { complete, reason, records, file, sha256 } = collection;
  if (complete && reason !== undefined) yield `${name} is called complete, but gives a reason why it is not`;
  if (!complete && reason === undefined) yield `${name} is not complete, but gives no reason`;
  if (records > 0 && file === undefined) yield `${name} has records, but names no file`;
  if (records === 0 && file !== undefined) yield `${name} has no records, but names a file`;
  if ((file === undefined) !== (sha256 === undefined))
    yield `${name} must name both a file and its SHA-256, or neither`;
}

function nameOf({ account, region, type }: Collection): string {
  return `the collection ${account}/${region}/${type}`;
}

function mistake(message: string): ProvisoError {
  return new ProvisoError('snapshot', message, { hint: restoreHint });
}
