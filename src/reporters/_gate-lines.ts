import { number } from '../finding/counts.ts';
import { coverageSentence } from '../finding/coverage-sentence.ts';
import type { Gate } from '../finding/exit.ts';
import type { Cause, Evidence, Result, Results } from '../finding/finding.ts';
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
import { cut, pad, plain, width, wrap } from '../finding/plain-text.ts';
import type { Colours } from '../finding/reporter.ts';
import { columns, labelled, marks } from './_blocks.ts';
import {
  foldGate,
  type GateBlock,
  gateFix,
  gateObserved,
  gateSubject,
  newestFirst,
  worseWords,
} from './_gate-findings.ts';
import { type AccountNames, accountNames, observedText, placeText, shown } from './_result-text.ts';
import { idleWaivers, waivedLines } from './_waived.ts';

const exampleLimit = 5;
const openLimit = 2;
const evidenceLimit = 2;
const causeLimit = 3;
const lineLimit = 5;

function header(assessment: GateAssessment, colours: Colours): readonly string[] {
  const { gate, clauses, snapshot, now } = assessment;
  const broken = clauses.filter(({ id }) => gate.broken.includes(id));
  const more = broken.length - lineLimit;
  return [
    ...wrap(verdictSentence(assessment), columns).map(colours.bold),
    ...wrap(`${plain(subjectSentence(gate))}: ${changesPhrase(gate)} · ages at ${now}`, columns),
    ...(snapshot.endpoint === undefined
      ? []
      : labelled('emulated', `the snapshot is of ${plain(snapshot.endpoint)}, not of AWS`, 0)),
    '',
    ...broken.slice(0, lineLimit).map(({ id, claim }) => {
      const head = `✖ BROKEN  ${cut(plain(id), 20)}  `;
      return `${colours.red(head)}${cut(plain(claim), columns - width(head))}`;
    }),
    ...(more > 0 ? [`  and ${number(more)} more`] : []),
    ...(broken.length > 0 ? [''] : []),
  ];
}

const words = { fail: 'INTRODUCED', unknown: 'UNKNOWN', 'not-evaluated': 'NOT EVALUATED' } as const;

function headline({ rule, outcome, count }: GateBlock, gate: Gate, colours: Colours): string {
  const word = outcome === 'fail' && gate.only !== 'new' ? 'FAIL' : words[outcome];
  const tail = count > 1 ? `${word}  ${number(count)}` : word;
  const paint = outcome === 'fail' ? colours.red : colours.yellow;
  const head = `${marks[outcome]} ${rule.severity.toUpperCase().padEnd(8)}  `;
  const id = cut(plain(rule.id), columns - width(head) - tail.length - 2);
  return `${paint(head)}${pad(id, columns - width(head) - tail.length)}${paint(tail)}`;
}

const roomForPlace = 60;

/** A file's name without its beginning, where it is too long for a line: its end and the line tell it. */
function shortened({ declared, ...cause }: Cause): Cause {
  const file = plain(declared.file ?? '');
  if (declared.file === undefined || width(file) <= roomForPlace) return { ...cause, declared };
  return { ...cause, declared: { ...declared, file: `…${file.slice(-roomForPlace / 2)}` } };
}

function causeLines(causes: readonly Cause[]): readonly string[] {
  return causes.slice(0, causeLimit).flatMap((cause, index) => {
    const chain = chainText(cause);
    return [
      ...labelled(index === 0 ? 'where' : '', cut(plain(causeText(shortened(cause))), 300)),
      ...(chain === undefined ? [] : labelled(index === 0 ? 'set by' : '', cut(plain(chain), 300))),
    ];
  });
}

function evidenceLines(evidence: Evidence): readonly string[] {
  return [
    ...labelled(evidence.added === true ? 'new' : 'actual', cut(plain(gateObserved(evidence)), 200)),
    ...labelled('expected', cut(plain(evidence.expected), 200)),
  ];
}

function observations(result: Result): readonly string[] {
  const told = newestFirst(result).slice(0, evidenceLimit);
  const more = result.evidence.length + (result.moreEvidence ?? 0) - told.length;
  return [
    ...told.flatMap(evidenceLines),
    ...(more > 0 ? labelled('', `and ${number(more)} more ${more === 1 ? 'observation' : 'observations'}`) : []),
  ];
}

function subjectLine(result: Result, names: AccountNames): string {
  const known = result.change === 'existing' ? 'was there before' : '';
  const rest = [placeText(result, names), known].filter((text) => text !== '').join(' · ');
  const subject = gateSubject(result, Math.max(20, columns - 5 - width(rest)));
  return `  ${cut(rest === '' ? subject : `${subject} · ${rest}`, columns - 2)}`;
}

function failureLines(result: Result, names: AccountNames): readonly string[] {
  const { causes = [], message } = result;
  return [
    subjectLine(result, names),
    ...causeLines(causes),
    ...(result.worse === true ? labelled('change', worseWords(result) ?? '') : []),
    ...(message === undefined ? [] : labelled('says', cut(plain(message), 300))),
    ...observations(result),
    ...labelled('id', fingerprint(result)),
    '',
  ];
}

/** Why something cannot be judged, and what would settle it. */
function openReason(result: Result, { gate }: GateAssessment): readonly string[] {
  const { evidence, message } = result;
  const [first] = evidence;
  const what = first?.path === undefined || first.path === '' ? '' : `${first.path} is `;
  const why = first === undefined ? (message ?? '') : `${what}${observedText(first)}`;
  return [...labelled('because', cut(plain(why), 200)), ...labelled('settle', plain(settleAdvice(result, gate)))];
}

/** What cannot be judged, shorter than what is wrong; those that stand together for one reason give it once. */
function openLines(examples: readonly Result[], assessment: GateAssessment, names: AccountNames): readonly string[] {
  const reasons = examples.map((example) => openReason(example, assessment));
  return examples.flatMap((example, index) => [
    subjectLine(example, names),
    ...causeLines((example.causes ?? []).slice(0, 1)),
    ...(reasons[index]?.join() === reasons[index + 1]?.join() ? [] : (reasons[index] ?? [])),
  ]);
}

function exampleLines({ outcome, examples }: GateBlock, assessment: GateAssessment): readonly string[] {
  const names = accountNames(assessment);
  if (outcome === 'fail') return examples.flatMap((example) => failureLines(example, names));
  return openLines(examples.slice(0, openLimit), assessment, names);
}

function blockLines(block: GateBlock, assessment: GateAssessment, gate: Gate, colours: Colours): readonly string[] {
  const { rule, outcome, examples, count } = block;
  const fails = outcome === 'fail';
  const fix = fails ? gateFix(rule, assessment) : undefined;
  const clauses = assessment.clauses.filter((clause) => clause.rules.includes(rule.id)).map(({ id }) => plain(id));
  const more = count - Math.min(examples.length, fails ? exampleLimit : openLimit);
  return [
    headline(block, gate, colours),
    ...(fails ? wrap(plain(rule.title), columns - 2).map((line) => `  ${colours.bold(line)}`) : []),
    ...exampleLines(block, assessment),
    ...(more > 0 ? [`  and ${number(more)} more`, ...(fails ? [''] : [])] : []),
    ...(clauses.length === 0 || !fails
      ? []
      : labelled(clauses.length === 1 ? 'clause' : 'clauses', clauses.join(', '))),
    ...(fix === undefined ? [] : labelled('fix', plain(fix), 4, true)),
    '',
  ];
}

/** What was not checked, a line or two for each. */
function doubtLines({ gate: { doubts } }: GateAssessment, colours: Colours): readonly string[] {
  const lines = doubts.flatMap((doubt) => {
    const head = `! ${doubtLabel(doubt).toUpperCase()}  `;
    return wrap(cut(plain(doubt.detail), 400), columns - head.length).map((line, index) =>
      index === 0 ? `${colours.yellow(head)}${line}` : ' '.repeat(head.length) + line,
    );
  });
  const accepts = doubts.length > 0 && doubts.every(({ code }) => code === 'empty');
  const advice = accepts ? labelled('settle', 'give --allow-empty, if a change may have nothing to judge') : [];
  return lines.length === 0 ? [] : [...lines, ...advice, ''];
}

function several(label: string, lines: readonly string[], total: number): readonly string[] {
  const more = total - Math.min(lines.length, lineLimit);
  return [
    ...lines.slice(0, lineLimit).flatMap((line, index) => labelled(index === 0 ? label : '', line, 2)),
    ...(more > 0 ? labelled('', `and ${number(more)} more`, 2) : []),
  ];
}

function fixedLines(assessment: GateAssessment): readonly string[] {
  const { fixed, fixedResults } = assessment.change;
  const lines = fixedResults.map(({ rule, account, region, resource, name }) => {
    const what = name ?? resource;
    const place = placeText({ account, region }, accountNames(assessment));
    return shown(`${rule}${what === undefined ? '' : `, ${what}`} · ${place}`, 200);
  });
  return fixed === 0 ? [] : several('fixed', lines, fixed);
}

function clauseList({ gate, clauses }: GateAssessment): readonly string[] {
  const mended = clauses.filter(({ id }) => gate.mended.includes(id));
  return several(
    'mended',
    mended.map(({ id, claim }) => shown(`${id} ${claim}`, 200)),
    mended.length,
  );
}

function footer(assessment: GateAssessment, gate: Gate): readonly string[] {
  const left = leftOutSentence(assessment.gate);
  const waived = waivedLines(assessment).map((line) => cut(plain(line), 200));
  const idle = idleWaivers(assessment).map((line) => cut(plain(line), 200));
  return [
    ...clauseList(assessment),
    ...fixedLines(assessment),
    ...several('waived', waived, waived.length),
    ...several('idle', idle, idle.length),
    ...labelled('coverage', cut(plain(coverageSentence(assessment.gate)), 400), 2),
    ...(left === undefined ? [] : labelled('left out', plain(left), 2)),
    ...labelled('gate', gateSentence(assessment, gate), 2),
  ];
}

/** What shows more of the first failure: commands as they can be typed, where the results are kept. */
function furtherLines([first]: readonly GateBlock[], run: string | undefined): readonly string[] {
  const [example] = first?.outcome === 'fail' ? first.examples : [];
  if (example === undefined) return [];
  const id = fingerprint(example);
  if (run === undefined) return labelled('more', `with --out FOLDER: proviso explain ${id} --run FOLDER`, 2);
  const folder = /^[A-Za-z0-9_./-]+$/.test(run) ? run : `'${plain(run).replaceAll("'", String.raw`'\''`)}'`;
  return [
    ...labelled('more', `proviso explain ${id} --run ${folder}`, 2, true),
    ...labelled('', `proviso waive ${id} --run ${folder}`, 2, true),
  ];
}

/** For the one whose change it is: the verdict, what it introduces and where to mend it, and what was not checked. */
export async function* gateLines(
  assessment: GateAssessment,
  results: Results,
  gate: Gate,
  colours: Colours,
  run?: string,
): AsyncGenerator<readonly string[]> {
  yield header(assessment, colours);
  const blocks = await foldGate(assessment, results, gate, exampleLimit);
  for (const block of blocks) yield blockLines(block, assessment, gate, colours);
  yield [...doubtLines(assessment, colours), ...furtherLines(blocks, run), ...footer(assessment, gate)];
}
