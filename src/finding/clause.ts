import { byCodeUnit } from '../model/value.ts';
import { type ClauseSummary, type ClauseVerdict, type Verification, verifications } from './finding.ts';
import type { Tally } from './tally.ts';

/** What a clause promises and how it is to be verified. */
export interface Promised {
  readonly id: string;
  readonly claim: string;
  readonly owner?: string;
  readonly section?: string;
  readonly verification: readonly Verification[];
  readonly rules: readonly string[];
  /** Its file is named from the policy's folder. */
  readonly at?: ClauseSummary['at'];
}

/**
 * Reasons for which a clause is unproven whatever AWS answers: no rule is bound to it, or it also needs evidence from
 * people and documents.
 */
export const missingProof: Readonly<Record<Verification, string>> = {
  rules: 'no rule is bound to it',
  attested: 'needs an attestation, and none is given',
  elsewhere: 'is to be verified elsewhere, and no evidence from there is given',
  inherited: 'is inherited from a provider, and no report of theirs is given',
};

/** Follows the id of a rule that the run leaves out. */
const leftOut = 'is not among the rules';

/** What a clause may lack that no answer of AWS gives. */
export type Lack = Verification | 'judgement';

/**
 * What an unproven clause lacks, when that is all that keeps it open; otherwise nothing: what AWS was asked for and did not
 * tell is never to be folded away.
 */
export function lacksOf({ verdict, reasons }: ClauseSummary): readonly Lack[] {
  if (verdict !== 'unproven') return [];
  const found = reasons.map((reason): Lack | undefined =>
    reason.endsWith(` ${leftOut}`) ? 'judgement' : verifications.find((way) => missingProof[way] === reason),
  );
  const lacks = found.filter((lack) => lack !== undefined);
  return lacks.length === found.length ? [...new Set(lacks)] : [];
}

/** The failures of one rule in a phrase, and whether a waiver covers each of them. */
function failuresOf({ facts: { id }, outcomes: { fail, pass }, waived }: Tally) {
  const fails = `${id} fails for ${fail} of ${pass + fail} judged`;
  const accepted = waived === fail;
  if (waived === 0) return { accepted, phrase: fails };
  if (accepted) return { accepted, phrase: `${fails}, ${fail === 1 ? 'which is' : 'all of which are'} waived` };
  return { accepted, phrase: `${fails}, of which ${waived} ${waived === 1 ? 'is' : 'are'} waived` };
}

/** Failures that break the clause, and those that are accepted. */
function failures(clause: Promised, tallies: ReadonlyMap<string, Tally>) {
  const failing = clause.rules.flatMap((id) => {
    const tally = tallies.get(id);
    return tally === undefined || tally.outcomes.fail === 0 ? [] : [failuresOf(tally)];
  });
  const phrases = (wanted: boolean) => failing.filter((one) => one.accepted === wanted).map(({ phrase }) => phrase);
  return { broken: phrases(false), accepted: phrases(true) };
}

/** Everything that keeps a clause from being proven, whether or not it is broken. */
function doubts(clause: Promised, tallies: ReadonlyMap<string, Tally>): readonly string[] {
  const found: string[] = [];
  for (const id of clause.rules) {
    const tally = tallies.get(id);
    if (tally === undefined) found.push(`${id} ${leftOut}`);
    else if (tally.outcomes['not-evaluated'] > 0) found.push(`${id} lacks a parameter that the policy must set`);
    else if (tally.outcomes.unknown > 0) found.push(`${id} is unknown in ${tally.outcomes.unknown}${why(tally)}`);
  }
  for (const way of clause.verification) if (way !== 'rules') found.push(missingProof[way]);
  if (clause.rules.length === 0 && clause.verification.includes('rules')) found.push(missingProof.rules);
  return found;
}

function why(tally: Tally): string {
  const reasons = [...tally.reasons].sort(([a], [b]) => byCodeUnit(a, b));
  return reasons.length === 0 ? '' : ` (${reasons.map(([reason, times]) => `${reason} ${times}`).join(', ')})`;
}

function verdictOf(broken: number, doubtful: number, accepted: number, passes: boolean): ClauseVerdict {
  if (broken > 0) return 'broken';
  if (doubtful > 0) return 'unproven';
  return accepted > 0 ? 'holds-with-exceptions' : passes ? 'holds' : 'nothing-to-prove';
}

/**
 * A clause is broken by one failure that no waiver covers; otherwise it is unproven while anything that it needs is in
 * doubt; it holds with exceptions when all its failures are waived, and holds when there is none and at least one
 * resource passes; when all its rules apply to nothing there is nothing to prove.
 */
export function judgeClause(clause: Promised, tallies: ReadonlyMap<string, Tally>): ClauseSummary {
  const { broken, accepted } = failures(clause, tallies);
  const doubtful = doubts(clause, tallies);
  const passes = clause.rules.some((id) => (tallies.get(id)?.outcomes.pass ?? 0) > 0);
  const verdict = verdictOf(broken.length, doubtful.length, accepted.length, passes);
  return {
    id: clause.id,
    claim: clause.claim,
    ...(clause.owner === undefined ? {} : { owner: clause.owner }),
    ...(clause.section === undefined ? {} : { section: clause.section }),
    verification: clause.verification,
    verdict,
    reasons:
      verdict === 'nothing-to-prove' ? ['nothing that its rules judge exists'] : [...broken, ...accepted, ...doubtful],
    rules: clause.rules,
    ...(clause.at === undefined ? {} : { at: clause.at }),
  };
}
