import { hash } from 'node:crypto';
import { contains, parseCidr } from '../model/cidr.ts';
import { canonicalJson } from '../model/value.ts';
import type { Evidence, Result } from './finding.ts';
import { placeOfObservation, unordered } from './observation.ts';
import { coversReach, isReach } from './reach.ts';

/** What is kept of the observations behind a failure of then. */
export interface PastEvidence {
  /** How often each observation was made: digests, of which nothing can be told but whether it is the same. */
  readonly seen: ReadonlyMap<string, number>;
  /** Those that may have become less, by digest: numbers and what is open to whom. */
  readonly measures: ReadonlyMap<string, Measure>;
  /** How many observations there were that are not kept. */
  readonly more: number;
}

/** An observation of which something else can be a part. */
interface Measure {
  readonly place: string;
  readonly observed: number | string;
  readonly expected: string;
  readonly within: string | undefined;
}

const longestKept = 64;

/** Ids of what the change makes anew: id after it → id before it. */
export type Renamed = ReadonlyMap<string, string>;

function renaming(value: unknown, was: Renamed): unknown {
  if (typeof value === 'string') return was.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renaming(item, was));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renaming(member, was)]));
}

function digestOf({ path, observed, unknown, within }: Evidence, was: Renamed | undefined): string {
  const value = unordered(was === undefined || was.size === 0 ? observed : renaming(observed, was));
  const text = canonicalJson({ path: placeOfObservation(path), observed: value, unknown: unknown?.reason, within });
  return hash('sha256', text, 'base64url').slice(0, 14);
}

function measureOf({ path, observed, expected, within }: Evidence): Measure | undefined {
  const isShort =
    typeof observed === 'string' && observed.length <= longestKept && (within !== undefined || isReach(observed));
  if (typeof observed !== 'number' && !isShort) return undefined;
  return { place: placeOfObservation(path), observed, expected, within };
}

/** What is kept of a failure's evidence: digests, and what is short and can be measured. */
export function pastEvidence({ evidence, moreEvidence = 0 }: Result): PastEvidence {
  const seen = new Map<string, number>();
  const measures = new Map<string, Measure>();
  for (const one of evidence) {
    const digest = digestOf(one, undefined);
    seen.set(digest, (seen.get(digest) ?? 0) + 1);
    const measure = measureOf(one);
    if (measure !== undefined) measures.set(digest, measure);
  }
  return { seen, measures, more: moreEvidence };
}

function isWithin(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  const [small, large] = [parseCidr(inner), parseCidr(outer)];
  return small !== undefined && large !== undefined && contains(large, small);
}

/** Whether what is open now is a part of what was open then: fewer ports, or fewer addresses. */
function isPartOf(now: Measure, then: Measure): boolean {
  if (now.place !== then.place || typeof now.observed !== 'string' || typeof then.observed !== 'string') return false;
  if (now.within === undefined || then.within === undefined)
    return now.within === then.within && coversReach(then.observed, now.observed);
  return isWithin(now.observed, then.observed) && coversReach(then.within, now.within);
}

/** Whether a number is no further from what is wanted than another; false where the words name no bound. */
function isNoWorse(now: number, then: number, expected: string): boolean {
  if (/(?:^| )(?:at least|more than) [0-9]/.test(expected)) return now >= then;
  return /(?:^| )(?:at most|less than|fewer than) [0-9]/.test(expected) && now <= then;
}

/** Numbers at a place that are gone: those that a new one there may stand for. */
function goneNumbers({ measures }: PastEvidence, left: ReadonlyMap<string, number>, now: Measure): readonly number[] {
  return [...measures].flatMap(([digest, { place, expected, observed }]) =>
    (left.get(digest) ?? 0) > 0 && typeof observed === 'number' && place === now.place && expected === now.expected
      ? [observed]
      : [],
  );
}

/**
 * Which observations of a failure there were none of before: those that are the same, or a part of what was, are left
 * out, wherever they stand in their lists.
 */
function added(past: PastEvidence, { evidence }: Result, was: Renamed): ReadonlySet<Evidence> {
  const left = new Map(past.seen);
  const others = evidence.filter((one) => {
    const digest = digestOf(one, was);
    const times = left.get(digest) ?? 0;
    left.set(digest, times - 1);
    return times <= 0;
  });
  const places = new Map<string, number>();
  return new Set(
    others.filter((one) => {
      const measure = measureOf(one);
      if (measure === undefined) return true;
      const { place, observed, expected } = measure;
      if (typeof observed === 'string') return ![...past.measures.values()].some((then) => isPartOf(measure, then));
      const gone = goneNumbers(past, left, measure);
      const taken = places.get(place) ?? 0;
      places.set(place, taken + 1);
      return gone.length <= taken || !gone.every((then) => isNoWorse(observed, then, expected));
    }),
  );
}

/** How a failure compares with the same failure before a change. */
export interface Worsening {
  /** Members of the result's evidence that are new. */
  readonly added: ReadonlySet<Evidence>;
  /** Set when not all of the evidence is kept on one side, so that more may be new. */
  readonly isOpen: boolean;
}

/**
 * What a failure has that it lacked before a change; undefined where it has nothing more.
 *
 * @param altered whether the change alters what the rule reads of the resource: what is not kept may then be new
 */
export function worsening(past: PastEvidence, result: Result, was: Renamed, altered: boolean): Worsening | undefined {
  const found = added(past, result, was);
  const more = result.moreEvidence ?? 0;
  const isOpen = more > past.more || (altered && (more > 0 || (past.more > 0 && found.size > 0)));
  if (found.size === 0 && !isOpen) return undefined;
  // Where not all of then is kept, what looks new may have been among the rest.
  return { added: past.more > 0 ? new Set() : found, isOpen };
}
