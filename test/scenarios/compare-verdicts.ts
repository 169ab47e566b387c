import { everywhere, type Result } from '../../src/finding/finding.ts';

/** What became of the verdicts of one audit in another that knew less. */
export interface Comparison {
  /** What must never be: each a sentence. */
  readonly wrong: readonly string[];
  /** Verdicts about a resource or an account that are unknown now, or whose resource is not seen any more. */
  readonly lost: readonly string[];
  /** Rules of which any result is not what it was. */
  readonly rules: ReadonlySet<string>;
}

/** Names the thing that a result is about. */
export function placeOf({ rule, account, region, type, resource }: Result): string {
  return [rule, account, region, type, resource?.id ?? ''].join(' | ');
}

function byPlace(results: readonly Result[]): ReadonlyMap<string, Result> {
  const map = new Map(results.map((result) => [placeOf(result), result]));
  if (map.size !== results.length) throw new Error('two results are about the same thing');
  return map;
}

/** Whether a rule says that it does not see all there is in the place of a result. */
function isUnseen(result: Result, after: readonly Result[]): boolean {
  return after.some(
    (other) =>
      other.resource === undefined &&
      other.outcome === 'unknown' &&
      other.rule === result.rule &&
      [result.account, everywhere].includes(other.account) &&
      [result.region, everywhere].includes(other.region),
  );
}

/** A rule that sees nothing to judge says so as well, which is no verdict. */
function isVerdict({ resource, outcome }: Result): boolean {
  return resource !== undefined || outcome === 'pass' || outcome === 'fail';
}

/** Whether a change besides that to unknown is as it should be. */
export type MayChange = (from: Result, to: Result) => boolean;

/** What is wrong with what became of one verdict; undefined when it is as it should be. */
function fault(from: Result, to: Result | undefined, after: readonly Result[], mayChange: MayChange) {
  if (to === undefined) return isUnseen(from, after) ? undefined : `${from.outcome} vanished`;
  if (to.outcome === from.outcome || to.outcome === 'unknown' || mayChange(from, to)) return undefined;
  return `${from.outcome} turned to ${to.outcome}`;
}

/**
 * Compares two audits of which the second knew less. A verdict may become unknown; a resource may vanish only when its
 * rule says, for the same account and region, that it does not see them all; nothing may be new but what is unknown.
 */
export function compareVerdicts(
  before: readonly Result[],
  after: readonly Result[],
  mayChange: MayChange = () => false,
): Comparison {
  const was = byPlace(before);
  const is = byPlace(after);
  const wrong: string[] = [];
  const changed = before.filter((from) => JSON.stringify(is.get(placeOf(from))) !== JSON.stringify(from));
  for (const from of changed) {
    const found = fault(from, is.get(placeOf(from)), after, mayChange);
    if (found !== undefined) wrong.push(`${placeOf(from)}: ${found}`);
  }
  const fresh = after.filter((to) => !was.has(placeOf(to)));
  for (const to of fresh) if (to.outcome !== 'unknown') wrong.push(`${placeOf(to)}: ${to.outcome} came from nowhere`);
  const lost = changed.filter((from) => isVerdict(from) && is.get(placeOf(from))?.outcome !== from.outcome);
  return { wrong, lost: lost.map(placeOf), rules: new Set([...changed, ...fresh].map(({ rule }) => rule)) };
}
