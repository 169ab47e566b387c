import { severities } from '../finding/finding.ts';
import { reporters } from '../reporters/index.ts';
import type { Option } from './_command.ts';

/** The index alone: help must not load the formats. */
const formats = ['terminal', ...Object.keys(reporters).filter((name) => name !== 'terminal')];

/** The options of every command that reports. */
export const reportOptions: readonly Option[] = [
  {
    flags: '-f, --format <name>',
    description: `what to print: ${formats.join(', ')}`,
    default: 'terminal',
  },
  { flags: '-r, --report <file...>', description: 'also write a report; its ending says the format, or FORMAT:FILE' },
];

/** The options of every command that judges and reports. */
export const judgingOptions: readonly Option[] = [
  { flags: '--policy <file>', description: 'policy document (default: policies.yaml here, else the one shipped)' },
  { flags: '--rules <path...>', description: 'rule files or folders of your own, beside those that are shipped' },
  { flags: '--rule <id...>', description: 'judge by these rules only' },
  ...reportOptions,
  {
    flags: '--fail-on <severity>',
    description: 'the least severity of a failure that makes the run fail',
    choices: [...severities, 'none'],
    default: 'info',
  },
  {
    flags: '--on-unknown <what>',
    description: 'whether what could not be judged makes the run incomplete (exit code 3)',
    choices: ['fail', 'warn'],
    default: 'fail',
  },
  {
    flags: '--baseline <folder>',
    description: 'the folder of an earlier run: say what is new, what is fixed and what is still open',
  },
  { flags: '--only <what>', description: 'fail only for what the baseline lacks (with --baseline)', choices: ['new'] },
  { flags: '--now <instant>', description: 'measure ages against this instant, such as 2026-11-24T00:00:00Z' },
];
