import { findCall } from './ledger.ts';
import type { Resource } from './resource.ts';
import { schemaErrors } from './schema-errors.ts';
import type { Collection, LedgerEntry } from './snapshot.ts';
import { findSnapshotFile, restoreHint } from './snapshot-file.ts';
import { shorten } from './snapshot-ledger.ts';
import { mistakeAt, type Report, readJsonLines } from './snapshot-lines.ts';
import { validateSnapshotRecord } from './validate-snapshot-record.generated.ts';
import { type Json, unknownReasons } from './value.ts';

type Ledger = ReadonlyMap<string, LedgerEntry>;

/** Reads one collection's records in batches, in the order of their ids, and checks each against the manifest and the ledger. */
export async function* readRecords(
  folder: string,
  collection: Collection,
  ledger: Ledger,
  report: Report,
): AsyncGenerator<readonly Resource[]> {
  if (collection.file === undefined || collection.sha256 === undefined) return;
  const file = await findSnapshotFile(folder, collection.file);
  let lastId = '';
  const proven = new Set<string>();
  const take = (value: Json, line: number, text: string): Resource | undefined => {
    if (!isRecord(value)) {
      const place = { file: file.path, line, column: 1 };
      for (const error of schemaErrors('snapshot', validateSnapshotRecord, value, () => place, restoreHint))
        report(error);
      return undefined;
    }
    const mistake =
      placeMistake(value, collection) ??
      orderMistake(value, lastId) ??
      callMistake(value, collection, ledger, proven) ??
      markerMistake(value, text, ledger);
    lastId = value.id;
    if (mistake === undefined) return value;
    report(mistakeAt(file, line, mistake));
    return undefined;
  };
  yield* readJsonLines(file, { lines: collection.records, sha256: collection.sha256 }, take, report);
}

function isRecord(value: unknown): value is Resource & { readonly calls: Readonly<Record<string, string>> } {
  return validateSnapshotRecord(value);
}

function placeMistake(record: Resource, collection: Collection): string | undefined {
  for (const key of ['account', 'region', 'type'] as const) {
    if (record[key] !== collection[key]) {
      return `the record's ${key} is ${record[key]}, but its collection's is ${collection[key]}`;
    }
  }
  return undefined;
}

/** Records are sorted, which is also how one id is seen twice without remembering them all. */
function orderMistake(record: Resource, lastId: string): string | undefined {
  if (record.id > lastId) return undefined;
  const id = shorten(JSON.stringify(record.id));
  return record.id === lastId
    ? `the id ${id} stands here twice`
    : `the id ${id} is not in its order: records are sorted by id`;
}

/** A record may claim only what a call gave that was answered to its end. `proven` remembers such calls. */
function callMistake(
  record: Resource & { readonly calls: Readonly<Record<string, string>> },
  collection: Collection,
  ledger: Ledger,
  proven: Set<string>,
): string | undefined {
  for (const group in record.calls) {
    if (!Object.hasOwn(record.calls, group)) continue;
    const mistake = claimMistake(group, record.calls[group] ?? '', collection, ledger, proven);
    if (mistake !== undefined) return mistake;
  }
  if (record.gaps === undefined) return undefined;
  for (const [group, { call }] of Object.entries(record.gaps)) {
    if (Object.hasOwn(record.calls, group)) return `${nameOf(group)} is both collected and a gap`;
    const mistake = call === undefined ? undefined : citeMistake(call, collection, ledger);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function claimMistake(
  group: string,
  key: string,
  collection: Collection,
  ledger: Ledger,
  proven: Set<string>,
): string | undefined {
  if (proven.has(key)) return undefined;
  const call = findCall(ledger, collection.account, collection.region, key);
  if (call === undefined) return citeMistake(key, collection, ledger);
  if (call.outcome === 'complete') {
    // Calls that serve many records are few; those made for one record each need no memory.
    if (proven.size < 100) proven.add(key);
    return undefined;
  }
  // What the first pages of a list brought is good, as long as the list is not passed off as whole.
  if (group === '' && !collection.complete && call.outcome === 'partial') return undefined;
  return `${nameOf(group)} cites ${shorten(key)}, which ended as ${call.outcome}`;
}

function citeMistake(key: string, { account, region }: Collection, ledger: Ledger): string | undefined {
  if (findCall(ledger, account, region, key) !== undefined) return undefined;
  return `the call ${shorten(key)} is cited, but calls.ndjson has none in ${account}/${region}`;
}

function nameOf(group: string): string {
  return group === '' ? 'the record' : `the property group ${shorten(group)}`;
}

/** Looks for markers of values that were not collected; they are the one word with a meaning inside `properties`. */
function markerMistake(record: Resource, text: string, ledger: Ledger): string | undefined {
  // An escape may hide the word, and both are rare.
  if (!text.includes('$unknown') && !text.includes('\\u')) return undefined;
  return findMarker(record.properties, (marker) => {
    const { $unknown: reason, detail, call } = marker;
    if (typeof reason !== 'string' || !(unknownReasons as readonly string[]).includes(reason)) {
      return `$unknown must be one of ${unknownReasons.join(', ')}, but is ${shorten(JSON.stringify(reason))}`;
    }
    if (detail !== undefined && typeof detail !== 'string') return 'the detail of an $unknown must be text';
    if (call === undefined) return undefined;
    if (typeof call !== 'string') return 'the call of an $unknown must be text';
    return findCall(ledger, record.account, record.region, call) === undefined
      ? `the call ${shorten(call)} is cited, but calls.ndjson has none in ${record.account}/${record.region}`
      : undefined;
  });
}

type JsonMap = Readonly<Record<string, unknown>>;

function findMarker(value: unknown, judge: (marker: JsonMap) => string | undefined): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && Object.hasOwn(value, '$unknown')) return judge(value as JsonMap);
  for (const item of Object.values(value)) {
    const mistake = findMarker(item, judge);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}
