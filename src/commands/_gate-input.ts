import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { ProvisoError } from '../errors.ts';
import type { Proposal } from '../model/proposal.ts';
import type { Manifest } from '../model/snapshot.ts';
import type { Catalogue } from '../rule/rule.ts';
import { type Io, type Options, text, texts } from './_command.ts';
import { alikeAmong, mergeProposals } from './_gate-merge.ts';
import { type Given, readGiven } from './_gate-pipe.ts';
import { cdkFolder, type InputKind, kindOf } from './_gate-sniff.ts';

/** What the readers of all kinds of input want to know. */
interface Reading {
  readonly catalogue: Catalogue;
  readonly options: Options;
  readonly io: Io;
  readonly now: number;
  readonly account?: string;
  readonly region?: string;
}

interface Input extends Given {
  readonly kind: InputKind;
}

/** A path as readers open it: from the folder of the process, which is nearly always the one of the run. */
function pathOf(name: string, { cwd }: Io): string {
  return cwd === process.cwd() ? name : relative(process.cwd(), resolve(cwd, name));
}

function usage(message: string, hint: string): ProvisoError {
  return new ProvisoError('usage', message, { hint });
}

/** Several inputs are judged together if all are plans or templates, as a commit touches them, or parts of a change set. */
function checkTogether(inputs: readonly Input[]): void {
  const [first] = inputs;
  if (inputs.length < 2 || first === undefined) return;
  const other = inputs.find(({ kind }) => kind !== first.kind);
  if (other !== undefined)
    throw usage(`${first.name} and ${other.name} are of two kinds`, 'Judge them one after the other.');
  if (first.kind === 'cdk-output')
    throw usage('only one CDK output is judged at a time', 'Judge them one after the other.');
}

const onlyFor: Readonly<Record<string, readonly InputKind[]>> = {
  parameters: ['template', 'cdk-output'],
  parameter: ['template', 'cdk-output'],
  previous: ['template'],
  stack: ['template'],
  stackTag: ['template', 'cdk-output', 'change-set'],
  source: ['plan'],
};

/** `stackTag` → `stack-tag`. */
function flagOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Options that would have no effect are a mistake of the user's, who expects one. */
function refuseIdle(inputs: readonly Input[], options: Options): void {
  const [first] = inputs;
  for (const [name, kinds] of Object.entries(onlyFor)) {
    if (options[name] === undefined || first === undefined || kinds.includes(first.kind)) continue;
    throw usage(`--${flagOf(name)} has no effect for ${first.name}`, 'Leave it out.');
  }
  for (const [name, noun] of [
    ['previous', 'template'],
    ['stack', 'template'],
    ['source', 'plan'],
  ] as const)
    if (options[name] !== undefined && inputs.length > 1)
      throw usage(`--${name} is about one ${noun}, and ${inputs.length} are given`, 'Judge them one by one.');
}

function checkPlace(options: Options): void {
  const account = text(options.account);
  if (account !== undefined && !/^[0-9]{12}$/.test(account))
    throw usage(`'${account}' is no account`, 'An account has twelve digits.');
  const region = text(options.region);
  if (region !== undefined && !/^[a-z]+(?:-[a-z0-9]+){2,4}$/.test(region))
    throw usage(`'${region}' is no region`, 'Write it as AWS does: eu-west-1');
}

/** The only account of a snapshot, and the only region that was looked at there. */
function onlyPlace(live: Manifest | undefined, wanted: string | undefined): Pick<Reading, 'account' | 'region'> {
  const accounts = live?.accounts ?? [];
  const account = wanted ?? (accounts.length === 1 ? accounts[0]?.id : undefined);
  const own = live?.regions.filter((one) => one.account === account && one.selected && one.status === 'enabled') ?? [];
  const region = own.length === 1 ? own[0]?.region : undefined;
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

/** Where the change is for: as the user says, or as the snapshot leaves no choice. */
function placeOf(kind: InputKind, options: Options, live: Manifest | undefined): Pick<Reading, 'account' | 'region'> {
  checkPlace(options);
  const given = text(options.region);
  const place = { ...onlyPlace(live, text(options.account)), ...(given === undefined ? {} : { region: given }) };
  if (live === undefined || kind !== 'template') return place;
  for (const what of ['account', 'region'] as const)
    if (place[what] === undefined)
      throw usage(`a template does not say its ${what}, and the snapshot has several`, `Name it with --${what}.`);
  return place;
}

/** Parameters that are given one by one. */
function givenParameters(options: Options): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const one of texts(options.parameter)) {
    const [, name, value] = /^([A-Za-z0-9]{1,255})=(.*)$/s.exec(one) ?? [];
    if (name === undefined || value === undefined)
      throw usage(
        `'${one.split('=', 1).join('')}' gives no parameter`,
        'Write it as NAME=VALUE: --parameter Environment=production; inputs come before it.',
      );
    if (Object.hasOwn(given, name)) throw usage(`parameter ${name} is given twice`, 'Leave out one of the two.');
    given[name] = value;
  }
  return given;
}

/** The tags of the stack: `none` for a stack without any, undefined where nobody says them. */
function givenTags(options: Options): { readonly stackTags?: Readonly<Record<string, string>> } {
  const given = texts(options.stackTag);
  if (given.length === 0) return {};
  if (given.length === 1 && given[0] === 'none') return { stackTags: {} };
  const tags = new Map<string, string>();
  for (const one of given) {
    const [, key, value] = /^([^=]{1,128})=(.{0,256})$/s.exec(one) ?? [];
    if (key === undefined || value === undefined)
      throw usage(
        `'${one}' gives no tag`,
        "Write it as KEY=VALUE: --stack-tag Team=web; or 'none' for a stack without tags. Inputs come before it.",
      );
    if (tags.has(key)) throw usage(`tag ${key} is given twice`, 'Leave out one of the two.');
    tags.set(key, value);
  }
  return { stackTags: Object.fromEntries(tags) };
}

/** Bytes of the limit that are for what is short-lived: three halves of 16 MB, as Node sets them. */
const passing = 3 * 16 * 2 ** 20;

async function readPlan({ name, bytes }: Given, reading: Reading, isOneOfMany: boolean): Promise<Proposal> {
  const { catalogue, options, io, now, ...place } = reading;
  const { openTerraformPlan, readTerraformPlan } = await import('../sources/terraform-plan.ts');
  const { locate, readTerraformSources } = await import('../sources/_terraform-sources.ts');
  const { types, shapes } = catalogue;
  const folder = resolve(io.cwd, text(options.source) ?? (bytes === undefined ? dirname(name) : '.'));
  if (options.source !== undefined) await checkFolder(text(options.source) ?? '', folder);
  const sources = await readTerraformSources(folder, undefined, io.cwd);
  // Two plans may call two things alike.
  const prefix = isOneOfMany ? `${name}/` : '';
  const { heap_size_limit, used_heap_size } = getHeapStatistics();
  const memory = heap_size_limit - used_heap_size - passing;
  const given = { isAccountGiven: options.account !== undefined, isRegionGiven: options.region !== undefined };
  const all = { types, shapes, now, sources, prefix, memory, ...place, ...given };
  const plan =
    bytes === undefined ? await openTerraformPlan(pathOf(name, io), all) : readTerraformPlan(bytes, name, all);
  refuseContradiction(name, plan, options);
  return locate(plan, sources, prefix);
}

/** What a user says of a place is for what a plan leaves open: of a plan that names another one, it is a mistake. */
function refuseContradiction(name: string, { places }: Proposal, options: Options): void {
  for (const what of ['account', 'region'] as const) {
    const given = text(options[what]);
    if (given === undefined || places.some((place) => place[what] === given)) continue;
    const told = [...new Set(places.map((place) => place[what]))].slice(0, 5).join(', ');
    throw new ProvisoError('input', `${name} is for ${what} ${told}, and --${what} says ${given}`, {
      hint: `Leave out --${what}, or give the plan that was made for ${given}.`,
    });
  }
}

/** @param name as the user wrote it */
async function checkFolder(name: string, folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw usage(`--source ${name} is no folder`, 'Name the folder of the .tf files behind the plan.');
}

/** What the readers of all that CloudFormation knows have in common. */
function shared({ catalogue: { types, shapes }, now, account, region }: Reading) {
  return {
    types,
    shapes,
    now,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
}

/** Values for parameters, as a file and one by one. */
function parametersOf({ options, io }: Reading) {
  const file = text(options.parameters);
  const own = file === undefined ? {} : { parametersFile: pathOf(file, io) };
  return { parameters: givenParameters(options), ...givenTags(options), ...own };
}

async function readTemplate({ name, bytes }: Given, reading: Reading, isOneOfMany: boolean): Promise<Proposal> {
  const { openTemplate, readTemplate: readBytes } = await import('../sources/cloudformation.ts');
  const { options, io } = reading;
  const [previous, stack] = [text(options.previous), text(options.stack)];
  const all = {
    ...shared(reading),
    ...parametersOf(reading),
    ...(previous === undefined ? {} : { previous: pathOf(previous, io) }),
    ...(stack === undefined ? {} : { stack }),
    // Two templates may call two things alike.
    ...(isOneOfMany ? { prefix: `${name}/` } : {}),
  };
  return bytes === undefined ? openTemplate(pathOf(name, io), all) : readBytes(bytes, name, all);
}

async function readChangeSet(inputs: readonly Given[], reading: Reading): Promise<Proposal> {
  const { openChangeSet } = await import('../sources/cloudformation.ts');
  return openChangeSet(
    inputs.map(({ name, bytes }) => (bytes === undefined ? pathOf(name, reading.io) : { file: name, bytes })),
    { ...shared(reading), ...givenTags(reading.options) },
  );
}

async function readCdkOutput(name: string, reading: Reading): Promise<Proposal> {
  const { openCdkOutput } = await import('../sources/cloudformation.ts');
  const folder = await cdkFolder(resolve(reading.io.cwd, name), pathOf(name, reading.io));
  return openCdkOutput(folder, { ...shared(reading), ...parametersOf(reading) });
}

/** An input behind an option that may be given several times is taken for one more of its values. */
function behindGreedy(options: Options): string {
  const greedy = ['parameter', 'stackTag', 'rule', 'rules', 'report'].filter((name) => texts(options[name]).length > 0);
  const [first] = greedy;
  return first === undefined ? '' : `, before --${flagOf(first)}, which takes every word behind it`;
}

/** Each is read as if it were given alone, so that findings keep their fingerprints, unless two call something alike. */
async function readTogether(inputs: readonly Given[], reading: Reading, read: typeof readTemplate): Promise<Proposal> {
  const proposals: Proposal[] = [];
  for (const input of inputs) proposals.push(await read(input, reading, false));
  const alike = alikeAmong(proposals);
  for (const [index, input] of inputs.entries())
    if (alike.has(index)) proposals[index] = await read(input, reading, true);
  const [first, ...rest] = proposals;
  if (first === undefined) throw new Error('there is at least one input');
  return mergeProposals(first, rest);
}

/**
 * Reads what a user gives to a gate, whatever kind of document it is.
 *
 * @param live the account that the change is for, where it was recorded
 * @throws ProvisoError when it cannot be read, or does not go with the options
 */
export async function readProposal(
  names: readonly string[],
  options: Options,
  io: Io,
  known: { readonly catalogue: Catalogue; readonly now: number; readonly live?: Manifest },
): Promise<Proposal> {
  const given = await readGiven(names, io);
  const inputs = await Promise.all(
    given.map(async (one): Promise<Input> => ({ ...one, kind: await kindOf(one.name, io.cwd, one.bytes) })),
  );
  const [first] = inputs;
  if (first === undefined)
    throw usage(
      'there is nothing to judge',
      `Name a plan, template, change set or cdk.out folder${behindGreedy(options)}.`,
    );
  checkTogether(inputs);
  refuseIdle(inputs, options);
  const { kind } = first;
  const { catalogue, now, live } = known;
  const reading: Reading = { catalogue, now, options, io, ...placeOf(kind, options, live) };
  const proposal = await readInputs(kind, inputs, reading);
  return options.allowEmpty === true ? { ...proposal, mayBeEmpty: true } : proposal;
}

function readInputs(kind: InputKind, inputs: readonly Given[], reading: Reading): Promise<Proposal> {
  const [first] = inputs;
  if (kind === 'change-set') return readChangeSet(inputs, reading);
  if (kind === 'cdk-output') return readCdkOutput(first?.name ?? '', reading);
  return readTogether(inputs, reading, kind === 'plan' ? readPlan : readTemplate);
}
