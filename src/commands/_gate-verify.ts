import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { assess } from '../assess.ts';
import { ProvisoError } from '../errors.ts';
import { type Assessment, everywhere, type Result } from '../finding/finding.ts';
import { cut, inert, plain } from '../finding/plain-text.ts';
import {
  type Miss,
  predictionCode,
  type Said,
  saidBy,
  scoreText,
  type Verification,
  verifyPrediction,
} from '../finding/prediction.ts';
import { visibleJson } from '../finding/result-line.ts';
import { lineBlocks } from '../model/lines.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isObject } from '../model/value.ts';
import { gateOf, instantOf } from './_assess.ts';
import { type Io, type Options, text, texts } from './_command.ts';
import { type Matching, matchTouched } from './_gate-match.ts';
import { type Touched, touchedFile } from './_gate-touched.ts';
import { readResults } from './_output.ts';
import { loadQuestion, openFrom } from './_question.ts';
import { unreadable } from './_rules.ts';
import { readAssessment } from './_run.ts';

type Question = Awaited<ReturnType<typeof loadQuestion>>;

/** Options of judging a change, which say nothing here. */
const idle = ['live', 'parameters', 'previous', 'stack', 'account', 'region', 'source', 'all', 'out'];

function refuseIdle(folders: readonly string[], options: Options): void {
  const usage = (message: string, hint: string) => new ProvisoError('usage', message, { hint });
  if (folders.length !== 2)
    throw usage(
      '--verify-prediction needs two folders',
      'First the one of a gate run with --live and --out, then a snapshot of the account after the deployment.',
    );
  const given = idle.filter((name) => options[name] !== undefined && options[name] !== false);
  if (texts(options.rule).length > 0)
    throw usage(
      '--rule has no effect with --verify-prediction',
      'Leave it out: the prediction says by what it was judged.',
    );
  const lists = ['parameter', 'stackTag', 'report'].filter((name) => texts(options[name]).length > 0);
  const [first] = [...given, ...lists];
  if (first !== undefined)
    throw usage(`--${first.replace('T', '-t')} has no effect with --verify-prediction`, 'Leave it out.');
  if (!['terminal', 'json'].includes(text(options.format) ?? 'terminal'))
    throw usage('a verification is printed for people or as JSON', 'Use --format terminal or --format json.');
}

function foreign(folder: string, why: string): ProvisoError {
  return new ProvisoError('input', `${folder} is no prediction: ${why}`, {
    hint: 'Name the folder that `proviso gate INPUT --live SNAPSHOT --out FOLDER` has made.',
  });
}

async function readPredicted(folder: string, cwd: string): Promise<Assessment> {
  const assessment = await readAssessment(folder, cwd);
  if (assessment.gate === undefined) throw foreign(folder, 'it is a run that judged no change');
  if (assessment.gate.live === undefined) throw foreign(folder, 'the change was not laid over a snapshot');
  return assessment;
}

function isTouched(value: unknown): value is Touched {
  const members = ['account', 'region', 'type', 'address', 'action'];
  return isObject(value) && members.every((name) => typeof value[name] === 'string');
}

async function readTouched(folder: string, cwd: string): Promise<readonly Touched[]> {
  const file = join(folder, touchedFile);
  const found: Touched[] = [];
  try {
    for await (const block of lineBlocks(createReadStream(resolve(cwd, file)))) {
      for (const line of block.toString('utf8').split('\n')) {
        if (line === '') continue;
        const value: unknown = JSON.parse(line);
        if (!isTouched(value)) throw foreign(folder, `${touchedFile} holds a line that is none of its own`);
        found.push(value);
      }
    }
  } catch (error) {
    if (error instanceof ProvisoError) throw error;
    if (error instanceof SyntaxError) throw foreign(folder, `${touchedFile} is not whole`);
    throw unreadable(file, error);
  }
  return found;
}

function keyOf({ account, region, type }: Result, id: string): string {
  return `${account}/${region}/${type}/${id}`;
}

/** `account/region/type/id` of what is touched, before the change and after it. */
function touchedKeys(touched: readonly Touched[]): Set<string> {
  const keys = new Set<string>();
  for (const { account, region, type, before, after } of touched)
    for (const id of [before, after]) if (id !== undefined) keys.add(`${account}/${region}/${type}/${id}`);
  return keys;
}

/** Whether a list, an account or a region as a whole is one in which something is touched. */
function isTouchedPlace({ account, region, type }: Result, touched: readonly Touched[]): boolean {
  return touched.some(
    (one) =>
      one.type === type && [one.account, everywhere].includes(account) && [one.region, everywhere].includes(region),
  );
}

/** What was predicted, and which of the resources in it are touched or were there before. */
async function readForeseen(folder: string, cwd: string, touched: readonly Touched[], rules: ReadonlySet<string>) {
  const addresses = new Set(touched.map(({ type, address }) => `${type}/${address}`));
  const ids = touchedKeys(touched);
  const said = new Map<string, Said>();
  const known = new Set<string>();
  const note = (result: Result) => {
    const { resource, type, rule, change } = result;
    const key = keyOf(result, resource?.id ?? '');
    const declared = resource?.declared && addresses.has(`${type}/${resource.declared.address}`);
    if (declared === true) ids.add(key);
    else if (resource !== undefined) known.add(key);
    const isPlace = resource === undefined && isTouchedPlace(result, touched);
    const one = saidBy(result, resource?.id, change === 'introduced' || isPlace || ids.has(key));
    if (one !== undefined && rules.has(rule)) said.set(`${rule}/${key}`, one);
  };
  for await (const batch of readResults(resolve(cwd, folder, 'results.ndjson')))
    for (const result of batch) note(result);
  return { said, ids, known };
}

/** What there is now, under the ids by which it was predicted. */
async function readActual(
  question: Question,
  snapshot: Snapshot,
  now: number,
  { ids, touched }: { readonly ids: ReadonlySet<string>; readonly touched: readonly Touched[] },
  matching: Matching,
) {
  const said = new Map<string, Said>();
  for await (const batch of assess({ ...question, snapshot, now })) {
    for (const result of batch) {
      const id = result.resource?.id;
      const planned = id === undefined ? undefined : matching.predictedAs.get(keyOf(result, id));
      const key = keyOf(result, planned ?? id ?? '');
      const isPlace = id === undefined && isTouchedPlace(result, touched);
      const one = saidBy(result, id, planned !== undefined || isPlace || ids.has(key));
      if (one !== undefined) said.set(`${result.rule}/${key}`, one);
    }
  }
  return said;
}

/** Predictions about what could not be found again say nothing for or against. */
function withoutUnmatched(said: ReadonlyMap<string, Said>, { unmatched }: Matching): ReadonlyMap<string, Said> {
  return new Map(
    [...said].filter(
      ([
        ,
        {
          result: { account, region, type },
          resource,
        },
      ]) => !unmatched.has(`${account}/${region}/${type}/${resource ?? ''}`),
    ),
  );
}

/** Why the two sides may differ for other reasons than a wrong prediction. */
function notesOf(predicted: Assessment, { policy, rules }: Question, { manifest }: Snapshot): readonly string[] {
  const digests = new Map(rules.map(({ id, digest }) => [id, digest]));
  const altered = predicted.rules.filter(
    ({ id, digest, type }) => type !== 'waiver' && (digests.get(id) ?? '') !== digest,
  );
  const ids = altered.slice(0, 5).map(({ id }) => id);
  const early = Date.parse(manifest.startedAt) < Date.parse(predicted.now);
  return [
    ...(policy.digest === predicted.policy.digest ? [] : ['the prediction was made by another policy']),
    ...(altered.length === 0
      ? []
      : [`the prediction was made by other versions of ${ids.join(', ')}${altered.length > 5 ? ' and more' : ''}`]),
    ...(early ? ['the snapshot was taken before the prediction'] : []),
    ...(manifest.contentDigest === predicted.gate?.live?.digest
      ? ['the snapshot is the one of the prediction: nothing was deployed']
      : []),
  ];
}

/** The accounts and rules of the prediction, and no others. */
function confined(question: Question, { accounts, rules }: Assessment): Question {
  const { policy } = question;
  const at = { file: policy.file, line: 1, column: 1 };
  const wanted = new Set(rules.map(({ id }) => id));
  const kept = question.rules.filter(({ id }) => wanted.has(id));
  const scope = { ...policy.scope, accounts: accounts.map(({ id }) => ({ id, at })) };
  return { ...question, policy: { ...policy, scope }, rules: kept, named: kept.map(({ id }) => id) };
}

const mostMisses = 20;

function missLine({ kind, rule, account, region, resource, isTouched: touched }: Miss): string {
  const what = kind === 'did-not-come' ? 'did not come' : 'was not foreseen';
  const where = [resource, account, region].filter((one) => one !== undefined).join(' · ');
  return `  ✖ ${what}: ${rule}, ${where}${touched ? ', which the change touches' : ''}`;
}

function report(
  { touched, account, misses }: Verification,
  { counts }: Matching,
  made: number,
  head: readonly string[],
): string {
  const { id, name, tags, unmatched } = counts;
  const sorted = [...misses].sort((a, b) => Number(b.isTouched) - Number(a.isTouched));
  const lines = [
    ...head,
    `touched   ${scoreText(touched)}`,
    `account   ${scoreText(account)}`,
    `new       ${made} predicted, told again: ${id} by id, ${name} by name, ${tags} by tags; ${unmatched} not found`,
    ...sorted.slice(0, mostMisses).map(missLine),
    ...(sorted.length > mostMisses ? [`  and ${sorted.length - mostMisses} more`] : []),
  ];
  return lines.map((line) => `${inert(cut(plain(line), 400))}\n`).join('');
}

/**
 * Holds what a gate foresaw against the account after the deployment.
 *
 * @returns the exit code: 5 when a finding about what the change touches was predicted wrong
 */
export async function verify(folders: readonly string[], options: Options, io: Io): Promise<number> {
  refuseIdle(folders, options);
  const [predictedFolder = '', actualFolder = ''] = folders;
  const predicted = await readPredicted(predictedFolder, io.cwd);
  const touched = await readTouched(predictedFolder, io.cwd);
  const loaded = await loadQuestion(options, io);
  const snapshot = await openFrom(actualFolder, io.cwd);
  const now = instantOf(text(options.now), () => new Date(snapshot.manifest.startedAt));
  const notes = notesOf(predicted, loaded, snapshot);
  for (const note of notes) io.note(note);
  const question = confined(loaded, predicted);
  const foreseen = await readForeseen(predictedFolder, io.cwd, touched, new Set(question.named));
  const matching = await matchTouched(touched, snapshot, question.catalogue.types, foreseen.known);
  const actual = await readActual(question, snapshot, now, { ids: foreseen.ids, touched }, matching);
  const verification = verifyPrediction(withoutUnmatched(foreseen.said, matching), actual);
  const made = Object.values(matching.counts).reduce((sum, count) => sum + count, 0);
  const heading = `The prediction of ${predicted.now}, against the snapshot of ${snapshot.manifest.startedAt}`;
  const sides = { predicted: predicted.snapshot.digest, actual: snapshot.manifest.contentDigest };
  await io.write(
    text(options.format) === 'json'
      ? `${visibleJson({ format: 'proviso-prediction/1', matched: matching.counts, notes, snapshots: sides, ...verification })}\n`
      : report(verification, matching, made, [heading]),
  );
  const isSame = snapshot.manifest.contentDigest === predicted.gate?.live?.digest;
  const { onUnknown } = gateOf(options);
  return predictionCode(verification, { unmatched: matching.counts.unmatched, isSame, onUnknown });
}
