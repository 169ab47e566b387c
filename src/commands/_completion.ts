import { ProvisoError } from '../errors.ts';
import { suggestion } from '../model/suggest.ts';
import { byCodeUnit } from '../model/value.ts';
import { type Command, globalOptions, type Io, type Option } from './_command.ts';
import { loadRules } from './_rules.ts';

/** What may follow at one point of a command line. */
interface Point {
  /** `rules list`; empty at the start. */
  readonly path: string;
  readonly words: readonly Word[];
  readonly options: readonly Flag[];
  /** Whether a file may stand here. */
  readonly files: boolean;
}

interface Word {
  readonly text: string;
  readonly description: string;
}

interface Flag {
  /** `-q` and `--quiet`, longest last. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined for a switch; empty where any value, a file too, may follow. */
  readonly values: readonly string[] | undefined;
}

type Script = (points: readonly Point[]) => string;

const shells: Readonly<Record<string, Script>> = { bash: bashScript, fish: fishScript, zsh: zshScript };

/** Prints the script by which a shell completes every command there is. */
export async function printCompletion(shell: string, io: Io): Promise<number> {
  const names = Object.keys(shells);
  const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (script === undefined) {
    const hint = suggestion(shell, names) ?? `Name one of ${names.join(', ')}.`;
    throw new ProvisoError('usage', `there is no completion for '${shell}'`, { hint });
  }
  const rules = (await loadRules([], io.cwd)).map(({ id, title }) => ({ text: id, description: title }));
  await io.write(script(pointsOf(io.commands, rules)));
  return 0;
}

function flagOf({ flags, description, choices }: Option): Flag {
  const names = flags.replace(/[<[].*$/, '').split(/[\s,]+/);
  const values = /[<[]/.test(flags) ? (choices ?? []) : undefined;
  return { names: names.filter((name) => name !== ''), description, values };
}

const help: Flag = { names: ['-h', '--help'], description: 'print the help of the command', values: undefined };

const version: Flag = { names: ['-V', '--version'], description: 'print the version', values: undefined };

function pointsOf(commands: readonly Command[], rules: readonly Word[]): readonly Point[] {
  const groups = new Map<string, Word[]>([['', []]]);
  for (const { name, summary } of commands) {
    const [first = '', second] = name.split(' ');
    const parent = second === undefined ? '' : first;
    const words = groups.get(parent) ?? [];
    groups.set(parent, words);
    words.push({ text: second ?? first, description: summary });
    const top = groups.get('') ?? [];
    if (second !== undefined && !top.some(({ text }) => text === first))
      top.push({ text: first, description: `commands about ${first}` });
  }
  const menus = [...groups].map(([path, words]) => ({
    path,
    words: words.sort((a, b) => byCodeUnit(a.text, b.text)),
    options: path === '' ? [help, version] : [help],
    files: false,
  }));
  const leaves = commands.map(({ name, arguments: given = [], options = [] }) => ({
    path: name,
    words: given.flatMap(({ offers = [] }) =>
      offers === 'rules' ? rules : offers.map((text) => ({ text, description: '' })),
    ),
    options: [...options, ...globalOptions].map(flagOf).concat(help),
    files: given.some(({ offers }) => offers === undefined),
  }));
  return [...menus, ...leaves].sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Text between single quotes, in which a shell leaves everything as it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function namesOf(options: readonly Flag[]): string {
  return options.flatMap(({ names }) => names).join(' ');
}

/** Lines by which a shell finds the command: words that name a point, options and what follows them apart. */
function pathCases(points: readonly Point[]): string {
  return points
    .filter(({ path }) => path !== '')
    .map(({ path }) => quoted(path))
    .join('|');
}

function bashScript(points: readonly Point[]): string {
  const cases = points.map(({ path, words, options, files }) => {
    const values = options.flatMap(({ names, values: offered }) => {
      if (offered === undefined) return [];
      const reply = offered.length === 0 ? '' : `COMPREPLY=($(compgen -W ${quoted(offered.join(' '))} -- "$cur")); `;
      return [`        ${names.join('|')}) ${reply}return ;;`];
    });
    return [
      `    ${quoted(path)})`,
      ...(values.length === 0 ? [] : ['      case "$prev" in', ...values, '      esac']),
      `      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${quoted(namesOf(options))} -- "$cur")); return; fi`,
      ...(words.length === 0
        ? []
        : [`      COMPREPLY=($(compgen -W ${quoted(words.map(({ text }) => text).join(' '))} -- "$cur"))`]),
      ...(files ? [] : ['      [[ ${#COMPREPLY[@]} -gt 0 ]] || compopt +o default 2>/dev/null']),
      '      ;;',
    ].join('\n');
  });
  return `# bash completion of proviso
_proviso() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' word next
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
      ${pathCases(points)}) path=$next ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
}
complete -o default -F _proviso proviso
`;
}

/** In `_arguments` a colon ends a part, and brackets hold the description. */
function zshText(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
}

function zshOption({ names, description, values }: Flag): string {
  const about = `[${zshText(description)}]`;
  const value = values === undefined ? '' : values.length === 0 ? ':value:_files' : `:value:(${values.join(' ')})`;
  const [only = ''] = names;
  return names.length === 1
    ? quoted(`*${only}${about}${value}`)
    : `'(${names.join(' ')})'{${names.join(',')}}${quoted(about + value)}`;
}

function zshScript(points: readonly Point[]): string {
  const cases = points.map(({ path, words, options, files }) => {
    const described = words.map(({ text, description }) => quoted(`${zshText(text)}:${zshText(description)}`));
    return [
      `    ${quoted(path)})`,
      `      offered=(${described.join(' ')})`,
      `      _arguments ${[...options.map(zshOption), `'*:argument:${files ? '_files' : '{_describe word offered}'}'`].join(' ')}`,
      '      ;;',
    ].join('\n');
  });
  return `#compdef proviso
_proviso() {
  local path_='' word next
  local -a offered
  for word in \${words[2,CURRENT-1]}; do
    next="\${path_:+$path_ }$word"
    case "$next" in
      ${pathCases(points)}) path_=$next; shift words; (( CURRENT-- )) ;;
    esac
  done
  case "$path_" in
${cases.join('\n')}
  esac
}
_proviso "$@"
`;
}

function fishScript(points: readonly Point[]): string {
  const lines = points.flatMap(({ path, words, options, files }) => {
    const when = `-n ${quoted(`__proviso_at ${quoted(path)}`)}`;
    const offered = words.map(
      ({ text, description }) => `complete -c proviso ${when} -f -a ${quoted(text)} -d ${quoted(description)}`,
    );
    const flags = options.map(({ names, description, values }) => {
      const parts = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
      const value = values === undefined ? '' : values.length === 0 ? ' -r' : ` -x -a ${quoted(values.join(' '))}`;
      return `complete -c proviso ${when} ${parts.join(' ')}${value} -d ${quoted(description)}`;
    });
    return [...(files || words.length > 0 ? [] : [`complete -c proviso ${when} -f`]), ...offered, ...flags];
  });
  return `# fish completion of proviso
function __proviso_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$path $word")
    contains -- $next ${points
      .filter(({ path }) => path !== '')
      .map(({ path }) => quoted(path))
      .join(' ')}; and set path $next
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}
