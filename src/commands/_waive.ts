import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import { type Result, waiverType } from '../finding/finding.ts';
import { observationDigest } from '../finding/observation.ts';
import { parseDate } from '../model/instant.ts';
import { readYaml } from '../model/read-yaml.ts';
import { decodeText } from '../model/yaml.ts';
import { entryLines, insertWaiver, type WrittenWaiver } from '../policy/insert-waiver.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { isExpired, isTooLong, longestDays, waiverId } from '../policy/waiver.ts';
import { waive, watchAll } from '../policy/waiving.ts';
import { type Io, type Options, text } from './_command.ts';
import { diffLines } from './_diff.ts';
import { loadFinding } from './_finding.ts';
import { replaceFile } from './_replace-file.ts';
import { unreadable } from './_rules.ts';

const questions = {
  reason: 'Why is it accepted?',
  owner: 'Who answers for it?',
  approver: 'Who has approved it?',
  expires: 'Last day on which it counts, such as 2027-03-31?',
} as const;
type Wanted = keyof typeof questions;
const wanted = Object.keys(questions) as readonly Wanted[];

/** Why an answer cannot be taken, if it cannot. */
function flawOf(name: Wanted, answer: string, now: number): string | undefined {
  if (answer.trim() === '') return `--${name} must say something`;
  if (answer.length > 2000) return `--${name} is longer than 2000 characters`;
  if (name !== 'expires') return undefined;
  if (parseDate(answer) === undefined) return `'${answer}' is not a day of the calendar, such as 2027-03-31`;
  if (isExpired(answer, now)) return `${answer} is over`;
  return isTooLong(answer, now) ? `${answer} is more than ${longestDays} days ahead` : undefined;
}

async function askFor(name: Wanted, ask: NonNullable<Io['ask']>, io: Io): Promise<string> {
  for (;;) {
    const answer = await ask(questions[name]);
    const flaw = flawOf(name, answer, io.now().getTime());
    if (flaw === undefined) return answer;
    io.note(flaw);
  }
}

/** What the flags say; what they leave out is asked for, or is an error where nobody is there to answer. */
async function answersOf(options: Options, io: Io): Promise<Readonly<Record<Wanted, string>>> {
  const missing = wanted.filter((name) => text(options[name]) === undefined);
  if (missing.length > 0 && io.ask === undefined) {
    const flags = missing.map((name) => `--${name}`).join(', ');
    throw new ProvisoError('usage', `a waiver needs ${flags}`, { hint: 'On a terminal they are asked for.' });
  }
  const answers: Record<string, string> = {};
  for (const name of wanted) {
    const given = text(options[name]);
    const flaw = given === undefined ? undefined : flawOf(name, given, io.now().getTime());
    if (flaw !== undefined) throw new ProvisoError('usage', flaw);
    if (given !== undefined) answers[name] = given;
    else if (io.ask !== undefined) answers[name] = await askFor(name, io.ask, io);
  }
  return answers as Record<Wanted, string>;
}

/** The policy to write into: the one that is named, or `policies.yaml` here. The one that is shipped is nobody's own. */
function policyFile(options: Options, cwd: string): string {
  const file = text(options.policy) ?? 'policies.yaml';
  if (existsSync(resolve(cwd, file))) {
    const near = isAbsolute(file) ? relative(cwd, file) : file;
    return near === '' || near.startsWith('..') ? file : near;
  }
  throw new ProvisoError('usage', `there is no ${file} to write the waiver into`, {
    hint: 'Name the policy of your organisation with --policy.',
  });
}

/** Only a failure can be accepted, and only once. */
function refuse(id: string, result: Result, { waivers }: Policy, now: number): void {
  const no = (why: string, hint: string) => {
    throw new ProvisoError('usage', `${id} cannot be waived: ${why}`, { hint });
  };
  if (result.type === waiverType) no('it is about a waiver itself', 'Mend or remove that waiver in the policy.');
  if (result.outcome !== 'fail') {
    const hint =
      result.outcome === 'unknown'
        ? 'Nobody knows what would be accepted: let it be read first.'
        : 'Only failures need a waiver.';
    no(`it is no failure but ${result.outcome}`, hint);
  }
  const { waiver = result.waiver } = waive(watchAll(waivers, now), result, undefined);
  const written = waivers.find((one) => waiverId(one) === waiver);
  const place = written === undefined ? '' : `, ${written.at.file}:${written.at.line}`;
  if (waiver !== undefined) no(`${waiver} covers it already${place}`, 'Change that entry instead.');
}

/** The texts by which the waiver finds the failure again: exactly where it is, by the id that its fingerprint has. */
function selectionOf({
  rule,
  account,
  region,
  type,
  resource,
}: Result): Pick<WrittenWaiver, 'rule' | 'resource' | 'account' | 'region'> {
  const id = resource?.id ?? (type === 'region' ? region : account);
  // A pattern has no escape: a character that would stand for any text stands for any one character.
  return { rule, resource: id.replaceAll('*', '?'), account, region };
}

function pinOf(result: Result): Pick<WrittenWaiver, 'observed'> {
  const observed = observationDigest(result);
  if (observed !== undefined) return { observed };
  throw new ProvisoError('usage', 'the finding cannot be pinned: it has more observations than a run keeps', {
    hint: 'Waive it without --pin.',
  });
}

/** The new text of the policy, which must load and hold just one waiver more. */
async function rewrite(policy: Policy, bytes: Uint8Array, waiver: WrittenWaiver, cwd: string): Promise<string> {
  const { file, waivers } = policy;
  const byHand = (cause?: unknown) =>
    new ProvisoError('policy', `${file} is written in a way into which no waiver can be put`, {
      hint: `Put it there by hand, under 'waivers:':\n  ${entryLines(waiver).join('\n  ')}`,
      cause,
    });
  const twin = waivers.find((one) => waiverId(one) === waiverId(waiver));
  if (twin !== undefined) {
    throw new ProvisoError('policy', 'a waiver of this failure is there already, and does not cover it any more', {
      where: twin.at,
      hint: 'Have it approved again, and change its day.',
    });
  }
  const after = insertWaiver(await readYaml(decodeText(bytes, file, 'policy'), file, 'policy'), waiver);
  if (after === undefined) throw byHand();
  const read = async (path: string) => (path === file ? new TextEncoder().encode(after) : readFile(resolve(cwd, path)));
  const reloaded = await loadPolicy(file, read).catch((error: unknown) => {
    throw byHand(error);
  });
  const ids = [...waivers.map(waiverId), waiverId(waiver)];
  if (JSON.stringify(reloaded.waivers.map(waiverId)) !== JSON.stringify(ids)) throw byHand();
  return after;
}

/** Writes a waiver of a finding into the policy, and shows what it wrote. */
export async function runWaive(id: string, options: Options, io: Io): Promise<number> {
  const file = policyFile(options, io.cwd);
  const { question, result } = await loadFinding(id, { ...options, policy: file }, io);
  const { policy } = question;
  refuse(id, result, policy, io.now().getTime());
  const pin = options.pin === true ? pinOf(result) : {};
  const waiver: WrittenWaiver = { ...selectionOf(result), ...(await answersOf(options, io)), ...pin };
  const path = resolve(io.cwd, policy.file);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(policy.file, error);
  });
  const after = await rewrite(policy, bytes, waiver, io.cwd);
  const before = decodeText(bytes, policy.file, 'policy');
  await io.write(`${diffLines(policy.file, before, after, io.colours).join('\n')}\n`);
  if (options.dryRun === true) {
    io.note('Nothing was written, as --dry-run asks.');
    return 0;
  }
  await replaceFile(path, before, after);
  io.note(`${policy.file} has the waiver ${waiverId(waiver)}; the next run judges by it.`);
  return 0;
}
