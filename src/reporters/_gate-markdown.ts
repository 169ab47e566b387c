import { number, several } from '../finding/counts.ts';
import { coverageSentence } from '../finding/coverage-sentence.ts';
import type { Gate } from '../finding/exit.ts';
import type { Result, Results } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import {
  causeText,
  chainText,
  changesPhrase,
  doubtLabel,
  type GateAssessment,
  gateSentence,
  leftOutSentence,
  settleAdvice,
  subjectSentence,
  verdictSentence,
} from '../finding/gate-words.ts';
import { foldGate, type GateBlock, gateFix, gateSubject, observedLines } from './_gate-findings.ts';
import { fitting, markdownCode, markdownHead, markdownRow, markdownText } from './_markdown-text.ts';
import { accountNames, placeText, reasonText } from './_result-text.ts';
import { idleWaivers, waivedLines } from './_waived.ts';

/** What is open at once is a screen; the rest is folded. */
const shownFindings = 10;
const perRule = 5;
const shownLines = 5;
/** A comment on GitHub has at most 65,536 characters, on GitLab a million. */
const room = { findings: 10_000, more: 8_000, unknowns: 9_000, rest: 5_000 };

function header(assessment: GateAssessment, gate: Gate): readonly string[] {
  const { policy, snapshot, now } = assessment;
  return [
    `## ${markdownText(verdictSentence(assessment), 400)}`,
    '',
    `${markdownText(policy.title, 200)} · ${markdownText(subjectSentence(assessment.gate), 500)}: ${changesPhrase(assessment.gate)} · ages at ${now} · ${markdownCode(gateSentence(assessment, gate), 100)}`,
    '',
    ...(snapshot.endpoint === undefined
      ? []
      : [`> The snapshot is of ${markdownCode(snapshot.endpoint, 200)}, not of AWS.`, '']),
  ];
}

function broken({ gate, clauses }: GateAssessment): readonly string[] {
  const found = clauses.filter(({ id }) => gate.broken.includes(id));
  const lines = found
    .slice(0, shownLines)
    .map(({ id, claim }) => `- ✖ breaks ${markdownCode(id, 60)} ${markdownText(claim, 200)}`);
  const more = found.length - lines.length;
  return lines.length === 0 ? [] : [...lines, ...(more > 0 ? [`- and ${number(more)} more`] : []), ''];
}

/** Where it comes from: the first cause with its chain, the others by name. */
function causeCell({ causes = [] }: Result): string {
  return causes
    .slice(0, 3)
    .map((cause) => {
      const chain = chainText(cause);
      return `${markdownCode(causeText(cause), 200)}${chain === undefined ? '' : `<br>${markdownText(chain, 200)}`}`;
    })
    .join('<br>');
}

function failureRow(block: GateBlock, result: Result, assessment: GateAssessment): string {
  const fix = gateFix(block.rule, assessment);
  const place = placeText(result, accountNames(assessment));
  const known = result.change === 'existing' ? 'was there before · ' : '';
  const reason = result.message === undefined ? [] : [reasonText(result, 300)];
  const told = [...reason, ...observedLines(result, 200)].map((line) => markdownText(line, 300)).join('<br>');
  return markdownRow([
    `<b>${block.rule.severity.toUpperCase()}</b> ${markdownCode(block.rule.id, 100)}`,
    `${markdownCode(gateSubject(result, 150), 160)}${place === '' ? '' : `<br>${markdownText(place, 100)}`}`,
    causeCell(result),
    `${known}${told}${fix === undefined ? '' : `<br>Fix: ${markdownText(fix, 300)}`}`,
    markdownCode(fingerprint(result), 40),
  ]);
}

const failureTitles = ['Introduced', 'Resource', 'Where', 'What is wrong', 'Finding'];

function table(titles: readonly string[], rows: readonly string[], total: number, bytes: number): readonly string[] {
  const { fit } = fitting(rows, bytes);
  const left = total - fit.length;
  return [
    ...(fit.length === 0 ? [] : [...markdownHead(titles), ...fit, '']),
    ...(left > 0 ? [`…and ${number(left)} more, which the other report formats list.`, ''] : []),
  ];
}

function folded(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`<details><summary>${title}</summary>`, '', ...lines, '</details>', ''];
}

function sum(blocks: readonly GateBlock[]): number {
  return blocks.reduce((total, { count }) => total + count, 0);
}

/** The gravest findings in the open, further ones folded. */
function failures(blocks: readonly GateBlock[], assessment: GateAssessment): readonly string[] {
  const rows = blocks.flatMap((block) => block.examples.map((one) => failureRow(block, one, assessment)));
  const total = sum(blocks);
  const first = fitting(rows.slice(0, shownFindings), room.findings).fit;
  const left = total - first.length;
  const open = table(failureTitles, first, first.length, room.findings);
  const more = left === 0 ? [] : table(failureTitles, rows.slice(first.length), left, room.more);
  return [...open, ...folded(several(left, 'more finding'), more)];
}

function unknowns(blocks: readonly GateBlock[], assessment: GateAssessment): readonly string[] {
  const rows = blocks.flatMap(({ rule, examples }) =>
    examples.map((result) =>
      markdownRow([
        `<b>${rule.severity.toUpperCase()}</b> ${markdownCode(rule.id, 100)}`,
        markdownCode(gateSubject(result, 150), 160),
        causeCell({ ...result, causes: (result.causes ?? []).slice(0, 1) }),
        markdownText(reasonText(result, 300), 300),
        markdownText(settleAdvice(result, assessment.gate), 200),
      ]),
    ),
  );
  const titles = ['Unknown', 'Resource', 'Where', 'Because', 'Settled by'];
  const total = sum(blocks);
  const lines = total === 0 ? [] : table(titles, rows, total, room.unknowns);
  return folded(`${several(total, 'result')} that cannot be judged yet`, lines);
}

function fixed(assessment: GateAssessment): readonly string[] {
  const { change, clauses, gate } = assessment;
  const mended = clauses
    .filter(({ id }) => gate.mended.includes(id))
    .map(({ id, claim }) => `- mends ${markdownCode(id, 60)} ${markdownText(claim, 200)}`);
  const rows = change.fixedResults.map(({ rule, resource, name, account, region }) => {
    const what = name ?? resource;
    return `- ${markdownCode(rule, 100)}${what === undefined ? '' : ` ${markdownCode(what, 150)}`} in ${markdownText(placeText({ account, region }, accountNames(assessment)), 100)}`;
  });
  const { fit } = fitting([...mended, ...rows], room.rest);
  const more = mended.length + change.fixed - fit.length;
  const lines = [...fit, ...(more > 0 ? [`- and ${number(more)} more`] : []), ''];
  return folded(`${several(change.fixed, 'finding')} fixed`, change.fixed === 0 ? [] : lines);
}

function limits(assessment: GateAssessment): readonly string[] {
  const { gate } = assessment;
  const doubts = gate.doubts
    .slice(0, shownLines)
    .map((doubt) => `- ⚠ **${doubtLabel(doubt)}**: ${markdownText(doubt.detail, 200)}`);
  const more = gate.doubts.length - doubts.length;
  const left = leftOutSentence(gate, 40);
  const waived = waivedLines(assessment)
    .slice(0, shownLines)
    .map((line) => `- waived: ${markdownText(line, 200)}`);
  const idle = idleWaivers(assessment);
  return [
    ...doubts,
    ...(more > 0 ? [`- ⚠ and ${several(more, 'more doubt')}`] : []),
    `- ${markdownText(coverageSentence(gate, 8), 500)}`,
    ...(left === undefined ? [] : [`- ${markdownText(left, 1500)}`]),
    ...waived,
    ...idle.slice(0, shownLines).map((line) => `- not applied: ${markdownText(line, 200)}`),
    ...(idle.length > shownLines ? [`- and ${several(idle.length - shownLines, 'more waiver')} not applied`] : []),
    '',
  ];
}

/** A comment on a pull request: a screen that says what the change does, with the rest folded. */
export async function gateMarkdown(assessment: GateAssessment, results: Results, gate: Gate): Promise<string> {
  const blocks = await foldGate(assessment, results, gate, perRule);
  const failing = blocks.filter(({ outcome }) => outcome === 'fail');
  const open = blocks.filter(({ outcome }) => outcome !== 'fail');
  const lines = [
    ...header(assessment, gate),
    ...broken(assessment),
    ...failures(failing, assessment),
    ...limits(assessment),
    ...unknowns(open, assessment),
    ...fixed(assessment),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
