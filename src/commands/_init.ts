import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ProvisoError, ProvisoErrors } from '../errors.ts';
import { readYaml } from '../model/read-yaml.ts';
import type { Json } from '../model/value.ts';
import { entryOf } from '../model/yaml.ts';
import { checkPolicy } from '../policy/check.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { readScope } from '../policy/read-scope.ts';
import { checkParameters } from '../rule/parameters.ts';
import type { Rule } from '../rule/rule.ts';
import { type Io, type Options, text, texts } from './_command.ts';
import { unwritable, writeNewFile } from './_output.ts';
import { shipped } from './_package.ts';
import { readPolicy } from './_policy.ts';
import { loadRules } from './_rules.ts';
import { readAnswer, readFlag, type VagueWord, vagueWords, written } from './_vague-words.ts';

/** What the organisation says of itself. */
interface Answers {
  readonly title: string;
  readonly accounts: readonly string[];
  readonly role: string;
  readonly externalId: string;
  readonly regions: readonly string[];
  /** The words whose meaning differs from the shipped one, as written. */
  readonly meanings: ReadonlyMap<VagueWord, string>;
  readonly ignore: boolean;
}

type Scoped = Pick<Answers, 'accounts' | 'role' | 'externalId' | 'regions'>;
/** What is wrong with an answer, if anything. */
type Mistake<T> = (answer: T) => Promise<ProvisoError | undefined>;
type Ask = NonNullable<Io['ask']>;

/** Writes a policy of the organisation's own; nothing is overwritten, and nothing is written that does not load. */
export async function runInit(options: Options, io: Io): Promise<number> {
  const file = text(options.policy) ?? 'policies.yaml';
  if (existsSync(resolve(io.cwd, file))) {
    throw new ProvisoError('output', `${file} exists already, and nothing is overwritten`, {
      hint: 'Edit it, or name another file with --policy.',
    });
  }
  const rules = await loadRules([], io.cwd);
  const source = shipped('policies.yaml');
  const policy = await readPolicy(source, rules, io.cwd);
  const ask = options.yes === true ? undefined : io.ask;
  if (ask === undefined && options.yes !== true) {
    const hint = 'Say --yes to take what no flag says as it is shipped, or run it on a terminal.';
    throw new ProvisoError('usage', 'nobody is there to answer', { hint });
  }
  const words = vagueWords(policy, rules);
  const answers = await answersOf(options, policy, words, { ask, io });
  const after = compose(await readFile(source, 'utf8'), policy, answers);
  await tryOut(file, after, rules);
  await writeNewFile(resolve(io.cwd, file), once(after));
  if (answers.ignore) await ignoreRuns(io.cwd);
  for (const word of words.filter((one) => !answers.meanings.has(one) && isExample(one.value))) {
    const where = word.rules.map(({ id }) => `${id}.${word.name}`).join(', ');
    io.note(`${where} is an example still (${written(word.value)}): put your own addresses there.`);
  }
  io.note(`${file} is yours now: read its clauses, and change what you do not promise.`);
  io.note('Next: `proviso permissions` for what the auditor needs, then `proviso doctor` and `proviso audit`.');
  return 0;
}

async function* once(whole: string): AsyncGenerator<string> {
  yield whole;
}

/** Whether a value holds addresses that are reserved for documents, and are nobody's. */
function isExample(value: Json): boolean {
  return /"(?:192\.0\.2|198\.51\.100|203\.0\.113)\.|"2001:db8:/i.test(JSON.stringify(value));
}

interface Asking {
  readonly ask: Ask | undefined;
  readonly io: Io;
}

/** An answer of one line; none leaves it as it is. */
async function askText(question: string, standard: string, { ask }: Asking): Promise<string> {
  if (ask === undefined) return standard;
  const answer = await ask(`${question} [${standard === '' ? 'none' : standard}]:`);
  return answer === '' ? standard : answer;
}

function listOf(answer: string): readonly string[] {
  return answer.split(/[\s,]+/).filter((item) => item !== '');
}

/** What is wrong with a scope: the policy's own reader says it. */
async function scopeMistake(scope: Partial<Scoped>): Promise<ProvisoError | undefined> {
  const problems: ProvisoError[] = [];
  const lines = scopeLines({ accounts: [], role: '', externalId: '', regions: [], ...scope });
  if (lines.length === 0) return undefined;
  const { root } = await readYaml(lines.join('\n'), 'policies.yaml', 'usage');
  if (root.kind === 'map') readScope(entryOf(root, 'scope')?.value, problems);
  const [first] = problems;
  return first && new ProvisoError('usage', first.message, first.hint === undefined ? {} : { hint: first.hint });
}

/** A flag is not asked for again. */
async function refuse<T>(given: T, mistake: Mistake<T>): Promise<T> {
  const wrong = await mistake(given);
  if (wrong !== undefined) throw wrong;
  return given;
}

function told({ message, hint }: ProvisoError): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}

/** Asks until the answer can be: a mistake that is told at the end would cost all other answers. */
async function askUntil<T>(question: () => Promise<T>, mistake: Mistake<T>, io: Io): Promise<T> {
  for (;;) {
    const answer = await question();
    const wrong = await mistake(answer);
    if (wrong === undefined) return answer;
    io.note(told(wrong));
  }
}

async function askList(
  key: 'accounts' | 'regions',
  given: readonly string[],
  standard: string,
  { ask, io }: Asking,
): Promise<readonly string[]> {
  if (given.length > 0) return refuse(given.flatMap(listOf), (items) => scopeMistake({ [key]: items }));
  if (ask === undefined) return [];
  const question = async () =>
    listOf(await ask(`${key === 'accounts' ? 'Accounts' : 'Regions'} to judge [${standard}]:`));
  return askUntil(question, (items) => scopeMistake({ [key]: items }), io);
}

async function askRole(options: Options, accounts: readonly string[], asking: Asking) {
  // An ARN would pass for a path, which may hold colons.
  const roleMistake = async (role: string) =>
    role === '' || !(role.startsWith('arn:') || (await scopeMistake({ accounts, role })))
      ? undefined
      : new ProvisoError('usage', `'${role}' is not the name of a role`, { hint: 'Write it like ProvisoAuditor.' });
  const askName = () => askText('Role to assume in them', '', asking);
  const named = text(options.role);
  const asked = async () => (accounts.length === 0 ? '' : askUntil(askName, roleMistake, asking.io));
  const role = named === undefined ? await asked() : await refuse(named, roleMistake);
  const askExternalId = () => askText('External id that the role asks for', '', asking);
  const idMistake = (externalId: string) => scopeMistake({ accounts, role, externalId });
  const given = text(options.externalId);
  const externalId = given ?? (role === '' ? '' : await askUntil(askExternalId, idMistake, asking.io));
  if (role !== '' && accounts.length === 0)
    throw new ProvisoError('usage', 'a role is assumed in accounts, and none is named', { hint: 'Add --account.' });
  if (role === '' && externalId !== '')
    throw new ProvisoError('usage', 'an external id is of use with a role alone', { hint: 'Add --role.' });
  return { role, externalId };
}

async function answersOf(
  options: Options,
  policy: Policy,
  words: readonly VagueWord[],
  asking: Asking,
): Promise<Answers> {
  const title = text(options.title) ?? (await askText('Title of the policy', policy.title, asking));
  const accounts = await askList('accounts', texts(options.account), 'the one of your credentials', asking);
  const { role, externalId } = await askRole(options, accounts, asking);
  const regions = await askList('regions', texts(options.region), 'all that are enabled', asking);
  const meanings = await askMeanings(texts(options.set), words, asking);
  const ignore =
    options.gitignore === true ||
    (asking.ask !== undefined &&
      !/^n/i.test(await asking.ask('Have git ignore reports/, where runs are written [yes]:')));
  return { title, accounts, role, externalId, regions, meanings, ignore };
}

async function askMeanings(flags: readonly string[], words: readonly VagueWord[], asking: Asking) {
  const meanings = new Map<VagueWord, string>();
  for (const flag of flags) {
    const { word, answer } = readFlag(words, flag);
    meanings.set(word, written(await readAnswer(word, answer)));
  }
  if (asking.ask === undefined) return meanings;
  asking.io.note('What the vague words of the policy mean; return keeps what stands in brackets.');
  for (const word of words) {
    const answer = meanings.has(word) ? undefined : await askMeaning(word, asking.ask, asking.io);
    if (answer !== undefined) meanings.set(word, answer);
  }
  return meanings;
}

/** Asks until the answer is one that the rules can take. */
async function askMeaning(word: VagueWord, ask: Ask, io: Io): Promise<string | undefined> {
  const { description, name, rules, value } = word;
  io.note(`\n${description}`);
  io.note(io.colours.dim(`for ${rules.map(({ id }) => id).join(', ')}`));
  const standard = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(String).join(', ');
  for (;;) {
    const answer = await ask(`${name} [${standard}]:`);
    if (answer === '') return undefined;
    try {
      return written(await readAnswer(word, answer));
    } catch (error) {
      if (!(error instanceof ProvisoError) || error.code !== 'usage') throw error;
      io.note(told(error));
    }
  }
}

function partitionOf(regions: readonly string[]): string {
  const [first = ''] = regions;
  return first.startsWith('cn-') ? 'aws-cn' : first.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function scopeLines({ accounts, role, externalId, regions }: Scoped): readonly string[] {
  if (accounts.length === 0 && regions.length === 0) return [];
  const account = (id: string) => {
    if (role === '') return `    - ${JSON.stringify(id)}`;
    const arn = `arn:${partitionOf(regions)}:iam::${id}:role/${role}`;
    const external = externalId === '' ? '' : `, external-id: ${JSON.stringify(externalId)}`;
    return `    - { id: ${JSON.stringify(id)}, role: ${JSON.stringify(arn)}${external} }`;
  };
  return [
    '',
    'scope:',
    ...(accounts.length === 0 ? [] : ['  accounts:', ...accounts.map(account)]),
    ...(regions.length === 0 ? [] : [`  regions: ${written(regions)}`]),
  ];
}

const editorLine = '# yaml-language-server:';

/** The shipped text with the answers in it. Its values stand on one line each, so that comments and order stay. */
function compose(shippedText: string, policy: Policy, answers: Answers): string {
  const lines = shippedText.split('\n');
  for (const [{ nodes }, meaning] of answers.meanings) {
    for (const { at } of nodes) {
      const line = lines[at.line - 1] ?? '';
      lines[at.line - 1] = line.slice(0, at.column - 1) + meaning;
    }
  }
  return lines
    .flatMap((line) => {
      if (line.startsWith(editorLine))
        return ['# For an editor that completes it: proviso schema policy > policy.schema.json'];
      if (!line.startsWith('title:')) return [line];
      const title = answers.title === policy.title ? line : `title: ${JSON.stringify(answers.title)}`;
      return [title, ...scopeLines(answers)];
    })
    .join('\n');
}

/** What is wrong with the new policy is wrong with an answer. */
async function tryOut(file: string, after: string, rules: readonly Rule[]): Promise<void> {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const bytes = new TextEncoder().encode(after);
  try {
    const policy = await loadPolicy(name, async () => bytes);
    const errors = checkPolicy(policy, rules, checkParameters);
    if (errors.length > 0) throw new ProvisoErrors(errors);
  } catch (error) {
    if (!(error instanceof ProvisoErrors)) throw error;
    const told = error.errors.map(
      ({ message, hint }) => new ProvisoError('usage', message, hint === undefined ? {} : { hint }),
    );
    throw new ProvisoErrors(told);
  }
}

/** Adds the line unless it is there; whatever else the file says stays. */
async function ignoreRuns(folder: string): Promise<void> {
  const path = resolve(folder, '.gitignore');
  try {
    const before = existsSync(path) ? await readFile(path, 'utf8') : '';
    if (before.split(/\r?\n/).some((line) => /^\/?reports\/?$/.test(line.trim()))) return;
    await appendFile(path, `${before === '' || before.endsWith('\n') ? '' : '\n'}reports/\n`);
  } catch (error) {
    throw unwritable('.gitignore', error);
  }
}
