import { tagsUnsaid } from '../model/declared-tags.ts';
import { type ChangeAction, changeActions, type Doubt } from '../model/proposal.ts';
import type { UnknownReason } from '../model/value.ts';
import { number, several } from './counts.ts';
import { exitCode, type Gate } from './exit.ts';
import type { Assessment, Cause, GateSummary, Result } from './finding.ts';

/** An assessment of a change that is not deployed yet. */
export type GateAssessment = Assessment & Required<Pick<Assessment, 'gate' | 'change'>>;

export function isOfGate(assessment: Assessment): assessment is GateAssessment {
  return assessment.gate !== undefined && assessment.change !== undefined;
}

/** Failures that the change introduces, and how many of them a waiver covers. */
function introducedOf({ change, rules }: GateAssessment): { readonly all: number; readonly waived: number } {
  const counted = rules.reduce((sum, { introduced = 0 }) => sum + introduced, 0);
  return { all: change.introduced, waived: change.introduced - counted };
}

function clauseWords(
  { gate: { broken, mended, doubts, unknown }, ...rest }: GateAssessment,
  introduced: number,
): string {
  if (broken.length > 0) return `breaks ${several(broken.length, 'promise')}`;
  if (introduced > 0) {
    const isBroken = rest.clauses.some(({ verdict }) => verdict === 'broken');
    return isBroken ? 'adds to promises that are broken already' : 'breaks what no promise is about';
  }
  if (doubts.length + unknown > 0) return 'cannot be judged as a whole';
  return mended.length > 0 ? `mends ${several(mended.length, 'promise')}` : 'breaks no promise';
}

/**
 * The verdict in one sentence: `This change breaks 2 promises: 3 findings introduced, 1 fixed, 12 were there before, 2
 * cannot be judged yet.`
 */
export function verdictSentence(assessment: GateAssessment): string {
  const { change, gate } = assessment;
  const { all, waived } = introducedOf(assessment);
  const kinds = [
    ...(change.worse === undefined ? [] : [`${number(change.worse)} worse than before`]),
    ...(waived === 0 ? [] : [`${number(waived)} waived`]),
  ];
  const counts = [
    `${several(all, 'finding')} introduced${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`,
    `${number(change.fixed)} fixed`,
    `${number(change.existing)} ${change.existing === 1 ? 'was' : 'were'} there before`,
    ...(gate.unknown === 0 ? [] : [`${number(gate.unknown)} cannot be judged yet`]),
    ...(gate.doubts.length === 0 ? [] : [several(gate.doubts.length, 'doubt')]),
  ];
  return `This change ${clauseWords(assessment, all - waived)}: ${counts.join(', ')}.`;
}

/** What the change was read from, and what it was laid over: `Terraform plan tfplan.json, over the snapshot of …`. */
export function subjectSentence({ source, files, madeAt, live }: GateSummary): string {
  const noun = source === 'terraform-plan' ? 'Terraform plan' : 'CloudFormation';
  const shown = files.slice(0, 3).join(', ');
  const more = files.length > 3 ? ` and ${several(files.length - 3, 'more file')}` : '';
  const made = madeAt === undefined ? '' : `, made ${madeAt}`;
  const over = live === undefined ? ', by itself' : `, over the snapshot of ${live.takenAt}`;
  return `${noun} ${shown}${more}${made}${over}`;
}

const actionWords: Readonly<Record<ChangeAction, string>> = {
  create: 'to create',
  update: 'to update',
  replace: 'to replace',
  delete: 'to delete',
  forget: 'to forget',
  none: 'unchanged',
};

/** `3 to create, 1 to delete, 12 unchanged`. */
export function changesPhrase({ changes }: GateSummary): string {
  const told = changeActions.filter((action) => changes[action] > 0);
  return told.length === 0
    ? 'nothing'
    : told.map((action) => `${number(changes[action])} ${actionWords[action]}`).join(', ');
}

function listed(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}`;
}

/** Which rules were left out; undefined where none was. */
export function leftOutSentence({ rulesLeftOut, source }: GateSummary, most = 5): string | undefined {
  if (rulesLeftOut.length === 0) return undefined;
  const what = source === 'terraform-plan' ? 'a Terraform plan' : 'a CloudFormation template';
  const rules = several(rulesLeftOut.length, 'rule');
  return `${rules} left out, about what ${what} does not declare: ${listed(rulesLeftOut, most)}`;
}

const doubtWords: Readonly<Record<Doubt['code'], string>> = {
  errored: 'failed',
  incomplete: 'incomplete',
  deferred: 'deferred',
  empty: 'nothing judged',
  stale: 'stale',
  unexpanded: 'not expanded',
  unread: 'not read',
  unreadable: 'unreadable',
  elsewhere: 'elsewhere',
};

export function doubtLabel({ code }: Doubt): string {
  return doubtWords[code];
}

/** What a reference at the root of an expression asks for: the module or resource that must be there first. */
function firstOf(causes: readonly Cause[]): string | undefined {
  for (const { chain = [] } of causes) {
    const [, root] =
      /^(module\.[A-Za-z0-9_-]+|aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)/.exec(chain.at(-1)?.expression ?? '') ?? [];
    if (root !== undefined) return root;
  }
  return undefined;
}

const settles: Readonly<Partial<Record<UnknownReason, string>>> = {
  denied: 'allow what was denied, and take the snapshot again',
  throttled: 'take the snapshot again',
  failed: 'take the snapshot again',
  stale: 'take the snapshot again',
  redacted: 'it is kept secret: an audit after the deployment tells',
  type: 'mend the value, which is not of the kind that AWS takes',
  limit: 'make it smaller: it is beyond what is worked out',
};

/** What the user has not given, by how the reason says so. */
const lacking: readonly (readonly [RegExp, string])[] = [
  [/^parameter \S+ has no /, 'give --parameter NAME=VALUE, or --parameters FILE'],
  [/^(?:parameter \S+, which|a value that) is looked up/, 'it is looked up at deployment: an audit after that tells'],
  [/^(?:nobody said to which account|AWS::AccountId is known)/, 'give --account ID'],
  [/^(?:nobody said to which region|AWS::Region is known)/, 'give --region NAME'],
  [/^AWS::StackName is known/, 'give --stack NAME'],
  [/--include-property-values/, 'describe the change set again, with --include-property-values'],
  [/; put it in quotation marks/, 'put the value in quotation marks'],
  [new RegExp(`^${tagsUnsaid}`), 'give all tags of the stack: --stack-tag KEY=VALUE, or none if it has no tags'],
];

function whatLacks(detail: string): string | undefined {
  const [, words] = lacking.find(([pattern]) => pattern.test(detail)) ?? [];
  const [, parameter = 'NAME'] = /^parameter (\S+)/.exec(detail) ?? [];
  return words?.replace('NAME=', () => `${parameter}=`);
}

/** What would settle all of several reasons, where nothing is needed but what the user may give. */
function allThatLacks(reasons: readonly { readonly detail?: string }[]): string | undefined {
  const words = reasons.map(({ detail = '' }) => whatLacks(detail));
  const told = new Set(words.flatMap((one) => one ?? []));
  return told.size === 0 || words.includes(undefined) ? undefined : [...told].slice(0, 3).join('; ');
}

function settlesKnownLater(detail: string, { causes = [] }: Result, { live }: GateSummary): string {
  const lack = whatLacks(detail);
  if (lack !== undefined) return lack;
  const first = firstOf(causes);
  if (first !== undefined) return `apply ${first} first, then plan again`;
  return live === undefined
    ? 'give --live SNAPSHOT, where AWS or the account decides it; else an audit after the deployment tells'
    : 'an audit after the deployment tells';
}

/** What is not there in a plan for some resources may be in the plan for all. */
function isForSome({ doubts }: GateSummary): boolean {
  return doubts.some(({ code, detail }) => code === 'incomplete' && detail.includes('-target'));
}

/** What would settle something that cannot be judged. */
export function settleAdvice(result: Result, gate: GateSummary): string {
  if (result.outcome === 'not-evaluated') return 'set the parameter in the policy';
  const reasons = result.evidence.flatMap(({ unknown }) => unknown ?? []);
  const lack = allThatLacks(reasons);
  if (lack !== undefined) return lack;
  const later = reasons.find(({ reason }) => reason === 'known-after-apply');
  if (later !== undefined) return settlesKnownLater(later.detail ?? '', result, gate);
  const permission = reasons.find((one) => one.permission !== undefined)?.permission;
  if (permission !== undefined) return `allow ${permission}, and take the snapshot again`;
  const known = reasons.map(({ reason }) => settles[reason]).find((words) => words !== undefined);
  if (known !== undefined) return known;
  if (isForSome(gate)) return 'make the plan for all resources, without -target';
  return gate.live === undefined ? 'give --live SNAPSHOT' : 'take a snapshot that holds it';
}

const causeWords: Readonly<Record<ChangeAction, string>> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
  forget: 'no longer managed',
  none: 'unchanged',
};

/** `network.tf:12 module.web.aws_security_group.a (created)`. */
export function causeText({ declared: { address, construct, file, line }, action }: Cause): string {
  const place = file === undefined ? '' : line === undefined ? `${file} ` : `${file}:${line} `;
  return `${place}${address}${construct === undefined ? '' : `, ${construct}`} (${causeWords[action]})`;
}

/** `ingress ← var.cidrs (variables.tf:3) ← …`; undefined where no attribute is known. */
export function chainText({ attribute, chain = [] }: Cause): string | undefined {
  if (attribute === undefined) return undefined;
  const steps = chain.map(({ expression, file, line }) => {
    const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
    return `${expression}${place}`;
  });
  return [attribute, ...steps].join(' ← ');
}

/** Whether the gate shows a result: what the change introduces, or with `--all` every failure. */
export function isShown({ outcome, change }: Result, gate: Gate): boolean {
  if (outcome === 'pass' || outcome === 'not-applicable') return false;
  return change === 'introduced' || (outcome === 'fail' && gate.only !== 'new');
}

/** What the exit code means for a change, in a few words: to pass is not to be clean. */
export function gateEnding(assessment: GateAssessment, gate: Gate): string {
  const code = exitCode(assessment, gate);
  if (code === 3) return 'incomplete';
  if (code === 1) return gate.only === 'new' ? 'findings introduced' : 'failures';
  const { all, waived } = introducedOf(assessment);
  const { doubts, unknown } = assessment.gate;
  if (all > waived) return 'what it introduces does not gate';
  if (doubts.length + unknown > 0) return 'what cannot be judged does not gate';
  return all > 0 ? 'what it introduces is waived' : 'nothing introduced';
}

/** `--fail-on info → exit 1 (findings introduced)`. */
export function gateSentence(assessment: GateAssessment, gate: Gate): string {
  const all = gate.only === 'new' ? '' : ' --all';
  const unknowns = gate.onUnknown === 'warn' ? ' --on-unknown warn' : '';
  const code = exitCode(assessment, gate);
  return `--fail-on ${gate.failOn}${all}${unknowns} → exit ${code} (${gateEnding(assessment, gate)})`;
}
