import { type Assessment, type ClauseVerdict, clauseVerdicts } from './finding.ts';

const words: Readonly<Record<ClauseVerdict, readonly [one: string, more: string]>> = {
  holds: ['holds', 'hold'],
  'holds-with-exceptions': ['holds with exceptions', 'hold with exceptions'],
  broken: ['is broken', 'are broken'],
  unproven: ['unproven', 'unproven'],
  'nothing-to-prove': ['with nothing to prove', 'with nothing to prove'],
};

/** Said even of none: a reader looks for them. */
const always: readonly ClauseVerdict[] = ['holds', 'broken', 'unproven'];

/**
 * The figure with which every report opens, in order of `clauseVerdicts`: `3 hold, 5 are broken, 97 unproven, 3 with
 * nothing to prove, of 108 promises`.
 */
export function figure(verdicts: Assessment['verdicts']): string {
  const total = clauseVerdicts.reduce((sum, verdict) => sum + verdicts[verdict], 0);
  if (total === 0) return 'the policy makes no promises';
  const parts = clauseVerdicts.flatMap((verdict) => {
    const count = verdicts[verdict];
    if (count === 0 && !always.includes(verdict)) return [];
    return [`${count} ${words[verdict][count === 1 ? 0 : 1]}`];
  });
  return `${parts.join(', ')}, of ${total} ${total === 1 ? 'promise' : 'promises'}`;
}
