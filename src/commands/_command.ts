import type { Colours } from '../finding/reporter.ts';

/** What a command may touch of the outside world; `cli.ts` makes the real one, tests make their own. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C: stop, keep what there is, mark it incomplete. */
  readonly signal: AbortSignal;
  /** Data, to standard output; resolves when it was taken. */
  write(text: string): Promise<void>;
  /** Talk, to standard error, one line. Not printed under `--quiet`. */
  note(text: string): void;
  /** Replaces the line of progress on standard error; `undefined` wipes it. Nothing happens where nobody watches. */
  progress(text: string | undefined): void;
  /** Asks on the terminal and gives the answer, trimmed. Missing where nobody is there to answer. */
  ask?(question: string): Promise<string>;
  now(): Date;
  /** Every command there is, for those that speak about commands. */
  readonly commands: readonly Command[];
  readonly colours: Colours;
  /** Columns of the terminal, 80 where there is none. */
  readonly columns: number;
}

/** An option as `--help` shows it. Options with `<value...>` may be repeated. */
export interface Option {
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** Environment variable that stands in for the flag. */
  readonly env?: string;
}

export interface Argument {
  /** `<rule>`, `[file...]`. */
  readonly name: string;
  readonly description: string;
  /** What a shell may complete it to; files where nothing is said. */
  readonly offers?: 'rules' | readonly string[];
}

/** Option values by camel-case name: text, texts of repeated options, or true. */
export type Options = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** One command. A file of this folder exports one as `command`; what it needs it imports when it runs. */
export interface Command {
  /** `audit`, or `rules list` for a command within a group. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Command lines with what they do, shown by `--help` and run by the tests. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Exit codes of its own, shown by `--help`. All commands have 0, 2, 70 and 130, of which it may say 0 more exactly. */
  readonly exits?: readonly (readonly [code: number, means: string])[];
  /** @returns the exit code */
  run(args: readonly string[], options: Options, io: Io): Promise<number>;
}

/** Options of every command. */
export const globalOptions: readonly Option[] = [
  { flags: '-q, --quiet', description: 'print data and errors only' },
  { flags: '--no-color', description: 'print without colours (also NO_COLOR=1)' },
  { flags: '--no-progress', description: 'show no line of progress' },
];

/** The values of an option that may be repeated. */
export function texts(value: Options[string]): readonly string[] {
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}

/** The value of an option that takes one. */
export function text(value: Options[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
