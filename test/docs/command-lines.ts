import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command, Option } from '../../src/commands/_command.ts';
import { type Document, exampleFiles } from './documents.ts';
import { codeSpans } from './markdown.ts';
import { root } from './project-copy.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Written in capitals: `FILE`, `RULE`. */
const isPlaceholder = (word: string) => /^[A-Z]+$/.test(word);

/** The command lines of a document: of its shell blocks, and in its prose. */
export function commandLines({ text, blocks }: Document): readonly string[] {
  const inBlocks = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap((block) => block.text.split('\n'))
    .flatMap((line) => line.split('&&'))
    .map((line) => line.trim());
  const inProse = codeSpans(text).filter((span) => /^(proviso|npm|npx|node) [a-z.]|^\.ci\/run|^--[a-z]/.test(span));
  return [...inBlocks, ...inProse].filter((line) => line !== '');
}

/** What is wrong with a command line, or undefined. */
export function mistakeIn(line: string, commands: ReadonlyMap<string, Command>): string | undefined {
  const [program = '', ...words] = line.replaceAll('"', '').split(/\s+/);
  switch (program) {
    case 'proviso':
      return mistakeInProviso(words, commands);
    case 'npm':
      return mistakeInNpm(words);
    case 'npx':
      return mistakeInPaths(words);
    case 'node':
    case '.ci/run':
      return mistakeInPaths([program === 'node' ? (words[0] ?? '') : program]);
    case 'alias':
      return line === 'alias proviso="node $PWD/dist/cli.js"' ? undefined : 'another alias';
    default:
      return program.startsWith('--') ? mistakeInOption(program, words, commands) : `what is ${program}?`;
  }
}

function mistakeInNpm([verb = '', script = '', ...rest]: readonly string[]): string | undefined {
  if (['ci', 'pack', 'test'].includes(verb)) return script === '' ? undefined : `npm ${verb} takes no ${script}`;
  if (verb !== 'run' || rest.length > 0) return `npm ${verb} is not described`;
  return Object.hasOwn(scripts, script) ? undefined : `there is no script ${script}`;
}

function mistakeInPaths(words: readonly string[]): string | undefined {
  const paths = words.filter((word) => word.includes('/') || ['src', 'test'].includes(word));
  const missing = paths.find((path) => path !== 'dist/cli.js' && !existsSync(join(root, path)));
  return missing === undefined ? undefined : `there is no ${missing}`;
}

/** An option by itself, as prose names it: some command must have it. */
function mistakeInOption(flag: string, words: readonly string[], commands: ReadonlyMap<string, Command>) {
  const options = [...commands.values()].flatMap((command) => command.options ?? []);
  const option = options.find(({ flags }) => flags.split(/[ ,]+/).includes(flag));
  if (option === undefined) return flag === '--help' || flag === '--version' ? undefined : `no command has ${flag}`;
  return words.length === 0 ? undefined : mistakeInValue(option, words[0]);
}

function mistakeInValue({ flags, choices }: Option, value: string | undefined): string | undefined {
  if (!flags.includes('<')) return undefined;
  if (value === undefined || value.startsWith('-')) return `${flags} needs a value`;
  if (choices !== undefined && !isPlaceholder(value) && !choices.includes(value)) return `${flags} takes no ${value}`;
  return choices === undefined && flags.includes('--format') ? mistakeInFormat(value) : undefined;
}

function mistakeInFormat(value: string): string | undefined {
  const file = `src/reporters/${value}.ts`;
  const known = isPlaceholder(value) || existsSync(join(root, file)) || exampleFiles.has(file);
  return known ? undefined : `there is no format ${value}`;
}

const global: readonly Option[] = [
  { flags: '-q, --quiet', description: '' },
  { flags: '--no-color', description: '' },
  { flags: '--no-progress', description: '' },
  { flags: '-h, --help', description: '' },
];

function mistakeInProviso(words: readonly string[], commands: ReadonlyMap<string, Command>): string | undefined {
  if (words.length === 1 && ['--help', '--version'].includes(words[0] ?? '')) return undefined;
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) => commands.has(candidate)) ?? '';
  const command = commands.get(name);
  if (command === undefined) return `there is no command ${words.join(' ')}`;
  const { given, mistake } = sortWords(words.slice(name.split(' ').length), [...(command.options ?? []), ...global]);
  const unknown = given.find((word) => word.startsWith('-'));
  return mistake ?? (unknown === undefined ? mistakeInArguments(command, given) : `${name} has no ${unknown}`);
}

/** What a command is given besides its options, and what is wrong with those. */
function sortWords(words: readonly string[], options: readonly Option[]) {
  const given: string[] = [];
  const rest = [...words];
  let mistake: string | undefined;
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const option = options.find(({ flags }) => flags.split(/[ ,]+/).includes(word));
    if (option === undefined) given.push(word);
    else mistake ??= mistakeInValue(option, rest[0]);
    if (option?.flags.includes('<')) rest.shift();
  }
  return { given, mistake };
}

function mistakeInArguments(command: Command, given: readonly string[]): string | undefined {
  const declared = command.arguments ?? [];
  const least = declared.filter(({ name }) => name.startsWith('<')).length;
  const most = declared.some(({ name }) => name.includes('...')) ? Number.POSITIVE_INFINITY : declared.length;
  if (given.length < least || given.length > most) return `${command.name} takes no ${given.length} arguments`;
  const rule = ['explain', 'rules show'].includes(command.name) ? given[0] : undefined;
  if (rule === undefined || isPlaceholder(rule) || rule.startsWith('f_') || ruleExists(rule)) return undefined;
  return `there is no rule ${rule}`;
}

function ruleExists(id: string): boolean {
  return ruleIds.has(id) || [...exampleFiles].some((file) => basename(file) === `${id}.yaml`);
}

const ruleIds = new Set(
  [...readFileSync(join(root, 'policies.yaml'), 'utf8').matchAll(/rules: \[(.*)\]/g)].flatMap(([, list = '']) =>
    list.split(',').map((id) => id.trim()),
  ),
);
