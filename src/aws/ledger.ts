import { callKey } from '../model/call-key.ts';
import { type CallOutcome, type LedgerEntry, ledgerKey } from '../model/snapshot.ts';
import { byCodeUnit, type JsonObject } from '../model/value.ts';
import type { Question } from './aws.ts';
import type { Fault } from './classify.ts';
import { permissionOf } from './permission.ts';
import type { Sent } from './send.ts';
import type { Tokens } from './service.ts';

/** What happened to one question so far. */
export interface Progress {
  readonly startedAt: number;
  pages: number;
  items: number;
  attempts: number;
  readonly requestIds: string[];
}

export function begin(now: number): Progress {
  return { startedAt: now, pages: 0, items: 0, attempts: 0, requestIds: [] };
}

export function addSent(progress: Progress, sent: Sent): void {
  progress.attempts += sent.attempts;
  progress.requestIds.push(...sent.requestIds);
  if (sent.fault === undefined) progress.pages += 1;
}

/** The question's input without page size and tokens: two ways to page are one question. */
export function inputOf(question: Question, tokens: Tokens | undefined): JsonObject {
  const paging = [tokens?.input, tokens?.size];
  const members = Object.entries(question.input).filter(
    ([name, value]) => value !== undefined && !paging.includes(name),
  );
  return Object.fromEntries(members);
}

/** Closes a question: `fault` is what ended it before its end, if anything did. */
export function entryOf(
  question: Question,
  tokens: Tokens | undefined,
  progress: Progress,
  now: number,
  fault: Fault | undefined,
): LedgerEntry {
  const input = inputOf(question, tokens);
  const { service, operation } = question.call;
  return {
    key: callKey(question.call, input),
    account: question.account,
    region: question.region,
    service,
    operation,
    input,
    ...endOf(fault, progress.pages),
    permission: permissionOf(question.call),
    pages: progress.pages,
    items: progress.items,
    attempts: progress.attempts,
    requestIds: progress.requestIds,
    startedAt: new Date(progress.startedAt).toISOString(),
    answeredAt: new Date(now).toISOString(),
  };
}

function endOf(fault: Fault | undefined, pages: number): Pick<LedgerEntry, 'outcome' | 'absent' | 'error'> {
  if (fault === undefined) return { outcome: 'complete' };
  if (fault.verdict === 'absent' && pages === 0) return { outcome: 'complete', absent: fault.name };
  const { name, message, status } = fault;
  const error = { name, message, ...(status === undefined ? {} : { status }) };
  return { outcome: pages > 0 ? 'partial' : outcomeOf(fault), error };
}

function outcomeOf({ verdict }: Fault): CallOutcome {
  if (verdict === 'throttled') return 'throttled';
  return verdict === 'denied' || verdict === 'expired' ? 'denied' : 'failed';
}

/** All entries of a run, one a question. */
export interface Ledger {
  /** Of two entries for one question the one that did not succeed is kept. */
  put(entry: LedgerEntry): void;
  entries(): readonly LedgerEntry[];
}

export function createLedger(): Ledger {
  const entries = new Map<string, LedgerEntry>();
  return {
    put: (entry) => {
      const key = ledgerKey(entry.account, entry.region, entry.key);
      const before = entries.get(key);
      if (before === undefined || before.outcome === 'complete') entries.set(key, entry);
    },
    entries: () =>
      [...entries.values()].sort(
        (a, b) => byCodeUnit(a.account, b.account) || byCodeUnit(a.region, b.region) || byCodeUnit(a.key, b.key),
      ),
  };
}
