import type { RuleSummary, Severity } from '../finding/finding.ts';
import { shown } from './_result-text.ts';

/** GitHub refuses a rule with more tags than this, and shows half of them. */
const tagLimit = 20;
/** GitHub's limit for descriptions. */
const textLimit = 1024;

/** SARIF's own words for how much a failure matters. */
export const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** Scores that GitHub reads as critical, high, medium and low; what only informs has none. */
const scores: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: undefined,
};

/**
 * Text as a SARIF message: braces are doubled, since they would mark a place for an argument, and what would be read as a
 * link is none.
 */
export function sarifText(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('{', '{{').replaceAll('}', '}}');
}

function tagsOf({ controls }: RuleSummary, clauses: readonly string[]): readonly string[] {
  const known = Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
  return [...new Set(['security', ...clauses, ...known].map((tag) => shown(tag, 100)))].slice(0, tagLimit);
}

/** A rule as SARIF describes it, with what GitHub's code scanning wants to know beyond that. */
export function sarifRule(rule: RuleSummary, clauses: readonly string[]) {
  const { id, title, why, severity, fix, type, digest } = rule;
  const score = scores[severity];
  const ways = Object.entries(fix).map(([means, text]) => `${means}: ${shown(text, textLimit)}`);
  const help = [shown(why, textLimit), ...ways, `More: proviso explain ${shown(id, 200)}`].join('\n\n');
  return {
    defaultConfiguration: { level: levels[severity] },
    fullDescription: { text: sarifText(shown(why, textLimit)) },
    help: { text: sarifText(help) },
    id: shown(id, 200),
    properties: {
      digest,
      precision: 'very-high',
      resourceType: type,
      ...(score === undefined ? {} : { 'security-severity': score }),
      severity,
      tags: tagsOf(rule, clauses),
    },
    shortDescription: { text: sarifText(shown(title, textLimit)) },
  };
}
