import { number } from '../finding/counts.ts';
import { declaredText } from '../finding/declared-text.ts';
import type { Assessment, Cause, Evidence, Outcome, Result, Results, RuleSummary } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { causeText, chainText } from '../finding/gate-words.ts';
import { canonicalJson } from '../model/value.ts';
import { encodeBodies, encodeHeads } from '../page/block.ts';
import type { Context } from '../page/context.ts';
import {
  type EvidenceView,
  type FindingBody,
  type FindingHead,
  findingDetails,
  findingSummary,
  groupHeading,
} from '../page/finding-view.ts';
import { outcomeLabels, outcomeOrder } from '../page/label.ts';
import { h, type Markup } from '../page/markup.ts';
import { worseText } from './_gate-findings.ts';
import { dataBlock } from './_html-write.ts';

type Finding = FindingHead & FindingBody;

/** More findings than these would make the page slow; of the others that are counted, the machine formats list all. */
export const most = { loud: 150_000, quiet: 20_000 };

const loudOutcomes: readonly Outcome[] = ['fail', 'unknown', 'not-evaluated'];

const blockSize = 1000;
const textLimit = 2100;
const examplesShown = 3;

/** The largest number to which all counts must be cut so that they fit together. */
function levelOf(counts: readonly number[], room: number): number {
  let left = room;
  const sorted = [...counts].sort((a, b) => a - b);
  for (const [index, count] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (count > share) return share;
    left -= count;
  }
  return Number.POSITIVE_INFINITY;
}

/** How many results of a rule and outcome are listed at most; failures and unknowns take no room from each other. */
export function quotaOf({ rules }: Assessment, room = most): (outcome: string) => number {
  const isLoud = (outcome: string) => loudOutcomes.some((loud) => loud === outcome);
  const counts = (loud: boolean) =>
    rules.flatMap(({ outcomes }) => outcomeOrder.filter((one) => isLoud(one) === loud).map((one) => outcomes[one]));
  const loud = levelOf(counts(true), room.loud);
  const quiet = levelOf(counts(false), room.quiet);
  return (outcome) => (isLoud(outcome) ? loud : quiet);
}

/** What is counted and not listed of a rule's results. */
export function listedWords(quota: (outcome: string) => number, { outcomes }: RuleSummary): string | undefined {
  const cutShort = outcomeOrder.filter((outcome) => outcomes[outcome] > quota(outcome));
  if (cutShort.length === 0) return undefined;
  const told = cutShort.map(
    (outcome) =>
      `${number(quota(outcome))} of ${number(outcomes[outcome])} ${outcomeLabels[outcome].words.toLowerCase()}`,
  );
  return `This page lists the first ${told.join(', ')}; the rest is counted, and listed by the JSON formats.`;
}

function cutText(text: string | undefined): string {
  return text === undefined ? '' : text.length > textLimit ? `${text.slice(0, textLimit)}…` : text;
}

function evidenceView({ path, observed, unknown, expected, call }: Evidence): EvidenceView {
  const why = unknown?.detail === undefined ? unknown?.reason : `${unknown.reason} (${unknown.detail})`;
  return {
    path: cutText(path),
    observed: observed === undefined ? '' : cutText(canonicalJson(observed)),
    unknown: cutText(why),
    permission: cutText(unknown?.permission),
    expected: cutText(expected),
    call: cutText(call),
  };
}

function causeLine(cause: Cause): string {
  const chain = chainText(cause);
  const text = chain === undefined ? causeText(cause) : `${causeText(cause)}, set by ${chain}`;
  return text.replaceAll('\n', ' ');
}

function findingOf(result: Result): Finding {
  const { resource, message, waiver, change, causes, evidence, moreEvidence } = result;
  return {
    rule: result.rule,
    outcome: result.outcome,
    account: result.account,
    region: result.region,
    id: cutText(resource?.id),
    name: cutText(resource?.name),
    arn: cutText(resource?.arn),
    message: cutText([message, worseText(result)].filter((one) => one !== undefined).join('; ')),
    fingerprint: 'fingerprint' in result ? String(result.fingerprint) : fingerprint(result),
    waiver: waiver ?? '',
    change: change ?? '',
    declared: cutText(resource && declaredText(resource)),
    causes: cutText(causes?.map(causeLine).join('\n')),
    more: moreEvidence === undefined ? '' : String(moreEvidence),
    evidence: evidence.map(evidenceView),
  };
}

/** A few findings of each rule for readers whose browser runs no scripts. */
export type Examples = ReadonlyMap<string, readonly Finding[]>;

function blocks(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  return dataBlock({ class: 'heads' }, encodeHeads(findings)) + dataBlock({ class: 'bodies' }, encodeBodies(findings));
}

/**
 * Writes the results as blocks of data while they pass by.
 *
 * @param examples takes the first failures and unknowns of each rule
 */
export async function* findingBlocks(
  results: Results,
  quota: (outcome: string) => number,
  examples: Map<string, Finding[]>,
): AsyncGenerator<string> {
  const listed = new Map<string, number>();
  let waiting: Finding[] = [];
  for await (const batch of results) {
    for (const result of batch) {
      const key = `${result.outcome} ${result.rule}`;
      const count = listed.get(key) ?? 0;
      if (count >= quota(result.outcome)) continue;
      listed.set(key, count + 1);
      const finding = findingOf(result);
      waiting.push(finding);
      if (count < examplesShown && loudOutcomes.includes(result.outcome)) {
        examples.set(key, [...(examples.get(key) ?? []), finding]);
      }
      if (waiting.length < blockSize) continue;
      yield blocks(waiting);
      waiting = [];
    }
  }
  yield blocks(waiting);
}

function exampleGroup(rule: RuleSummary, outcome: Outcome, findings: readonly Finding[], context: Context): Markup {
  const left = rule.outcomes[outcome] - findings.length;
  return h(
    'div',
    {},
    groupHeading({ rule: rule.id, outcome }, context),
    findings.map((finding) =>
      h(
        'details',
        { id: finding.fingerprint, class: 'finding' },
        h('summary', {}, findingSummary(finding, context)),
        findingDetails(finding, finding, context),
      ),
    ),
    left > 0 ? h('p', { class: 'note' }, `and ${number(left)} more`) : undefined,
  );
}

/** Failures first; what the page's script replaces by the whole list. */
export function* exampleList({ rules }: Assessment, examples: Examples, context: Context): Generator<Markup> {
  for (const outcome of loudOutcomes) {
    for (const rule of rules) {
      const findings = examples.get(`${outcome} ${rule.id}`);
      if (findings !== undefined) yield exampleGroup(rule, outcome, findings, context);
    }
  }
}
