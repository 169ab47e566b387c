import { number, several } from '../finding/counts.ts';
import { exitCode, type Gate, gates } from '../finding/exit.ts';
import { figure } from '../finding/figure.ts';
import type { Assessment, Result, RuleSummary } from '../finding/finding.ts';
import { doubtLabel, gateEnding, isOfGate, verdictSentence } from '../finding/gate-words.ts';
import type { Reporter } from '../finding/reporter.ts';
import type { DeclaredAt } from '../model/resource.ts';
import { causeLines, gateFix, isPassedOver, mendingPlace, observedLines, worseText } from './_gate-findings.ts';
import { keepGravest, rankOf } from './_gravest.ts';
import { accountNames, fixOf, placeText, reasonText, shown, subjectText } from './_result-text.ts';

/** GitHub keeps ten annotations of each kind from one step, and drops the rest without a word. */
const perKind = 10;
const examplesPerRule = 3;
/** Annotations that a step could show if it had nothing else: a bound on what is kept, with room for folding. */
const keptFindings = 1000;

type Kind = 'error' | 'warning';

/** One annotation: at a place in a file, or about everything that a rule says in one way. */
interface Note {
  readonly kind: Kind;
  readonly rule: RuleSummary;
  readonly outcome: Result['outcome'];
  readonly results: Result[];
  readonly place?: { readonly file: string; readonly line?: string };
}

/** A finding as it is kept: its evidence is not shown beyond its reason. */
interface Finding {
  readonly result: Result;
  readonly kind: Kind;
}

/** A failure that makes the run red is an error; what is only unknown, or below the gate, a warning. */
function kindOf({ outcome, severity, waiver, change }: Result, gate: Gate): Kind | undefined {
  if (outcome === 'pass' || outcome === 'not-applicable' || waiver !== undefined) return undefined;
  const counts = gate.only !== 'new' || change !== 'existing';
  return outcome === 'fail' && counts && gates(severity, gate) ? 'error' : 'warning';
}

/** A file and line as GitHub wants them; nothing when no file is named. */
function placeOf(declared: DeclaredAt | undefined): Pick<Note, 'place'> {
  const file = shown(declared?.file ?? '', 500);
  if (file === '') return {};
  return { place: declared?.line === undefined ? { file } : { file, line: String(declared.line) } };
}

/** Findings that stand in a file have a note each, all others of one rule and outcome have one together. */
function keyOf({ result, kind }: Finding): string {
  const { outcome, rule } = result;
  return `${kind}/${outcome}/${rule}/${mendingPlace(result)?.address ?? ''}`;
}

function notesOf(findings: Iterable<Finding>, rules: ReadonlyMap<string, RuleSummary>): readonly Note[] {
  const notes = new Map<string, Note>();
  for (const finding of findings) {
    const { result, kind } = finding;
    const rule = rules.get(result.rule);
    const known = notes.get(keyOf(finding));
    if (known !== undefined) known.results.push(result);
    else if (rule !== undefined) {
      const place = placeOf(mendingPlace(result));
      notes.set(keyOf(finding), { kind, rule, outcome: result.outcome, results: [result], ...place });
    }
  }
  return [...notes.values()];
}

/** Counts findings, whether or not they are kept. */
function counting() {
  const folded = new Map<string, number>();
  let all = 0;
  return {
    add(finding: Finding) {
      all += 1;
      const key = keyOf(finding);
      if (mendingPlace(finding.result) === undefined) folded.set(key, (folded.get(key) ?? 0) + 1);
    },
    /** How many findings a note speaks for. */
    of: ({ kind, results: [first, ...more] }: Note) =>
      (first && folded.get(keyOf({ result: first, kind }))) ?? more.length + 1,
    all: () => all,
  };
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function command(
  kind: Kind | 'notice',
  properties: Readonly<Record<string, string>>,
  lines: readonly string[],
): string {
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${kind} ${listed.join(',')}::${data(lines.join('\n'))}\n`;
}

const outcomeWords: Readonly<Record<string, string>> = {
  fail: 'fails',
  unknown: 'unknown',
  'not-evaluated': 'not evaluated',
};

/** For a gate, what stood there and what should: a developer reads nothing else. */
function toldLines(result: Result, assessment: Assessment): readonly string[] {
  const worse = worseText(result);
  const told = !isOfGate(assessment) ? [] : result.message === undefined ? (worse ?? []) : observedLines(result, 300);
  return [...[told].flat(), ...causeLines(result, 300)];
}

function annotation({ kind, rule, outcome, results, place }: Note, count: number, assessment: Assessment): string {
  const names = accountNames(assessment);
  const examples = results.slice(0, examplesPerRule);
  const mend = isOfGate(assessment) ? gateFix(rule, assessment) : fixOf(rule);
  const fix = outcome === 'fail' ? mend : undefined;
  const properties = {
    ...(place === undefined ? {} : { file: place.file, ...(place.line === undefined ? {} : { line: place.line }) }),
    title: `${rule.severity}: ${shown(rule.id, 100)} ${outcomeWords[outcome] ?? outcome}${count > 1 ? ` for ${number(count)}` : ''}`,
  };
  return command(kind, properties, [
    shown(rule.title, 200),
    ...examples.flatMap((result) => [
      `- ${subjectText(result, 100)} · ${placeText(result, names)}: ${reasonText(result, 400)}`,
      ...toldLines(result, assessment).map((line) => `  ${line}`),
    ]),
    ...(count > examples.length ? [`and ${number(count - examples.length)} more`] : []),
    ...(fix === undefined ? [] : [`fix: ${shown(fix, 500)}`]),
    `more: proviso explain ${shown(rule.id, 100)}`,
  ]);
}

function doubtLines(doubts: NonNullable<Assessment['gate']>['doubts']): readonly string[] {
  const lines = doubts.slice(0, 5).map((doubt) => `${doubtLabel(doubt)}: ${shown(doubt.detail, 300)}`);
  return doubts.length > lines.length
    ? [...lines, `and ${several(doubts.length - lines.length, 'more doubt')}`]
    : lines;
}

/** A gate that is red says so in red, and what does not gate is at least a warning. */
function verdictKind(assessment: Assessment, gate: Gate): Kind | 'notice' {
  if (!isOfGate(assessment)) return 'notice';
  if (exitCode(assessment, gate) !== 0) return 'error';
  return assessment.gate.doubts.length > 0 ? 'warning' : 'notice';
}

/** What the annotations leave out, and what the run came to. */
function notice(assessment: Assessment, gate: Gate, left: number): string {
  const { refused, totals } = assessment;
  const code = exitCode(assessment, gate);
  const ending = isOfGate(assessment) ? ` (${gateEnding(assessment, gate)})` : '';
  const waived = assessment.rules.reduce((sum, rule) => sum + rule.waived, 0);
  const counts =
    `${several(totals.fail, 'failure')}${waived > 0 ? ` (${waived} waived)` : ''}, ${totals.unknown} unknown, ` +
    `${totals['not-evaluated']} not evaluated, ${totals.pass} passed`;
  const verdict = isOfGate(assessment)
    ? [shown(verdictSentence(assessment), 500), ...doubtLines(assessment.gate.doubts)]
    : [figure(assessment.verdicts), counts];
  return command(verdictKind(assessment, gate), { title: 'proviso' }, [
    ...verdict.slice(0, -1),
    `${verdict.at(-1) ?? ''}; exit code ${code}${ending}`,
    ...(left === 0
      ? []
      : [`${several(left, 'finding')} without an annotation: GitHub shows ${perKind} of a kind for a step`]),
    ...(refused.length === 0 ? [] : [`${several(refused.length, 'call')} gave no whole answer`]),
  ]);
}

/** Workflow commands: the gravest findings as annotations, all others counted in one notice. */
export const reporter: Reporter = {
  name: 'github',
  extension: '.annotations',
  title: 'annotations for GitHub Actions, the gravest findings first',
  async *render(assessment, results, { gate }) {
    const gravest = keepGravest<Finding>({ items: keptFindings, size: Number.POSITIVE_INFINITY });
    const counts = counting();
    for await (const batch of results) {
      for (const result of batch) {
        const kind = kindOf(result, gate);
        if (kind === undefined || isPassedOver(result, assessment, gate)) continue;
        const finding = { result, kind };
        counts.add(finding);
        gravest.add(finding, rankOf(result), 0);
      }
    }
    const rules = new Map(assessment.rules.map((rule) => [rule.id, rule]));
    const notes = notesOf(gravest.kept(), rules);
    const chosen = (['error', 'warning'] as const).flatMap((kind) =>
      notes
        .filter((note) => note.kind === kind)
        .slice(0, verdictKind(assessment, gate) === kind ? perKind - 1 : perKind),
    );
    for (const note of chosen) yield annotation(note, counts.of(note), assessment);
    const covered = chosen.reduce((sum, note) => sum + counts.of(note), 0);
    yield notice(assessment, gate, Math.max(0, counts.all() - covered));
  },
};
