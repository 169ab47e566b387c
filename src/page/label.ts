import type { ClauseVerdict, Outcome, Severity, Verification } from '../finding/finding.ts';
import { everywhere } from '../finding/finding.ts';
import { cut, plain } from '../finding/plain-text.ts';
import { unnamed } from '../model/unnamed.ts';
import { h, type Markup } from './markup.ts';

/** A word with a sign before it, so that no meaning depends on a colour. */
export interface Label {
  readonly mark: string;
  readonly words: string;
  /** Class of the colour: `good`, `bad`, `open` or `quiet`. */
  readonly tone: string;
}

export const verdictLabels: Readonly<Record<ClauseVerdict, Label>> = {
  holds: { mark: '✔', words: 'Holds', tone: 'good' },
  'holds-with-exceptions': { mark: '✔', words: 'Holds with exceptions', tone: 'good' },
  broken: { mark: '✖', words: 'Broken', tone: 'bad' },
  unproven: { mark: '?', words: 'Unproven', tone: 'open' },
  'nothing-to-prove': { mark: '–', words: 'Nothing to prove', tone: 'quiet' },
};

export const outcomeLabels: Readonly<Record<Outcome, Label>> = {
  fail: { mark: '✖', words: 'Failed', tone: 'bad' },
  unknown: { mark: '?', words: 'Unknown', tone: 'open' },
  'not-evaluated': { mark: '!', words: 'Not evaluated', tone: 'open' },
  pass: { mark: '✔', words: 'Passed', tone: 'good' },
  'not-applicable': { mark: '–', words: 'Not applicable', tone: 'quiet' },
};

/** In the order in which findings are listed. */
export const outcomeOrder: readonly Outcome[] = ['fail', 'unknown', 'not-evaluated', 'pass', 'not-applicable'];

export const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

export const verificationWords: Readonly<Record<Verification, string>> = {
  rules: 'by rules',
  attested: 'by an attestation',
  elsewhere: 'elsewhere',
  inherited: 'by a report of the provider',
};

/** Stands for the owner of a clause that names none. */
export const nobody = 'no owner named';

/** A label as it stands at the head of a line. */
export function badge({ mark, words, tone }: Label): Markup {
  return h('span', { class: `badge ${tone}` }, h('span', { 'aria-hidden': 'true' }, `${mark} `), words);
}

export function severityBadge(severity: Severity): Markup {
  return h('span', { class: `severity ${severity}` }, severityWords[severity]);
}

/** Text of the account's on one line, and no longer than a glance takes. */
export function short(text: string, length = 120): string {
  return cut(plain(text), length);
}

export function accountLabel(account: string, names: ReadonlyMap<string, string>): string {
  if (account === everywhere) return 'all accounts';
  if (account === unnamed.account) return 'account not known';
  const name = names.get(account);
  return name === undefined ? account : `${account} ${short(name, 40)}`;
}

export function regionLabel(region: string): string {
  if (region === unnamed.region) return 'region not known';
  return region === everywhere ? 'all regions' : region;
}
