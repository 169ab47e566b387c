import type { PolicyDocument } from '../access/policy-document.ts';
import { inert, plain, wrap } from '../finding/plain-text.ts';
import type { Colours } from '../finding/reporter.ts';
import type { Collection } from '../model/snapshot.ts';
import type { Io } from './_command.ts';
import type { ProbedPermission, Standing } from './_doctor-probe.ts';

/** Everything that was looked at; what could not be is left out. */
export interface Checkup {
  readonly node: { readonly version: string; readonly needs: string; readonly supported: boolean };
  readonly policy: { readonly file: string; readonly clauses: number; readonly rules: number };
  /** Rules that cannot be evaluated, since the policy does not set these parameters: `rule.parameter`. */
  readonly missingParameters: readonly string[];
  readonly output: { readonly folder: string; readonly problem?: string };
  /** Undefined for AWS itself. */
  readonly endpoint?: string;
  readonly credentials: FoundCredentials | { readonly problem: string; readonly hint?: string };
  /** Seconds by which AWS's clock is ahead of this one. */
  readonly clockAhead?: number;
  readonly accounts: readonly CheckedAccount[];
  /** Regions of the policy's scope that no account has. */
  readonly noSuchRegions: readonly string[];
  /** The region in which was asked. */
  readonly region?: string;
  readonly permissions: readonly ProbedPermission[];
  /** Lists that are not whole. */
  readonly incomplete: readonly Pick<Collection, 'account' | 'region' | 'type' | 'reason' | 'detail'>[];
  /** What allows all that was refused. */
  readonly grant?: PolicyDocument;
  readonly exitCode: number;
}

interface FoundCredentials {
  readonly account: string;
  readonly arn: string;
  readonly origin: string;
  /** ISO 8601; left out where nobody says so. */
  readonly expires?: string;
}

export interface CheckedAccount {
  readonly id: string;
  readonly name?: string;
  readonly role?: string;
  /** Those that are enabled. */
  readonly regions: readonly string[];
  readonly problem?: string;
  /** What the caller lacks to get there: an action on the role. */
  readonly needs?: string;
}

type State = 'well' | 'doubtful' | 'wrong' | 'neutral';

const marks: Readonly<Record<State, { readonly mark: string; readonly colour: keyof Colours }>> = {
  well: { mark: '✔', colour: 'green' },
  doubtful: { mark: '?', colour: 'yellow' },
  wrong: { mark: '✖', colour: 'red' },
  neutral: { mark: '-', colour: 'dim' },
};

/** One line of the examination: what was looked at, and what was seen; further texts stand under the first. */
type Row = readonly [state: State, what: string, ...seen: string[]];

const labelWidth = 11;
/** Seconds. Ages are told in days; AWS itself begins to mind at five minutes. */
const tolerableSkew = 60;

function several(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function clockRow(ahead: number | undefined): readonly Row[] {
  if (ahead === undefined) return [['doubtful', 'clock', 'the answers do not say what time it is']];
  if (Math.abs(ahead) < 5) return [['well', 'clock', "agrees with AWS's"]];
  const seen = `is ${several(Math.abs(ahead), 'second')} ${ahead > 0 ? 'behind' : 'ahead of'} AWS's`;
  if (Math.abs(ahead) < tolerableSkew) return [['well', 'clock', seen]];
  return [
    [
      'doubtful',
      'clock',
      seen,
      'set it: ages are measured by it, and AWS refuses calls that are signed far from its time',
    ],
  ];
}

function credentialRows({ credentials, clockAhead }: Checkup): readonly Row[] {
  if ('problem' in credentials) {
    const { problem, hint } = credentials;
    return [['wrong', 'credentials', problem, ...(hint === undefined ? [] : [hint])]];
  }
  const { arn, origin, expires } = credentials;
  const until = expires === undefined ? 'nothing says when they expire' : `they expire at ${expires}`;
  return [['well', 'credentials', arn, `from ${origin}; ${until}`], ...clockRow(clockAhead)];
}

function policyRow({ policy, missingParameters }: Checkup): Row {
  const seen = `${policy.file}: ${several(policy.clauses, 'clause')}, ${several(policy.rules, 'rule')}`;
  if (missingParameters.length === 0) return ['well', 'policy', seen];
  return ['wrong', 'policy', seen, `set under parameters, else nothing is evaluated: ${missingParameters.join(', ')}`];
}

function accountRow({ id, name, role, regions, problem, needs }: CheckedAccount): Row {
  const named = name === undefined ? id : `${id} ${name}`;
  const by = role === undefined ? [] : [`by ${role}`];
  if (problem !== undefined) {
    const help = needs === undefined ? [] : [`whoever starts the run needs ${needs}`];
    return ['wrong', 'account', named, ...by, problem, ...help];
  }
  return ['well', 'account', named, ...by, `${several(regions.length, 'region')}: ${regions.join(', ')}`];
}

/** What was looked at first, in the order in which a run meets it. */
function examination(checkup: Checkup): readonly Row[] {
  const { node, output, endpoint, accounts, noSuchRegions } = checkup;
  return [
    [node.supported ? 'well' : 'wrong', 'Node', `${node.version}, needed is ${node.needs}`],
    policyRow(checkup),
    output.problem === undefined
      ? ['well', 'output', `${output.folder} can be written`]
      : ['wrong', 'output', output.problem],
    ['well', 'endpoint', endpoint ?? 'AWS'],
    ...credentialRows(checkup),
    ...accounts.map(accountRow),
    ...noSuchRegions.map((name): Row => ['wrong', 'region', `the policy's scope names ${name}, which does not exist`]),
  ];
}

const standingWords: Readonly<Record<Standing, readonly [state: State, heading: string]>> = {
  refused: ['wrong', 'REFUSED'],
  failed: ['doubtful', 'NOT ANSWERED'],
  'not-probed': ['neutral', 'NOT PROBED'],
  allowed: ['well', 'ALLOWED'],
};

/** Lines of text that fit, with colours, and harmless to whoever reads them. */
interface Paper {
  readonly columns: number;
  readonly colours: Colours;
}

function indented(text: string, indent: number, { columns }: Paper, whole = true): readonly string[] {
  const under = ' '.repeat(indent);
  return wrap(plain(text), Math.max(20, columns - indent), whole).map((line) => under + line);
}

function rowLines([state, what, ...seen]: Row, paper: Paper): readonly string[] {
  const { mark, colour } = marks[state];
  const indent = labelWidth + 4;
  const [first = '', ...rest] = seen.flatMap((text) => indented(text, indent, paper));
  return [`${paper.colours[colour](mark)} ${what.padEnd(labelWidth)}  ${first.slice(indent)}`, ...rest];
}

/** Accounts that came out alike are told together. */
function reasons({ accounts, standing }: ProbedPermission): readonly string[] {
  const byWhy = new Map<string, string[]>();
  for (const { account, standing: own, why = '' } of accounts)
    if (own === standing) byWhy.set(why, [...(byWhy.get(why) ?? []), account]);
  return [...byWhy].map(([why, ids]) => (accounts.length === 1 ? why : `${ids.join(', ')}: ${why}`));
}

function isLost({ standing }: Pick<ProbedPermission, 'standing'>): boolean {
  return standing === 'refused' || standing === 'failed';
}

function permissionLines(permission: ProbedPermission, paper: Paper): readonly string[] {
  const { action, rules, clauses } = permission;
  const lost = [
    `unknown without it: ${rules.join(', ')}`,
    ...(clauses.length === 0 ? [] : [`of the promises: ${clauses.join(', ')}`]),
  ];
  return [
    `  ${paper.colours.bold(plain(action))}`,
    ...reasons(permission).flatMap((why) => indented(why, 4, paper)),
    ...(isLost(permission) ? lost.flatMap((text) => indented(text, 4, paper)).map(paper.colours.dim) : []),
  ];
}

function standingLines(standing: Standing, permissions: readonly ProbedPermission[], paper: Paper): readonly string[] {
  const some = permissions.filter((permission) => permission.standing === standing);
  if (some.length === 0) return [];
  const [state, heading] = standingWords[standing];
  const { mark, colour } = marks[state];
  const names = some.map(({ action }) => action).join(', ');
  const lines = standing === 'allowed' ? indented(names, 2, paper) : some.flatMap((one) => permissionLines(one, paper));
  return ['', paper.colours[colour](`${mark} ${heading} ${some.length}`), ...lines];
}

/** The lists that are not whole for another reason than a permission that is shown already. */
function incompleteLines({ incomplete, permissions }: Checkup, paper: Paper): readonly string[] {
  const shown = permissions.flatMap(({ accounts }) => accounts.filter(isLost).flatMap(({ why }) => why ?? []));
  const left = incomplete.filter(({ detail }) => !shown.some((why) => detail?.includes(why)));
  if (left.length === 0) return [];
  const lines = left.map(
    ({ account, region, type, detail, reason }) => `${type} in ${account} ${region}: ${detail ?? reason ?? 'failed'}`,
  );
  const heading = paper.colours.yellow(`? LISTS THAT ARE NOT WHOLE ${left.length}`);
  return ['', heading, ...lines.flatMap((line) => indented(line, 2, paper))];
}

function grantLines({ grant }: Checkup, paper: Paper): readonly string[] {
  if (grant === undefined) return [];
  const what =
    'This allows what was refused, unless something else denies it, such as a service control policy or the policy ' +
    'of a resource:';
  return ['', ...indented(what, 0, paper), ...JSON.stringify(grant, null, 2).split('\n')];
}

const endings: Readonly<Record<number, string>> = {
  0: 'Nothing is in the way of an audit, as far as could be tried.',
  2: 'An audit would not start like this.',
  3: 'An audit would run, and something would be unknown.',
  4: 'AWS could not be asked, so that no permission was tried.',
};

function permissionRow({ permissions, region }: Checkup): readonly Row[] {
  if (region === undefined) return [];
  const count = (standing: Standing) => permissions.filter((one) => one.standing === standing).length;
  const [refused, failed] = [count('refused'), count('failed')];
  const counts = [
    `${count('allowed')} allowed`,
    `${refused} refused`,
    ...(failed === 0 ? [] : [`${failed} not answered`]),
    `${count('not-probed')} not probed`,
  ];
  return [
    [
      refused + failed > 0 ? 'wrong' : 'well',
      'permissions',
      counts.join(', '),
      `tried in ${region}; --region names another one`,
    ],
  ];
}

/** The examination as a page: what was looked at, then the permissions, the refused ones first. */
export function doctorPage(checkup: Checkup, { columns, colours }: Pick<Io, 'columns' | 'colours'>): string {
  const paper = { columns: Math.min(120, Math.max(60, columns)), colours };
  const { permissions } = checkup;
  const lines = [
    ...[...examination(checkup), ...permissionRow(checkup)].flatMap((row) => rowLines(row, paper)),
    ...standingLines('refused', permissions, paper),
    ...standingLines('failed', permissions, paper),
    ...incompleteLines(checkup, paper),
    ...standingLines('not-probed', permissions, paper),
    ...standingLines('allowed', permissions, paper),
    ...grantLines(checkup, paper),
    '',
    ...indented(endings[checkup.exitCode] ?? '', 0, paper).map(colours.bold),
  ];
  return lines.map((line) => `${inert(line)}\n`).join('');
}
