import { ProvisoError } from '../errors.ts';
import { callKey } from './call-key.ts';
import { schemaErrors } from './schema-errors.ts';
import { type LedgerEntry, ledgerKey, type Manifest } from './snapshot.ts';
import { findSnapshotFile, restoreHint } from './snapshot-file.ts';
import { mistakeAt, type Report, readJsonLines } from './snapshot-lines.ts';
import { validateSnapshotCall } from './validate-snapshot-call.generated.ts';
import type { Json, JsonObject } from './value.ts';

const maxEntries = 5_000_000;

/** Reads `calls.ndjson` into a map by `ledgerKey`. */
export async function readLedger(
  folder: string,
  manifest: Manifest,
  report: Report,
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const file = await findSnapshotFile(folder, 'calls.ndjson');
  const ledger = new Map<string, LedgerEntry>();
  const take = (value: Json, line: number): LedgerEntry | undefined => {
    const complain = (message: string) => report(mistakeAt(file, line, message));
    if (!isEntry(value)) {
      const place = { file: file.path, line, column: 1 };
      for (const error of schemaErrors('snapshot', validateSnapshotCall, value, () => place, restoreHint))
        report(error);
      return undefined;
    }
    const mistake = entryMistake(value, ledger);
    if (mistake !== undefined) complain(mistake);
    else ledger.set(ledgerKey(value.account, value.region, value.key), value);
    return value;
  };
  const promised = manifest.ledger && { lines: manifest.ledger.entries, sha256: manifest.ledger.sha256 };
  for await (const _ of readJsonLines(file, promised, take, report)) {
    if (ledger.size <= maxEntries) continue;
    throw new ProvisoError('snapshot', `${file.path} has more than ${maxEntries} lines`, { hint: restoreHint });
  }
  return ledger;
}

function isEntry(value: unknown): value is LedgerEntry {
  return validateSnapshotCall(value);
}

/** What the schema cannot say about an entry. */
function entryMistake(entry: LedgerEntry, ledger: ReadonlyMap<string, LedgerEntry>): string | undefined {
  const { key, service, operation, outcome, error, absent } = entry;
  if (ledger.has(ledgerKey(entry.account, entry.region, key))) return `the call ${shorten(key)} stands here twice`;
  if (key !== callKey({ service, operation }, entry.input as JsonObject)) {
    return `the key ${shorten(key)} is not that of a call of ${service}:${operation} with this input`;
  }
  if (outcome === 'complete' && error !== undefined && absent === undefined)
    return 'a complete call cannot have an error';
  if (outcome !== 'complete' && absent !== undefined) return `a call that ended as ${outcome} cannot say 'absent'`;
  return undefined;
}

export function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
