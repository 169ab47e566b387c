import type { Baseline } from './compare.ts';
import { placeKey } from './compare.ts';
import { type Assessment, type FixedResult, type Result, waiverType } from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { openDigest } from './open-digest.ts';
import { type PastEvidence, pastEvidence } from './worsening.ts';

/** What is kept of the results before a change, while they pass by: nothing of what passed. */
export interface Remembered {
  readonly failures: FixedResult[];
  readonly waived: Set<string>;
  readonly open: Map<string, string>;
  /** Fingerprint → what was observed, for failures that the change may make worse. */
  readonly observed: Map<string, PastEvidence>;
  /** Rules that read a type of which something changes: only their failures may become worse. */
  readonly concerned: ReadonlySet<string>;
}

export function startRemembering(concerned: ReadonlySet<string>): Remembered {
  return { failures: [], waived: new Set(), open: new Map(), observed: new Map(), concerned };
}

/** What is kept of a failure of then. */
export function failureOf({ rule, severity, account, region, type, resource }: Result, name: string): FixedResult {
  return {
    fingerprint: name,
    rule,
    severity,
    account,
    region,
    type,
    ...(resource === undefined ? {} : { resource: resource.id }),
    ...(resource?.name ? { name: resource.name } : {}),
  };
}

export function remember(remembered: Remembered, results: readonly Result[]): void {
  const { failures, waived, open, observed, concerned } = remembered;
  for (const result of results) {
    // A waiver that covers nothing yet may be for what the change brings: it is no failure that the change mends.
    if (result.type === waiverType) continue;
    if (result.outcome === 'fail') {
      const failure = failureOf(result, fingerprint(result));
      failures.push(failure);
      if (result.waiver !== undefined) waived.add(failure.fingerprint);
      if (concerned.has(result.rule)) observed.set(failure.fingerprint, pastEvidence(result));
    } else if (result.outcome === 'unknown' || result.outcome === 'not-evaluated') {
      open.set(placeKey(result, result.resource?.id ?? ''), openDigest(result));
    }
  }
}

/** The account before a change, to be compared with the account after it. */
export function baselineBefore(
  { failures, waived, open, observed, concerned }: Remembered,
  { now, snapshot, policy, accounts, rules }: Assessment,
  facts: Omit<NonNullable<Baseline['before']>, 'open' | 'observed' | 'concerned'>,
): Baseline {
  return {
    facts: { now, snapshot: snapshot.digest, policy: policy.digest },
    accounts: accounts.map(({ id }) => id),
    rules: new Map(rules.map(({ id, digest }) => [id, digest])),
    failures,
    waived,
    before: { ...facts, open, observed, concerned },
  };
}
