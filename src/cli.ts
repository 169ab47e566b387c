import { CommanderError, InvalidArgumentError, Command as Program, Option as ProgramOption } from 'commander';
import { createColors } from 'picocolors';
import { type Command, globalOptions, type Io, type Option, type Options } from './commands/_command.ts';
import { loadCommands } from './commands/index.ts';
import { type ErrorCode, ProvisoError, ProvisoErrors } from './errors.ts';
import { inert } from './finding/plain-text.ts';
import { nearest } from './model/nearest.ts';
import { tool } from './model/tool.ts';

const exitCodes: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  input: 2,
  rule: 2,
  policy: 2,
  snapshot: 2,
  output: 2,
  endpoint: 4,
  credentials: 4,
  verification: 5,
  interrupted: 130,
};

const afterHelp = `
Where to begin:
  proviso demo         see what an audit finds, without AWS
  proviso init         write a policy of your own, in an empty folder
  proviso permissions  what the auditor must be allowed
  proviso doctor       whether it is
  proviso audit        and then whenever you like

Exit codes:
  0  clean: everything was judged and nothing failed
  1  findings at or above the gate
  2  wrong usage, configuration or rule
  3  incomplete: something that gates could not be judged, or nothing matched
  4  credentials refused, or AWS not reachable
  5  verification failed
  70 a bug in Proviso     130 interrupted`;

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}

/** What was typed, or is the name of a file, is no command to a build log either. */
function inertLines(text: string): string {
  return text.split('\n').map(inert).join('\n');
}

function wantsColour(options: Options): boolean {
  if (options.color === false || isOn(process.env.NO_COLOR)) return false;
  return isOn(process.env.FORCE_COLOR) || (process.stdout.isTTY && process.env.TERM !== 'dumb');
}

/**
 * Standard output that waits for a slow reader. Once the reader has gone (`proviso … | head`), nothing more is written,
 * but the run goes on: its exit code must not be that of a clean one.
 */
function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
      else {
        const hint = 'Write to a file on another disk, or free some space.';
        reject(new ProvisoError('output', `standard output cannot be written: ${error.message}`, { hint }));
      }
    });
  });
}

/** Asks on the terminal. Whoever closes the input (Ctrl-C, Ctrl-D) instead of answering ends the program. */
async function askOnTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new ProvisoError('interrupted', 'the question was not answered')));
  });
  try {
    return (await Promise.race([lines.question(`${question} `), closed])).trim();
  } finally {
    closed.catch(() => undefined);
    lines.close();
  }
}

/** Milliseconds between two lines of progress where no terminal shows them. */
const logPause = 10_000;

function makeIo(options: Options, signal: AbortSignal, commands: readonly Command[]): Io {
  const quiet = options.quiet === true;
  const watched = !quiet && options.progress !== false;
  const live = watched && process.stderr.isTTY;
  let shown = false;
  let saidAt = Date.now();
  const wipe = () => {
    if (shown) process.stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    cwd: process.cwd(),
    env: process.env,
    signal,
    write: (text) => {
      wipe();
      return writeOut(text);
    },
    note: (text) => {
      wipe();
      if (!quiet) process.stderr.write(`${inertLines(text)}\n`);
    },
    progress: (text) => {
      if (!live) {
        // A build log gets a line now and then, so that nobody takes a long run for a dead one.
        if (!watched || text === undefined || Date.now() - saidAt < logPause) return;
        saidAt = Date.now();
        process.stderr.write(`${text}\n`);
        return;
      }
      wipe();
      if (text === undefined) return;
      process.stderr.write(text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1)));
      shown = true;
    },
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: askOnTerminal } : {}),
    now: () => new Date(),
    commands,
    colours: createColors(wantsColour(options)),
    columns: process.stdout.columns ?? 80,
  };
}

/** Aborts on the first Ctrl-C, so that what was collected is kept; the second one ends the program at once. */
function listenForInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
      process.stderr.write('\nStopping; what was collected so far is kept. Press Ctrl-C again to stop at once.\n');
    });
  }
  return controller.signal;
}

function addOption(program: Program, option: Option): void {
  const added = new ProgramOption(option.flags, option.description);
  const { choices } = option;
  if (choices !== undefined)
    added.choices(choices).argParser((given: string) => {
      if (choices.includes(given)) return given;
      const near = nearest(given, choices);
      const meant = near === undefined ? '' : ` Did you mean '${near}'?`;
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${meant}`);
    });
  if (option.default !== undefined) added.default(option.default);
  if (option.env !== undefined) added.env(option.env);
  program.addOption(added);
}

/** What the exit codes of one command mean. */
function exitLines({ exits = [] }: Command): string {
  const told = new Map<number, string>([[0, 'done'], [2, 'wrong usage, or a mistake in a file'], ...exits]);
  const lines = [...told].sort(([a], [b]) => a - b).map(([code, means]) => `  ${String(code).padEnd(2)} ${means}\n`);
  return `${lines.join('')}  70 a bug in Proviso     130 interrupted\n`;
}

function addCommand(
  parent: Program,
  name: string,
  command: Command,
  { commands, finish }: { readonly commands: readonly Command[]; readonly finish: (code: number) => void },
): void {
  const sub = parent.command(name).summary(command.summary).description(command.summary);
  sub.showHelpAfterError(`  See \`proviso ${command.name} --help\`.`);
  for (const argument of command.arguments ?? []) sub.argument(argument.name, argument.description);
  for (const option of [...(command.options ?? []), ...globalOptions]) addOption(sub, option);
  const width = Math.max(...command.examples.map(([line]) => line.length));
  const examples = command.examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}\n`).join('');
  sub.addHelpText('after', `\nExamples:\n${examples}\nExit codes:\n${exitLines(command)}`);
  sub.action(async (...values: unknown[]) => {
    const given = values
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === 'string');
    const options = sub.opts<Options>();
    finish(await command.run(given, options, makeIo(options, listenForInterrupt(), commands)));
  });
}

const groups: Readonly<Record<string, string>> = { rules: 'list, show, check and test rules' };

function makeProgram(commands: readonly Command[], finish: (code: number) => void): Program {
  const program = new Program('proviso')
    .description('Shows with evidence which promises of a security policy hold in an AWS account.')
    .version(tool.version, '-V, --version', 'print the version')
    .helpCommand(false)
    .showHelpAfterError('  See `proviso --help`.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inertLines(text)) })
    .addHelpText('after', afterHelp);
  const parents = new Map<string, Program>();
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    let parent = program;
    if (second !== undefined) {
      parent =
        parents.get(first) ??
        program
          .command(first)
          .description(groups[first] ?? '')
          .exitOverride();
      parents.set(first, parent);
    }
    addCommand(parent, second ?? first, command, { commands, finish });
  }
  return program;
}

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return 0;
    return 2;
  }
  if (error instanceof ProvisoError || error instanceof ProvisoErrors) {
    const { printErrors } = await import('./commands/_errors.ts');
    const errors = error instanceof ProvisoErrors ? error.errors : [error];
    const colours = createColors(wantsColour({}) && process.stderr.isTTY);
    process.stderr.write(await printErrors(errors, process.cwd(), colours));
    return exitCodes[errors[0]?.code ?? 'usage'];
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a bug in Proviso ${tool.version}. Please report it with what follows.\n${stack}\n`);
  return 70;
}

async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  try {
    const commands = [...(await loadCommands()).values()];
    await makeProgram(commands, (ended) => {
      code = ended;
    }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return report(error);
  }
}

// The SDK would print on every start which Node versions it drops next; our own support table is the README's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// Each write reports its own error; without a listener Node would end the program on top of that.
process.stdout.on('error', () => undefined);
// `exitCode` rather than `exit()`, so that pending output is written; the timer lets nothing else keep the program alive.
process.exitCode = await main(process.argv.slice(2));
setTimeout(() => process.exit(), 2000).unref();
