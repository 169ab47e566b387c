import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { neededPermissions } from '../access/needed-permissions.ts';
import { policyDocument } from '../access/policy-document.ts';
import { selectRules } from '../assess.ts';
import { originOf } from '../aws/credential-origin.ts';
import { credentialSource, type Identity } from '../aws/credentials.ts';
import { discoverRegions } from '../aws/discover-regions.ts';
import { ProvisoError } from '../errors.ts';
import type { Manifest, Snapshot } from '../model/snapshot.ts';
import type { Policy } from '../policy/policy.ts';
import { missingParameters } from '../rule/parameters.ts';
import type { Rule } from '../rule/rule.ts';
import { openRecorded } from '../sources/recorded.ts';
import { type Collecting, collect, connect, type Opened } from './_collect.ts';
import { type Io, type Options, text } from './_command.ts';
import { type Connection, connectionOf } from './_connection.ts';
import { type CheckedAccount, type Checkup, doctorPage } from './_doctor-page.ts';
import { judgePermissions } from './_doctor-probe.ts';
import { temporaryFolder, unwritable } from './_output.ts';
import { shipped } from './_package.ts';
import { loadQuestion } from './_question.ts';

type Question = Awaited<ReturnType<typeof loadQuestion>>;

/** What can be looked at without AWS. */
type Local = Pick<Checkup, 'node' | 'policy' | 'missingParameters' | 'output' | 'endpoint'>;

/** What takes AWS to answer. */
type Remote = Omit<Checkup, keyof Local | 'exitCode'>;

async function checkNode(): Promise<Checkup['node']> {
  const { engines } = JSON.parse(await readFile(shipped('package.json'), 'utf8')) as { engines: { node: string } };
  const [least, found] = [engines.node, process.versions.node].map((version) => {
    const [major = 0, minor = 0] = (/\d+(\.\d+)?/.exec(version)?.[0] ?? '').split('.').map(Number);
    return major * 10_000 + minor;
  });
  return { version: process.versions.node, needs: engines.node, supported: (found ?? 0) >= (least ?? 0) };
}

/** Tries to write where the folder is, or is to be made, and leaves nothing behind. */
async function checkOutput(folder: string, cwd: string): Promise<Checkup['output']> {
  let place = resolve(cwd, folder);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    await rmdir(await mkdtemp(join(place, '.proviso-')));
    return { folder };
  } catch (error) {
    return { folder, problem: unwritable(folder, error).message };
  }
}

async function checkLocally(question: Question, judged: readonly Rule[], options: Options, io: Io): Promise<Local> {
  const { policy } = question;
  const missing = judged.flatMap((rule) =>
    missingParameters(rule, policy.parameters.get(rule.id)?.values ?? {}).map((name) => `${rule.id}.${name}`),
  );
  const endpoint = text(options.endpointUrl);
  return {
    node: await checkNode(),
    policy: { file: policy.file, clauses: policy.clauses.length, rules: judged.length },
    missingParameters: missing,
    output: await checkOutput(text(options.out) ?? 'reports', io.cwd),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** What the credentials and the answers tell about themselves, besides what is asked. */
interface Overheard {
  identity?: Identity;
  ahead?: number;
}

/** The same connection, listened to. */
function listen(connection: Connection, overheard: Overheard): Connection {
  let source = connection.aws.credentials;
  const credentials = async () => {
    source ??= credentialSource(connection.aws);
    const identity = await source();
    overheard.identity = identity;
    return identity;
  };
  const onSkew = (ahead: number) => {
    // Each answer underestimates it, by a part of a second and by its way here.
    overheard.ahead = Math.max(ahead, overheard.ahead ?? ahead);
  };
  return { ...connection, aws: { ...connection.aws, credentials, onSkew } };
}

/** The region to ask in: the user's choice, or the first of the policy's scope that is switched on. */
async function regionToAsk({ aws, caller, region }: Opened, { regions }: Connection, { scope }: Policy) {
  const wished = regions ?? scope.regions ?? [region];
  const [first = region] = wished;
  if (wished.length === 1) return first;
  const plan = await discoverRegions(aws, { account: caller.account, selected: undefined, home: region });
  const enabled = plan.regions.filter(({ status }) => status === 'enabled').map((listed) => listed.region);
  return wished.find((name) => enabled.includes(name)) ?? first;
}

/** Asks what an audit would ask in one region, and keeps nothing but what the ledger and the manifest say. */
async function collectOnce(opened: Opened, collecting: Collecting, region: string): Promise<Snapshot> {
  const folder = await temporaryFolder();
  try {
    const connection = { ...collecting.connection, regions: [region] };
    // What a collection has to note, the page says in its place.
    const io = { ...collecting.io, note: () => undefined };
    const path = join(folder.path, 'snapshot');
    await collect(opened, { ...collecting, connection, io }, path, Date.parse(opened.startedAt));
    if (io.signal.aborted) throw new ProvisoError('interrupted', 'stopped before all was tried');
    return await openRecorded(path);
  } finally {
    await folder.remove();
  }
}

type ListedAccount = Manifest['accounts'][number];

/** @param asked the region in which regional calls were tried; undefined when no rule asks for any */
function obstacleTo({ unreachable, regionsIncomplete }: ListedAccount, enabled: readonly string[], asked?: string) {
  if (unreachable !== undefined) return `it cannot be reached: ${unreachable.detail ?? unreachable.reason}`;
  if (regionsIncomplete !== undefined)
    return `its regions cannot be listed: ${regionsIncomplete.detail ?? regionsIncomplete.reason}`;
  if (asked === undefined || enabled.includes(asked)) return undefined;
  return `${asked} is not switched on in it, so that nothing regional was tried: name another with --region`;
}

function checkAccounts(
  { accounts, regions }: Manifest,
  { scope }: Policy,
  asked: string | undefined,
): readonly CheckedAccount[] {
  return accounts.map((account) => {
    const { id, name, unreachable } = account;
    const role = scope.accounts?.find((scoped) => scoped.id === id)?.role;
    const enabled = regions.filter((one) => one.account === id && one.status === 'enabled').map(({ region }) => region);
    const problem = obstacleTo(account, enabled, asked);
    return {
      id,
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      regions: enabled,
      ...(problem === undefined ? {} : { problem }),
      ...(unreachable?.reason === 'denied' && role !== undefined ? { needs: `sts:AssumeRole on ${role}` } : {}),
    };
  });
}

function namesNowhere({ accounts, regions }: Manifest, { scope }: Policy): readonly string[] {
  const isWhole = accounts.every(({ unreachable, regionsIncomplete }) => !unreachable && !regionsIncomplete);
  return isWhole ? (scope.regions ?? []).filter((name) => regions.every(({ region }) => region !== name)) : [];
}

async function checkRemotely(opened: Opened, collecting: Collecting, judged: readonly Rule[]) {
  const { policy, catalogue } = collecting;
  const region = await regionToAsk(opened, collecting.connection, policy);
  const snapshot = await collectOnce(opened, collecting, region);
  const { manifest } = snapshot;
  const probing = { snapshot, region, policy, rules: judged, catalogue };
  const needed = neededPermissions(judged, catalogue.types);
  const permissions = judgePermissions(probing, needed);
  const isRegional = judged.some((rule) =>
    [...rule.reads.keys()].some((name) => catalogue.types.get(name)?.reach === 'region'),
  );
  const refused = permissions.filter(({ standing }) => standing === 'refused').map(({ action }) => action);
  return {
    accounts: checkAccounts(manifest, policy, isRegional ? region : undefined),
    noSuchRegions: namesNowhere(manifest, policy),
    region,
    permissions,
    incomplete: manifest.collections
      .filter(({ complete }) => !complete)
      .map(({ account, region: where, type, reason, detail }) => ({
        account,
        region: where,
        type,
        ...(reason && { reason }),
        ...(detail && { detail }),
      })),
    ...(refused.length === 0 ? {} : { grant: policyDocument(needed.filter(({ action }) => refused.includes(action))) }),
  };
}

/** Without credentials nothing else can be asked; what was looked at before is shown all the same. */
function withoutAws(error: unknown): Remote {
  if (!(error instanceof ProvisoError) || (error.code !== 'credentials' && error.code !== 'endpoint')) throw error;
  const { message, hint } = error;
  return {
    credentials: { problem: message, ...(hint === undefined ? {} : { hint }) },
    accounts: [],
    noSuchRegions: [],
    permissions: [],
    incomplete: [],
  };
}

/** The code with which an audit would end for the same reason, whatever the rules find. */
function exitCodeOf(checkup: Omit<Checkup, 'exitCode'>): number {
  if ('problem' in checkup.credentials) return 4;
  if (checkup.output.problem !== undefined || !checkup.node.supported) return 2;
  const isDoubtful =
    checkup.permissions.some(({ standing }) => standing === 'refused' || standing === 'failed') ||
    checkup.accounts.some(({ problem }) => problem !== undefined);
  const lacks = [checkup.incomplete, checkup.missingParameters, checkup.noSuchRegions];
  return isDoubtful || lacks.some(({ length }) => length > 0) ? 3 : 0;
}

async function examine(question: Question, judged: readonly Rule[], options: Options, io: Io): Promise<Remote> {
  const overheard: Overheard = {};
  const connection = listen(connectionOf(options, io), overheard);
  const collecting: Collecting = { ...question, connection, io };
  let opened: Opened;
  try {
    opened = await connect(collecting);
  } catch (error) {
    return withoutAws(error);
  } finally {
    io.progress(undefined);
  }
  try {
    const asked = await checkRemotely(opened, collecting, judged);
    const { identity, ahead } = overheard;
    const { account, arn } = opened.caller;
    const origin = identity === undefined ? '' : originOf(identity, connection.aws);
    const expires = identity?.expiration?.toISOString();
    return {
      credentials: { account, arn, origin, ...(expires === undefined ? {} : { expires }) },
      ...(ahead === undefined ? {} : { clockAhead: Math.ceil(ahead / 1000) + 0 }),
      ...asked,
    };
  } finally {
    opened.aws.stop();
  }
}

/** Looks at everything that an audit needs, and says what would be unknown without it. */
export async function runDoctor(options: Options, io: Io): Promise<number> {
  const question = await loadQuestion(options, io);
  const judged = selectRules(question.policy, question.rules, question.named);
  const local = await checkLocally(question, judged, options, io);
  const looked = { ...local, ...(await examine(question, judged, options, io)) };
  const checkup: Checkup = { ...looked, exitCode: exitCodeOf(looked) };
  await io.write(text(options.format) === 'json' ? `${JSON.stringify(checkup, null, 2)}\n` : doctorPage(checkup, io));
  return checkup.exitCode;
}
