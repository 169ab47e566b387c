import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { declaredText } from '../finding/declared-text.ts';
import type { Evidence, Result, WaiverSummary } from '../finding/finding.ts';
import { plain } from '../finding/plain-text.ts';
import { findCall } from '../model/ledger.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { coverWords, waiverId } from '../policy/waiver.ts';
import { waiverRules } from '../policy/waiver-results.ts';
import { sentence } from '../rule/sentence.ts';
import type { Io, Options } from './_command.ts';
import { type Finding, loadFinding } from './_finding.ts';
import { readAssessment } from './_run.ts';
import { section, sentenceLines } from './_section.ts';

function observedText({ unknown, observed }: Evidence): string {
  if (unknown === undefined) return observed === undefined ? 'absent' : JSON.stringify(observed);
  return `not known: ${unknown.reason}${unknown.detail === undefined ? '' : `, ${unknown.detail}`}`;
}

function evidenceLines(evidence: Evidence, result: Result, snapshot: Snapshot | undefined): readonly string[] {
  const lines = [
    plain(evidence.path),
    `  observed  ${plain(observedText(evidence))}`,
    `  expected  ${plain(evidence.expected)}`,
  ];
  if (evidence.call === undefined) return lines;
  const entry = snapshot && findCall(snapshot.ledger, result.account, result.region, evidence.call);
  const when =
    entry === undefined ? '' : `, answered ${entry.answeredAt}, request ${entry.requestIds.at(-1) ?? 'without id'}`;
  return [...lines, `  call      ${plain(evidence.call)}${when}`];
}

type Answered = Pick<WaiverSummary, 'covers' | 'reason' | 'owner' | 'approver' | 'expires'>;

/** The waiver that covers a result: as the run kept it, else as the policy has it. */
async function waiverOf({ folder, question, result }: Finding, cwd: string): Promise<Answered | undefined> {
  if (result.waiver === undefined) return undefined;
  if (existsSync(resolve(cwd, folder, 'assessment.json'))) {
    const { waivers } = await readAssessment(folder, cwd);
    return waivers.find(({ id }) => id === result.waiver);
  }
  const written = question.policy.waivers.find((waiver) => waiverId(waiver) === result.waiver);
  return written && { ...written, covers: coverWords(written) };
}

function waiverLines(waiver: Answered | undefined): readonly string[] {
  if (waiver === undefined) return [];
  const { covers, reason, owner, approver, expires } = waiver;
  return [
    `covers    ${plain(covers)}`,
    `reason    ${plain(reason)}`,
    `owner     ${plain(owner)}`,
    `approver  ${plain(approver)}`,
    `expires   ${expires}`,
  ];
}

/** What is known of the rule behind a result, which may be one about waivers. */
function ruleOf({ question, result }: Finding) {
  const rule = question.rules.find((one) => one.id === result.rule);
  const facts = rule ?? waiverRules.find((one) => one.id === result.rule);
  return facts && { title: facts.title, fix: facts.fix, must: rule === undefined ? [] : sentenceLines(sentence(rule)) };
}

/** Shows all that is known of one finding, with the calls behind it where the run's snapshot is at hand. */
export async function explainFinding(id: string, options: Options, io: Io): Promise<number> {
  const finding = await loadFinding(id, options, io);
  const { result, snapshot } = finding;
  const rule = ruleOf(finding);
  const { resource: subject, message } = result;
  const waived = result.waiver === undefined ? '' : ` · WAIVED by ${result.waiver}`;
  const lines = [
    `${io.colours.bold(id)} · ${result.outcome.toUpperCase()}${waived} · ${result.rule}`,
    ...(rule === undefined ? [] : [rule.title]),
    '',
    `${result.account} · ${result.region} · ${result.type}`,
    ...(subject === undefined ? [] : [plain(subject.arn ?? subject.id)]),
    ...(subject?.declared === undefined ? [] : [plain(declaredText(subject) ?? '')]),
    ...(message === undefined ? [] : [plain(message)]),
  ];
  const waiver = section('Waiver', waiverLines(await waiverOf(finding, io.cwd)));
  const evidence = result.evidence.flatMap((one) => evidenceLines(one, result, snapshot));
  await io.write(`${lines.join('\n')}\n${waiver}${section('Evidence', evidence)}`);
  if (rule === undefined) return 0;
  const fixes = Object.entries(rule.fix).map(([means, how]) => `${means}: ${how}`);
  await io.write(section('What must hold', rule.must) + section('How to mend it', fixes));
  return 0;
}
