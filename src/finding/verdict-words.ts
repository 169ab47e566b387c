import type { Lack } from './clause.ts';
import type { ClauseVerdict } from './finding.ts';
import type { Colours } from './reporter.ts';

export interface VerdictWords {
  readonly mark: string;
  readonly words: string;
  readonly colour: keyof Colours;
}

/** How a clause's verdict is written for people. */
export const verdictWords: Readonly<Record<ClauseVerdict, VerdictWords>> = {
  holds: { mark: '✔', words: 'HOLDS', colour: 'green' },
  'holds-with-exceptions': { mark: '✔', words: 'HOLDS WITH EXCEPTIONS', colour: 'green' },
  broken: { mark: '✖', words: 'BROKEN', colour: 'red' },
  unproven: { mark: '?', words: 'UNPROVEN', colour: 'yellow' },
  'nothing-to-prove': { mark: '-', words: 'NOTHING TO PROVE', colour: 'dim' },
};

/** What a clause lacks, in the order in which reports name it. */
export const lackWords: readonly (readonly [lack: Lack, words: string])[] = [
  ['rules', 'a rule'],
  ['judgement', 'judgement by their rules'],
  ['attested', 'an attestation'],
  ['elsewhere', 'evidence from elsewhere'],
  ['inherited', "a provider's report"],
];
