import { number, several } from './counts.ts';
import type { GateCoverage, GateSummary } from './finding.ts';

interface Counted {
  readonly type: string;
  readonly count: number;
}

/** `aws_route53_record (12), random_id (6) and 2 more`: the most frequent first. */
function typesOf(counted: readonly Counted[], most: number): string {
  const sorted = [...counted].sort((a, b) => b.count - a.count);
  const more = sorted.length - most;
  const shown = sorted.slice(0, most).map(({ type, count }) => `${type} (${number(count)})`);
  return `${shown.join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}`;
}

function unjudgedPhrases({ unjudged }: GateCoverage, most: number): readonly string[] {
  const [ruled, unruled] = [true, false].map((wanted) => unjudged.filter(({ hasRule }) => hasRule === wanted));
  return [
    ...(unruled === undefined || unruled.length === 0 ? [] : [`no rule is about ${typesOf(unruled, most)}`]),
    ...(ruled === undefined || ruled.length === 0 ? [] : [`left unjudged: ${typesOf(ruled, most)}`]),
  ];
}

/**
 * What of the document was judged, and what was not:
 * `Rules judged 411 of 430 resources; no rule is about aws_db_instance (1); 18 of types that are not read: …`.
 */
export function coverageSentence({ coverage }: GateSummary, most = 5): string {
  const { declared, mapped, unmapped, judged } = coverage;
  return [
    `Rules judged ${number(judged)} of ${several(declared, 'resource')}`,
    ...unjudgedPhrases(coverage, most),
    ...(unmapped.length === 0
      ? []
      : [`${number(declared - mapped)} of types that are not read: ${typesOf(unmapped, most)}`]),
  ].join('; ');
}
