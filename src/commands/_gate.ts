import { resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import type { Gate } from '../finding/exit.ts';
import { parseArn } from '../model/arn.ts';
import { type Duration, hasPassed, parseDuration, sayDuration } from '../model/duration.ts';
import type { Foreseen } from '../model/foreseen.ts';
import { overlay } from '../model/overlay.ts';
import { planned } from '../model/planned.ts';
import type { Doubt, Proposal } from '../model/proposal.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { unnamed } from '../model/unnamed.ts';
import type { Policy } from '../policy/policy.ts';
import type { Catalogue } from '../rule/rule.ts';
import { gateOf, instantOf, reportRun, reportsOf } from './_assess.ts';
import { type Io, type Options, text } from './_command.ts';
import { readProposal } from './_gate-input.ts';
import { judgeChange } from './_gate-judge.ts';
import { keepTouched } from './_gate-touched.ts';
import { makeRunFolder, temporaryFolder } from './_output.ts';
import { loadQuestion, openFrom } from './_question.ts';

function accountsIn({ changes, home }: Proposal): readonly string[] {
  const found = changes.flatMap(({ before, after }) => (after ?? before)?.account ?? []);
  return found.length === 0 ? [home.account] : [...new Set(found)];
}

/** Accounts of what there is already, as far as its ARNs tell; others may have been placed where the snapshot is. */
function accountsTold({ changes }: Proposal): readonly string[] {
  const found = changes.flatMap(({ before }) => parseArn(before?.arn ?? '')?.account ?? []);
  return [...new Set(found.filter((account) => /^[0-9]{12}$/.test(account)))];
}

/** A change for one account, laid over another one, would be judged by what is not there. */
function checkAccount(proposal: Proposal, live: Snapshot, from: string, options: Options): void {
  const told = options.account === undefined ? accountsTold(proposal) : [];
  const accounts = told.length === 0 ? accountsIn(proposal) : told;
  const known = live.manifest.accounts.map(({ id }) => id);
  if (accounts.some((account) => known.includes(account))) return;
  const files = proposal.files.join(', ');
  if (accounts.every((account) => account === unnamed.account))
    throw new ProvisoError('input', `${files} does not say for which account it is, and ${from} has several`, {
      hint: `Name it with --account, one of: ${known.slice(0, 10).join(', ')}`,
    });
  const named = accounts.filter((account) => account !== unnamed.account).join(', ');
  const others = `${known.slice(0, 5).join(', ')}${known.length > 5 ? ` and ${known.length - 5} more` : ''}`;
  throw new ProvisoError('input', `${files} is for account ${named}, and ${from} is of account ${others}`, {
    hint: 'Give the snapshot of the account that the change is for.',
  });
}

function maxAge(options: Options): Duration {
  const given = text(options.maxAge) ?? '1d';
  const age = parseDuration(given);
  if (age !== undefined) return age;
  throw new ProvisoError('usage', `'${given}' is not a duration`, { hint: 'Write it like 12h, 1d or 2w.' });
}

/** Clocks that differ by no more than this are none to speak of, in milliseconds. */
const clockSkew = 5 * 60_000;

function staleWords(what: string, when: number, age: Duration, now: number): string | undefined {
  const at = `${what} at ${new Date(when).toISOString()}`;
  if (hasPassed(age, when, now)) return `${at}, more than ${sayDuration(age)} ago`;
  return when > now + clockSkew ? `${at}, which is later than now, ${new Date(now).toISOString()}` : undefined;
}

/** What was made too long ago to say how things are, or at no time at which it can have been made. */
function staleness(proposal: Proposal, live: Snapshot | undefined, age: Duration, now: number): readonly Doubt[] {
  const taken = live === undefined ? undefined : Date.parse(live.manifest.startedAt);
  const made: readonly (readonly [string, number | undefined])[] = [
    [`the ${proposal.noun} was made`, proposal.madeAt],
    ['the snapshot was taken', taken],
  ];
  return made.flatMap(([what, when]) => {
    const detail = when === undefined ? undefined : staleWords(what, when, age, now);
    return detail === undefined ? [] : [{ code: 'stale' as const, detail }];
  });
}

/** A recorded account that may hold more than was seen. */
function unfinished(live: Snapshot | undefined): readonly Doubt[] {
  if (live === undefined || live.manifest.finished) return [];
  return [{ code: 'incomplete', detail: 'the snapshot was stopped before it had asked for everything' }];
}

/**
 * The policy, confined to the accounts that the change is for. What a document does not name counts as one of them: a
 * template that nobody has placed yet is to keep the policy wherever it goes.
 */
function confine(policy: Policy, { places }: Proposal, live: Snapshot | undefined): Policy {
  const at = { file: policy.file, line: 1, column: 1 };
  const wanted = [...new Set(places.map(({ account }) => account))];
  const { accounts, regions } = policy.scope;
  const listed = accounts?.filter(({ id }) => wanted.includes(id));
  const nobody = wanted.includes(unnamed.account) ? [{ id: unnamed.account, at }] : [];
  const beyond = live?.manifest.accounts.some(({ id }) => !wanted.includes(id)) === true;
  const chosen =
    listed === undefined ? (beyond ? wanted.map((id) => ({ id, at })) : undefined) : [...listed, ...nobody];
  const isUnnamed = places.some(({ region }) => region === unnamed.region);
  const covered = regions === undefined || !isUnnamed ? regions : [...regions, unnamed.region];
  return {
    ...policy,
    scope: {
      ...(chosen === undefined ? {} : { accounts: chosen }),
      ...(covered === undefined ? {} : { regions: covered }),
    },
  };
}

async function foresee(proposal: Proposal, live: Snapshot | undefined, { types }: Catalogue): Promise<Foreseen> {
  return live === undefined ? planned(proposal, types) : overlay(live, proposal, types);
}

function gateBy(options: Options): Gate {
  return options.all === true ? gateOf(options) : { ...gateOf(options), only: 'new' };
}

/** Judges what a plan, a template or a change set would do. */
export async function runGate(inputs: readonly string[], options: Options, io: Io): Promise<number> {
  const reports = await reportsOf(options, io.cwd);
  const age = maxAge(options);
  const now = instantOf(text(options.now), io.now);
  const question = await loadQuestion(options, io);
  const from = text(options.live);
  const live = from === undefined ? undefined : await openFrom(from, io.cwd);
  const known = { catalogue: question.catalogue, now, ...(live === undefined ? {} : { live: live.manifest }) };
  const proposal = await readProposal(inputs, options, io, known);
  if (live !== undefined) checkAccount(proposal, live, from ?? '', options);
  const out = text(options.out);
  if (out !== undefined) await makeRunFolder(resolve(io.cwd, out));
  const folder = out === undefined ? await temporaryFolder() : keptFolder(resolve(io.cwd, out));
  try {
    const policy = confine(question.policy, proposal, live);
    const foreseen = await foresee(proposal, live, question.catalogue);
    const doubts = [...staleness(proposal, live, age, now), ...unfinished(live)];
    const gating = { ...question, policy, proposal, foreseen, doubts, now, ...(live === undefined ? {} : { live }) };
    if (out !== undefined) await keepTouched(folder.path, proposal, question.catalogue.types);
    return await reportRun(judgeChange(gating), question, folder.path, reports, gateBy(options), io, out);
  } finally {
    await folder.remove();
  }
}

function keptFolder(path: string): Awaited<ReturnType<typeof temporaryFolder>> {
  return { path, remove: () => Promise.resolve() };
}
