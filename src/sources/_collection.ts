import { type Blame, blame } from '../model/blame.ts';
import type { CollectionEnd, LedgerEntry } from '../model/snapshot.ts';
import { byCodeUnit } from '../model/value.ts';

/** Why a collection is not complete. `order` decides, in every run alike, which of several flaws is told. */
interface Flaw extends Omit<Blame, 'call'> {
  readonly order: string;
}

/** What is known so far of how the enumeration of one type in one region goes. */
export interface Collecting {
  records: number;
  cite(call: string): void;
  flaw(order: string, reason: Flaw['reason'], detail: string): void;
  /** Takes the end of a listing call into account. */
  took(entry: LedgerEntry, isStopped: boolean): void;
  /** Notes that something was not asked for, because the run was stopped. */
  stop(): void;
  /** An incomplete listing of the type's parents makes this one incomplete, too. */
  inherit(parents: CollectionEnd, noun: string): void;
  end(): CollectionEnd;
}

export function startCollecting(): Collecting {
  const calls = new Set<string>();
  const flaws: Flaw[] = [];
  return {
    records: 0,
    cite: (call) => void calls.add(call),
    flaw: (order, reason, detail) => void flaws.push({ order, reason, detail }),
    took(entry, isStopped) {
      calls.add(entry.key);
      if (entry.outcome === 'complete') return;
      const { reason, detail } = isStopped ? stopped : blame(entry);
      this.flaw(`1 ${entry.key}`, reason, detail);
    },
    stop() {
      if (!flaws.some(({ detail }) => detail === stopped.detail)) flaws.push({ order: '2', ...stopped });
    },
    inherit(parents, noun) {
      for (const call of parents.calls) calls.add(call);
      if (parents.complete) return;
      const cause = parents.detail === undefined ? '' : `: ${parents.detail}`;
      this.flaw('0', parents.reason ?? 'failed', `not every ${noun} is known${cause}`);
    },
    end: () => conclude([...calls].sort(byCodeUnit), flaws),
  };
}

/** Why something was not asked for any more. */
const stopped = { reason: 'not-collected', detail: 'the run was stopped' } as const;

function conclude(calls: readonly string[], flaws: readonly Flaw[]): CollectionEnd {
  const [first, ...others] = [...flaws].sort(
    (a, b) => byCodeUnit(a.order, b.order) || byCodeUnit(a.detail, b.detail) || byCodeUnit(a.reason, b.reason),
  );
  if (first === undefined) return { complete: true, calls };
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return { complete: false, reason: first.reason, detail: `${first.detail}${more}`, calls };
}
