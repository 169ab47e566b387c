import { number } from '../finding/counts.ts';
import { declaredText } from '../finding/declared-text.ts';
import { doubtGates, type Gate } from '../finding/exit.ts';
import type { Assessment, Outcome, Result, RuleSummary, WaiverSummary } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { doubtLabel, gateSentence, isOfGate, verdictSentence } from '../finding/gate-words.ts';
import type { Reporter } from '../finding/reporter.ts';
import { causeLines, isPassedOver, worseText } from './_gate-findings.ts';
import { keepGravest, rankOf } from './_gravest.ts';
import {
  type AccountNames,
  accountNames,
  clausesByRule,
  evidenceLines,
  fixOf,
  placeText,
  reasonText,
  shown,
  subjectText,
} from './_result-text.ts';
import { xmlAttributes, xmlText } from './_xml.ts';

/** GitLab refuses files above 30 MB, and XML of more than 250,000 parts, of which a case has about ten. */
const limits = { items: 10_000, size: 20_000_000 };

type Element = 'failure' | 'error' | 'skipped';
type Kind = Element | 'passed';

const kinds: Readonly<Record<Outcome, Kind>> = {
  fail: 'failure',
  unknown: 'error',
  'not-evaluated': 'error',
  'not-applicable': 'skipped',
  pass: 'passed',
};

/** A case as it is kept. */
interface Case {
  readonly rule: string;
  readonly outcome: Outcome;
  readonly kind: Kind;
  readonly waived: boolean;
  readonly xml: string;
}

interface Scene {
  readonly names: AccountNames;
  readonly waivers: ReadonlyMap<string, WaiverSummary>;
  /** Whether a gate passes it over, because it was there before the change. */
  isPassedOver(result: Result): boolean;
  /** What a failure or an unknown is compared with. */
  readonly against: string;
}

function classOf(rule: string): string {
  return `proviso.${rule}`;
}

/** Readers take two cases of one name for one, so that a name that was shortened also bears the fingerprint. */
function caseName(result: Result, names: AccountNames): string {
  const subject = subjectText(result, 150);
  const { resource } = result;
  const whole = resource === undefined || subject.includes(resource.id);
  return `${subject} · ${placeText(result, names)}${whole ? '' : ` · ${fingerprint(result)}`}`;
}

function waivedText({ reason, owner, expires }: WaiverSummary): string {
  return `waived until ${expires} by ${shown(owner, 100)}: ${shown(reason, 300)}`;
}

function element(tag: Element, type: string, message: string, lines: readonly string[]): string {
  return `<${tag}${xmlAttributes({ type, message }, 1000)}>${xmlText(lines.join('\n'))}</${tag}>`;
}

function testCase(name: string, rule: string, content: string): string {
  const start = `    <testcase${xmlAttributes({ classname: classOf(rule), name, time: 0 })}`;
  return content === '' ? `${start}/>\n` : `${start}>${content}</testcase>\n`;
}

/** What stands in a case's element. */
function detail(result: Result, against: string): readonly string[] {
  const { resource, change } = result;
  const worse = worseText(result);
  return [
    reasonText(result, 1000),
    ...(resource?.arn === undefined ? [] : [`arn: ${shown(resource.arn, 2048)}`]),
    ...(resource?.declared === undefined ? [] : [`declared: ${shown(declaredText(resource) ?? '', 500)}`]),
    ...(worse === undefined ? [] : [shown(worse, 500)]),
    ...causeLines(result, 500),
    ...evidenceLines(result, 3, 500),
    ...(change === undefined ? [] : [`${against}: ${change}`]),
    `id: ${fingerprint(result)}`,
  ];
}

/** What is waived, or was there before a change, is skipped and says so. */
function kindOf(result: Result, waiver: WaiverSummary | undefined, scene: Scene): readonly [Kind, type: string] {
  const { outcome, severity } = result;
  const kind = kinds[outcome];
  if (waiver !== undefined) return ['skipped', 'waived'];
  if (kind === 'passed' || kind === 'skipped') return [kind, outcome];
  if (scene.isPassedOver(result)) return ['skipped', 'there-before'];
  return [kind, outcome === 'fail' ? severity : outcome];
}

function caseOf(result: Result, scene: Scene): Case {
  const { names, waivers, against } = scene;
  const { rule, outcome } = result;
  const waiver = result.waiver === undefined ? undefined : waivers.get(result.waiver);
  const [kind, type] = kindOf(result, waiver, scene);
  const message = waiver === undefined ? reasonText(result, 1000) : waivedText(waiver);
  const isBare = kind === 'skipped' && type === outcome;
  const content = kind === 'passed' ? '' : element(kind, type, message, isBare ? [] : detail(result, against));
  const xml = testCase(caseName(result, names), rule, content);
  return { rule, outcome, kind, waived: waiver !== undefined, xml };
}

/** Stands for the cases that the file has no room for, so that none of them vanishes. */
function restOf({ id, outcomes, waived }: RuleSummary, listed: readonly Case[]): readonly Case[] {
  const rest = (outcome: Outcome, onlyWaived: boolean, all: number, words: string): readonly Case[] => {
    const kind: Kind = onlyWaived ? 'skipped' : kinds[outcome];
    const left = all - listed.filter((one) => one.outcome === outcome && one.waived === onlyWaived).length;
    if (left <= 0) return [];
    const message = `${number(left)} more, for which the file has no room`;
    const content = kind === 'passed' ? '' : element(kind, 'left-out', message, []);
    const name = kind === 'passed' ? `${number(left)} more that ${words}` : `more that ${words}`;
    return [{ rule: id, outcome, kind, waived: onlyWaived, xml: testCase(name, id, content) }];
  };
  return [
    ...rest('fail', false, outcomes.fail - waived, 'fail'),
    ...rest('unknown', false, outcomes.unknown, 'are unknown'),
    ...rest('not-evaluated', false, outcomes['not-evaluated'], 'are not evaluated'),
    ...rest('fail', true, waived, 'are waived'),
    ...rest('not-applicable', false, outcomes['not-applicable'], 'are not concerned'),
    ...rest('pass', false, outcomes.pass, 'pass'),
  ];
}

function countsOf(cases: readonly Case[]) {
  const of = (kind: Kind) => cases.filter((one) => one.kind === kind).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function properties(rule: RuleSummary, clauses: readonly string[]): string {
  const fix = fixOf(rule);
  const values = [
    ['title', rule.title],
    ['severity', rule.severity],
    ['type', rule.type],
    ...clauses.map((clause) => ['clause', clause]),
    ...(fix === undefined ? [] : [['fix', fix]]),
  ] as const;
  const lines = values.map(([name, value]) => `      <property${xmlAttributes({ name, value }, 2000)}/>\n`);
  return `    <properties>\n${lines.join('')}    </properties>\n`;
}

interface Suite {
  /** Undefined for what is said of the change as a whole. */
  readonly rule: RuleSummary | undefined;
  readonly cases: readonly Case[];
}

const gateRule = 'gate';

/**
 * The change as a whole: an error for each doubt that makes the run incomplete, since a file without any would be green.
 */
function gateSuite(assessment: Assessment, gate: Gate): readonly Suite[] {
  if (!isOfGate(assessment)) return [];
  const doubts = assessment.gate.doubts.map((doubt): Case => {
    const kind = doubtGates(doubt, gate) ? 'error' : 'skipped';
    const detail = shown(doubt.detail, 1000);
    const content = element(kind, 'doubt', `${doubtLabel(doubt)}: ${detail}`, []);
    const xml = testCase(shown(`${doubtLabel(doubt)}: ${doubt.detail}`, 300), gateRule, content);
    return { rule: gateRule, outcome: 'unknown', kind, waived: false, xml };
  });
  const verdict = shown(verdictSentence(assessment), 500);
  const content = `<system-out>${xmlText(`${verdict}\n${gateSentence(assessment, gate)}`)}</system-out>`;
  const judged = testCase('the change could be read', gateRule, content);
  const whole: Case = { rule: gateRule, outcome: 'pass', kind: 'passed', waived: false, xml: judged };
  return [{ rule: undefined, cases: doubts.length === 0 ? [whole] : doubts }];
}

function suitesOf({ rules }: Assessment, kept: Iterable<Case>): readonly Suite[] {
  const byRule = new Map<string, Case[]>(rules.map(({ id }) => [id, []]));
  for (const one of kept) byRule.get(one.rule)?.push(one);
  return rules.map((rule) => {
    const listed = byRule.get(rule.id) ?? [];
    return { rule, cases: [...listed, ...restOf(rule, listed)] };
  });
}

/** XML as test reports have it: a suite a rule and a case a resource; unknowns are errors, and what is waived is skipped. */
export const reporter: Reporter = {
  name: 'junit',
  extension: '.xml',
  title: 'JUnit XML for CI servers, a suite a rule',
  async *render(assessment, results, { gate }) {
    const scene: Scene = {
      against: assessment.gate === undefined ? 'against the baseline' : 'against the account before the change',
      isPassedOver: (result) => isPassedOver(result, assessment, gate),
      names: accountNames(assessment),
      waivers: new Map(assessment.waivers.map((waiver) => [waiver.id, waiver])),
    };
    const gravest = keepGravest<Case>(limits);
    for await (const batch of results) {
      for (const result of batch) {
        const rank = rankOf(result);
        if (!gravest.takes(rank)) continue;
        const one = caseOf(result, scene);
        gravest.add(one, rank, Buffer.byteLength(one.xml));
      }
    }
    const suites = [...gateSuite(assessment, gate), ...suitesOf(assessment, gravest.kept())];
    const { skipped: _, ...all } = countsOf(suites.flatMap(({ cases }) => cases));
    const clauses = clausesByRule(assessment);
    // Its pattern knows no fractions and no zone.
    const timestamp = assessment.now.slice(0, 19);
    yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${xmlAttributes({ name: assessment.policy.title, ...all })}>\n`;
    for (const { rule, cases } of suites) {
      yield `  <testsuite${xmlAttributes({ name: rule?.id ?? classOf(gateRule), ...countsOf(cases), time: 0, timestamp })}>\n`;
      if (rule !== undefined) yield properties(rule, clauses.get(rule.id) ?? []);
      yield cases.map(({ xml }) => xml).join('');
      yield '  </testsuite>\n';
    }
    yield '</testsuites>\n';
  },
};
