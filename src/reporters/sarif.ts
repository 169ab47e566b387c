import { number, several } from '../finding/counts.ts';
import { coverageSentence } from '../finding/coverage-sentence.ts';
import { exitCode, type Gate } from '../finding/exit.ts';
import { type Assessment, type Result, type WaiverSummary, waiverType } from '../finding/finding.ts';
import { fingerprint } from '../finding/fingerprint.ts';
import { doubtLabel, gateEnding, isOfGate, verdictSentence } from '../finding/gate-words.ts';
import type { Reporter } from '../finding/reporter.ts';
import { visibleJson } from '../finding/result-line.ts';
import type { DeclaredAt } from '../model/resource.ts';
import { unnamed } from '../model/unnamed.ts';
import { causeLines, isPassedOver, mendingPlace, worseText } from './_gate-findings.ts';
import { keepGravest, rankOf } from './_gravest.ts';
import {
  type AccountNames,
  accountNames,
  clausesByRule,
  evidenceLines,
  placeText,
  reasonText,
  shown,
  subjectText,
} from './_result-text.ts';
import { levels, sarifRule, sarifText } from './_sarif-rule.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * GitHub refuses more than 25,000 results in a run, and more than 10 MB when compressed. How well something compresses
 * depends on what an account's names are made of, so that the limit is kept without compression.
 */
const mostResults = 25_000;
const mostBytes = 9_500_000;
const mostNotifications = 200;

interface Scene {
  readonly names: AccountNames;
  /** Where the policy demands what a rule judges. */
  readonly places: ReadonlyMap<string, Place>;
  readonly policyFolder: string;
  readonly ruleIndexes: ReadonlyMap<string, number>;
  readonly waivers: ReadonlyMap<string, WaiverSummary>;
}

type Place = NonNullable<Assessment['clauses'][number]['at']>;

function declaredAt({ file, line = 1 }: DeclaredAt): Place | undefined {
  return file === undefined ? undefined : { file, line: Math.max(1, Math.min(line, 2 ** 31 - 1)) };
}

/**
 * Where a finding is shown: at the resource's declaration, or else at the clause that demands what is not kept. GitHub
 * refuses a file in which a single result has no place.
 */
function physicalLocation(result: Result, { places, policyFolder }: Scene) {
  const { rule, type } = result;
  const mending = mendingPlace(result);
  const own = mending === undefined ? undefined : declaredAt(mending);
  const place = own ?? places.get(rule) ?? { file: 'policies.yaml', line: 1 };
  return fileLocation(place, own === undefined || type === waiverType ? policyFolder : '');
}

function fileLocation({ file, line }: Place, folder: string) {
  // Of a file's name that is made of control characters nothing is left.
  const path = shown(folder + file, 500) || 'policies.yaml';
  return {
    artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: line },
  };
}

/** Where else a finding comes from: the causes that stand in a file, but for the one at which it is shown. */
function relatedLocations(result: Result) {
  const shownAt = mendingPlace(result);
  return (result.causes ?? []).flatMap(({ declared, action }) => {
    const place = declared === shownAt ? undefined : declaredAt(declared);
    if (place === undefined) return [];
    const text = sarifText(shown(`${declared.address} (${action})`, 300));
    return [{ message: { text }, physicalLocation: fileLocation(place, '') }];
  });
}

/** The first clause that each rule proves. */
function placesOf({ clauses }: Assessment): ReadonlyMap<string, Place> {
  return new Map(
    clauses.toReversed().flatMap(({ rules, at }) => (at === undefined ? [] : rules.map((rule) => [rule, at]))),
  );
}

function logicalLocation(result: Result) {
  const { resource, account, region, type } = result;
  return {
    fullyQualifiedName: shown(resource?.arn ?? [account, region, type, resource?.id ?? '*'].join('/'), 2048),
    kind: 'resource',
    name: subjectText(result, 200),
  };
}

function suppression({ reason, owner, approver, expires }: WaiverSummary) {
  const who = `${shown(owner, 100)}, approved by ${shown(approver, 100)}, until ${expires}`;
  return { justification: `${shown(reason, 500)} (${who})`, kind: 'external', status: 'accepted' };
}

/** The first sentence is what GitHub shows in lists. */
function messageOf(result: Result, names: AccountNames): string {
  const unknown = result.outcome === 'fail' ? '' : `${result.outcome === 'unknown' ? 'Unknown' : 'Not evaluated'}: `;
  const first = `${unknown}${reasonText(result, 600)}`.replace(/\.?$/, '.');
  const subject = `${subjectText(result, 200)} in ${placeText(result, names)}`;
  const worse = worseText(result);
  const told = worse === undefined ? [] : [shown(worse, 300)];
  return [first, subject, ...told, ...causeLines(result, 300), ...evidenceLines(result, 2, 300)].join('\n');
}

/**
 * A failure with its level; what is unknown as open, which by the standard has no level. It is a result nevertheless, under
 * the fingerprint of the failure that it may hide: otherwise GitHub would take that one for fixed.
 */
function sarifResult(result: Result, scene: Scene) {
  const { names, ruleIndexes, waivers } = scene;
  const { rule, outcome, severity, account, region, type, waiver, change } = result;
  const failed = outcome === 'fail';
  const name = fingerprint(result);
  const related = relatedLocations(result);
  const suppressing = waiver === undefined ? undefined : waivers.get(waiver);
  return {
    ...(change === undefined ? {} : { baselineState: change === 'introduced' ? 'new' : 'unchanged' }),
    kind: failed ? 'fail' : 'open',
    level: failed ? levels[severity] : 'none',
    locations: [{ logicalLocations: [logicalLocation(result)], physicalLocation: physicalLocation(result, scene) }],
    message: { text: sarifText(messageOf(result, names)) },
    partialFingerprints: { primaryLocationLineHash: name, 'provisoFinding/v1': name },
    properties: { account, outcome, region, resourceType: type, severity, ...(waiver === undefined ? {} : { waiver }) },
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ruleId: shown(rule, 200),
    ruleIndex: ruleIndexes.get(rule) ?? -1,
    suppressions: suppressing === undefined ? [] : [suppression(suppressing)],
  };
}

interface Notification {
  readonly level: 'error' | 'warning';
  readonly message: { readonly text: string };
}

function notification(level: Notification['level'], text: string): Notification {
  return { level, message: { text: sarifText(text) } };
}

/** What could not be seen, and what this file has no room for. */
function notifications({ refused, snapshot, gate }: Assessment, left: number): readonly Notification[] {
  const doubts = (gate?.doubts ?? []).slice(0, mostNotifications);
  const calls = refused.slice(0, mostNotifications).map(({ key, account, region, outcome, permission, detail }) => {
    const error = detail === undefined ? '' : ` (${shown(detail, 100)})`;
    const mend = outcome === 'denied' ? `; allow ${shown(permission, 200)}` : '';
    return notification('error', `${shown(key, 300)} in ${account} ${region}: ${outcome}${error}${mend}.`);
  });
  return [
    ...doubts.map((doubt) => notification('error', `${doubtLabel(doubt)}: ${shown(doubt.detail, 500)}.`)),
    ...(snapshot.finished ? [] : [notification('error', 'The collection ended before it had asked for everything.')]),
    ...(left === 0
      ? []
      : [notification('warning', `${several(left, 'finding')} left out: the file has room for the gravest only.`)]),
    ...calls,
    ...(refused.length > calls.length
      ? [notification('error', `${number(refused.length - calls.length)} more calls gave no whole answer.`)]
      : []),
  ];
}

/**
 * What GitHub takes for the category of an upload: runs of other accounts must not replace this one, and what a gate finds
 * in a pull request must not pass for all that an audit has found before.
 */
function automationId({ accounts, gate }: Assessment): string {
  const kind = gate === undefined ? 'proviso' : 'proviso-gate';
  const [only] = accounts;
  return accounts.length === 1 && only !== undefined && only.id !== unnamed.account
    ? `${kind}/${only.id}/`
    : `${kind}/`;
}

function invocation(assessment: Assessment, gate: Gate, left: number) {
  const code = exitCode(assessment, gate);
  return {
    // A run that could not decide is no successful one: readers of files and of exit codes are told the same.
    executionSuccessful: code !== 3,
    exitCode: code,
    exitCodeDescription: isOfGate(assessment)
      ? gateEnding(assessment, gate)
      : { 0: 'clean', 1: 'failures', 3: 'incomplete' }[code],
    toolExecutionNotifications: notifications(assessment, left),
  };
}

function runProperties(assessment: Assessment) {
  const { policy, now, snapshot, totals, verdicts, change } = assessment;
  return {
    agesMeasuredAt: now,
    ...(isOfGate(assessment)
      ? { coverage: shown(coverageSentence(assessment.gate), 500), verdict: shown(verdictSentence(assessment), 500) }
      : {}),
    ...(change === undefined ? {} : { fixedSinceBaseline: change.fixed, unknownSinceBaseline: change.unknown }),
    policy: shown(policy.title, 500),
    snapshot: snapshot.digest,
    totals,
    verdicts,
  };
}

function isSilent({ outcome }: Result): boolean {
  return outcome === 'pass' || outcome === 'not-applicable';
}

/** SARIF 2.1.0 for code scanning: failures and unknowns, the gravest first; passes are none of its alerts. */
export const reporter: Reporter = {
  name: 'sarif',
  extension: '.sarif',
  title: 'SARIF 2.1.0 for code scanning',
  async *render(assessment, results, { gate, policyFolder = '' }) {
    const clauses = clausesByRule(assessment);
    const rules = visibleJson(assessment.rules.map((rule) => sarifRule(rule, clauses.get(rule.id) ?? [])));
    const scene: Scene = {
      names: accountNames(assessment),
      places: placesOf(assessment),
      policyFolder,
      ruleIndexes: new Map(assessment.rules.map(({ id }, index) => [id, index])),
      waivers: new Map(assessment.waivers.map((waiver) => [waiver.id, waiver])),
    };
    const gravest = keepGravest<string>({ items: mostResults, size: mostBytes - Buffer.byteLength(rules) });
    let findings = 0;
    for await (const batch of results) {
      for (const result of batch) {
        if (isSilent(result) || isPassedOver(result, assessment, gate)) continue;
        findings += 1;
        const rank = rankOf(result);
        if (!gravest.takes(rank)) continue;
        const line = visibleJson(sarifResult(result, scene));
        gravest.add(line, rank, Buffer.byteLength(line) + 2);
      }
    }
    const kept = [...gravest.kept()];
    const { name, version } = assessment.tool;
    yield `{\n"$schema":${visibleJson(schema)},\n"runs":[{\n`;
    yield `"automationDetails":${visibleJson({ id: automationId(assessment) })},\n"columnKind":"utf16CodeUnits",\n`;
    yield `"invocations":[${visibleJson(invocation(assessment, gate, findings - kept.length))}],\n"language":"en-GB",\n`;
    yield `"properties":${visibleJson(runProperties(assessment))},\n"results":[`;
    for (const [index, line] of kept.entries()) yield `${index === 0 ? '\n' : ',\n'}${line}`;
    yield `\n],\n"tool":{"driver":{"name":${visibleJson(name)},"rules":${rules},"semanticVersion":${visibleJson(version)}}}\n`;
    yield '}],\n"version":"2.1.0"\n}\n';
  },
};
