import type { Resource } from './resource.ts';
import type { UnknownReason } from './value.ts';

/** The version of the snapshot format that this code writes and reads. */
export const snapshotFormat = 'proviso-snapshot/1';

/** How one API call ended. `complete` includes answers that say "nothing configured"; `partial` is a list cut short. */
export type CallOutcome = 'complete' | 'partial' | 'denied' | 'throttled' | 'failed';

/** One line of `calls.ndjson`: one operation with one input, paged to its end. Times and attempts live only here. */
export interface LedgerEntry {
  /** `ec2:DescribeSecurityGroups`, followed by its input as canonical JSON where it has one: the key that records cite. */
  readonly key: string;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly outcome: CallOutcome;
  /** AWS's error name that means "nothing is configured". */
  readonly absent?: string;
  readonly error?: { readonly name: string; readonly message: string; readonly status?: number };
  /** The IAM action that allows the call. */
  readonly permission: string;
  readonly pages: number;
  readonly items: number;
  readonly attempts: number;
  readonly requestIds: readonly string[];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly answeredAt: string;
}

/** How the enumeration of one type in one account and region ended. */
export interface Collection {
  readonly account: string;
  readonly region: string;
  readonly type: string;
  readonly complete: boolean;
  /** Why it is not complete, and the ledger key of the call that failed. */
  readonly reason?: UnknownReason;
  readonly detail?: string;
  /** Ledger keys of the listing calls. */
  readonly calls: readonly string[];
  readonly records: number;
  /** Path within the snapshot, with `/`; left out where there is no record. */
  readonly file?: string;
  /** SHA-256 of the file's uncompressed bytes, hexadecimal. */
  readonly sha256?: string;
}

export interface SnapshotRegion {
  readonly account: string;
  readonly region: string;
  /** `disabled` regions are not collected and hold nothing; `selected: false` ones were left out by the user. */
  readonly status: 'enabled' | 'disabled';
  readonly selected: boolean;
}

/** What stands in the way of something, and the ledger key of the call that failed, if one did. */
export interface Obstacle {
  readonly reason: UnknownReason;
  readonly detail?: string;
  readonly call?: string;
}

export interface SnapshotAccount {
  readonly id: string;
  readonly name?: string;
  /** Set when its regions could not be discovered: there may be more than are listed. */
  readonly regionsIncomplete?: Pick<Obstacle, 'reason' | 'detail'>;
  /** Set when nothing of it could be asked for: all that a rule says of it is unknown. */
  readonly unreachable?: Obstacle;
}

/** `manifest.json`. */
export interface Manifest {
  readonly $schema?: string;
  readonly format: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly source: 'live' | 'terraform-plan' | 'cloudformation' | 'aws-config';
  /** Set when the calls went anywhere but to AWS. */
  readonly endpoint?: string;
  readonly partition: string;
  readonly accounts: readonly SnapshotAccount[];
  readonly caller?: { readonly account: string; readonly arn: string };
  readonly regions: readonly SnapshotRegion[];
  /** The same for all accounts. Every regional population is then unknown beyond the regions listed. */
  readonly regionsIncomplete?: { readonly reason: UnknownReason; readonly detail?: string };
  readonly collections: readonly Collection[];
  /** What `calls.ndjson` holds; the checksum is of its uncompressed bytes. */
  readonly ledger?: { readonly entries: number; readonly sha256: string };
  /** False when the run was stopped before it had asked for everything. */
  readonly finished: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** SHA-256 over the canonical JSON of what was found: everything but times, tool, caller, endpoint and the ledger. */
  readonly contentDigest: string;
}

/** A snapshot as its readers see it. */
export interface Snapshot {
  readonly manifest: Manifest;
  /** Ledger entries by `ledgerKey(account, region, key)`. */
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
  /** Streams one collection's records by id, many at a time: a turn of an iterator costs more than most rules do. */
  records(collection: Collection): AsyncIterable<readonly Resource[]>;
}

export function ledgerKey(account: string, region: string, key: string): string {
  return `${account}/${region}/${key}`;
}

/** How the enumeration of one type in one account and region ended, as its source says it. */
export type CollectionEnd = Pick<Collection, 'complete' | 'reason' | 'detail' | 'calls'>;

/** What a source knows of a snapshot besides its records. */
export type ManifestFacts = Omit<Manifest, '$schema' | 'format' | 'tool' | 'collections' | 'ledger' | 'contentDigest'>;

/** Takes records in any order and interleaving, and writes a snapshot whose bytes depend on its content alone. */
export interface SnapshotWriter {
  add(resource: Resource): void;
  /** Closes one collection: its records are sorted and written. A collection that was never closed is not complete. */
  end(account: string, region: string, type: string, end: CollectionEnd): Promise<void>;
  finish(facts: ManifestFacts, ledger: Iterable<LedgerEntry>): Promise<Manifest>;
}
