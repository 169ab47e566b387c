import { type Causing, changeOf } from '../finding/causes.ts';
import type { Result } from '../finding/finding.ts';
import type { ProposedChange } from '../model/proposal.ts';
import type { Rule } from '../rule/rule.ts';

/** Where a rule about an account or a region as a whole said something. */
type Place = Pick<Result, 'rule' | 'account' | 'region' | 'type'>;

function isIn({ before, after }: ProposedChange, { account, region, type }: Place): boolean {
  const at = after ?? before;
  return at?.account === account && (type === 'account' || at.region === region);
}

/**
 * Notes what of the document something was said about: a pass, or that a rule does not apply, is enough. A rule about the
 * whole account or region judges all that it reads there; one about something else does not, though it may look at it.
 */
export function watchSubjects(causing: Causing, rules: readonly Rule[]) {
  const judged = new Set<ProposedChange>();
  const places = new Map<string, Place>();
  const whole = new Map(
    rules.filter(({ resource }) => resource === undefined).map(({ id, reads }) => [id, reads] as const),
  );
  const note = (result: Result): void => {
    const { rule, account, region, type } = result;
    const isWhole = type === 'account' || type === 'region';
    if (isWhole && whole.has(rule)) places.set(`${rule}/${account}/${region}/${type}`, { rule, account, region, type });
    const change = isWhole ? undefined : changeOf(causing, result);
    if (change !== undefined) judged.add(change);
  };
  return {
    look: (results: readonly Result[]) => results.forEach(note),
    judged(): ReadonlySet<ProposedChange> {
      for (const place of places.values())
        for (const change of causing.proposal.changes)
          if (whole.get(place.rule)?.has(change.type) === true && isIn(change, place)) judged.add(change);
      return judged;
    },
  };
}

/** Types that a rule is about: its own, or for one about an account or a region as a whole all that it reads. */
export function ruledBy(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ resource, reads }) => (resource === undefined ? [...reads.keys()] : [resource.type])),
  );
}
