import { ProvisoError } from '../errors.ts';
import type { Assessment, ClauseSummary } from '../finding/finding.ts';
import { visibleJson } from '../finding/result-line.ts';
import type { Clause, Policy } from '../policy/policy.ts';
import { type Io, type Options, text, texts } from './_command.ts';
import { shipped } from './_package.ts';
import { readPolicy } from './_policy.ts';
import { type ListedClause, type ListedPolicy, policyPage } from './_policy-page.ts';
import { loadRules } from './_rules.ts';
import { newestAssessment, readAssessment } from './_run.ts';

async function loadOwn(options: Options, io: Io): Promise<Policy> {
  const own = texts(options.rules);
  const rules = await loadRules(own.length === 0 ? [] : [shipped('rules'), ...own], io.cwd);
  return readPolicy(text(options.policy), rules, io.cwd);
}

/** A clause as the policy has it: nobody has judged it. */
function unjudged({ id, claim, owner, section, verification, rules }: Clause): ListedClause {
  return {
    id,
    claim,
    ...(owner === undefined ? {} : { owner }),
    ...(section === undefined ? {} : { section }),
    verification,
    rules,
  };
}

function ofRun(assessment: Assessment, folder: string, changed: boolean): ListedPolicy {
  const { policy, accounts, clauses, verdicts, now, snapshot } = assessment;
  const limits = {
    ...(snapshot.endpoint === undefined ? {} : { endpoint: snapshot.endpoint }),
    ...(snapshot.finished ? {} : { stopped: true as const }),
  };
  const run = { folder, now, accounts: accounts.map(({ id }) => id), changed, ...limits };
  return { title: policy.title, clauses, verdicts, run };
}

/**
 * The policy with the verdicts of a run, or without. A run has the clauses that it judged: where the policy has changed
 * since, its verdicts are not those of what the policy says now.
 */
async function listed(options: Options, io: Io): Promise<ListedPolicy> {
  const named = text(options.run);
  // A run that was named speaks for itself, unless a policy is named beside it.
  const own = named === undefined || options.policy !== undefined ? await loadOwn(options, io) : undefined;
  const folder = named ?? (options.run === false ? undefined : await newestAssessment(io.cwd));
  if (folder !== undefined) {
    const assessment = await readAssessment(folder, io.cwd);
    return ofRun(assessment, folder, own !== undefined && own.digest !== assessment.policy.digest);
  }
  if (own === undefined) throw new Error('neither a run nor a policy');
  return { title: own.title, clauses: own.clauses.map(unjudged) };
}

/** Whether a heading is meant: by all of it, its number, or words of it. A number is no part of another one. */
function isMeant(heading: string, wish: string): boolean {
  const [has, wanted] = [heading.toLowerCase(), wish.trim().toLowerCase()];
  if (has === wanted || has.startsWith(`${wanted} `)) return true;
  return /^\p{L}/u.test(wanted) && has.includes(wanted);
}

function inSections(clauses: readonly ListedClause[], wishes: readonly string[]): readonly ListedClause[] {
  if (wishes.length === 0) return clauses;
  const headings = [...new Set(clauses.flatMap(({ section }) => section ?? []))];
  for (const wish of wishes) {
    if (headings.some((heading) => isMeant(heading, wish))) continue;
    const hint = headings.length === 0 ? 'Its clauses have no sections.' : `one of: ${headings.join(', ')}`;
    throw new ProvisoError('usage', `the policy has no section '${wish}'`, { hint });
  }
  return clauses.filter(({ section }) => section !== undefined && wishes.some((wish) => isMeant(section, wish)));
}

function withVerdicts({ run }: ListedPolicy, clauses: readonly ListedClause[], wishes: readonly string[]) {
  if (wishes.length === 0) return clauses;
  if (run === undefined) {
    const hint = 'Run `proviso audit` first, or name the folder of a run with --run.';
    throw new ProvisoError('usage', 'there is no run to take verdicts from', { hint });
  }
  return clauses.filter(({ verdict }) => verdict !== undefined && wishes.includes(verdict));
}

/** Prints the policy's clauses. The exit code is that of `audit` alone: to look at broken promises is no failure. */
export async function listPolicy(options: Options, io: Io): Promise<number> {
  const policy = await listed(options, io);
  const within = inSections(policy.clauses, texts(options.section));
  const clauses = withVerdicts(policy, within, texts(options.verdict)) satisfies readonly Partial<ClauseSummary>[];
  if (text(options.format) === 'json') {
    const { title, run, verdicts } = policy;
    await io.write(`${visibleJson({ title, ...(run && { run }), ...(verdicts && { verdicts }), clauses })}\n`);
  } else await io.write(policyPage(policy, clauses, io));
  return 0;
}
