import type { Command, Io, Options } from './_command.ts';
import { connectionOptions } from './_connection.ts';
import { judgingOptions } from './_judging-options.ts';

async function audit(_args: readonly string[], options: Options, io: Io): Promise<number> {
  const { runAudit } = await import('./_audit.ts');
  return runAudit(options, io);
}

export const command: Command = {
  name: 'audit',
  summary: 'collect an AWS account, judge it by the policy, and report',
  options: [
    {
      flags: '--from <folder>',
      description: 'judge a recorded snapshot (or the folder of an earlier run) instead of collecting',
    },
    {
      flags: '--out <folder>',
      description: 'where the run keeps snapshot and results (default: reports/<account>-<time>)',
    },
    { flags: '--no-save', description: 'keep nothing on disk' },
    ...judgingOptions,
    ...connectionOptions,
  ],
  examples: [
    ['proviso audit', 'audit the account of the current credentials'],
    ['proviso audit --profile prod --region eu-west-1', 'one region, with a named profile'],
    ['proviso audit --from reports/111122223333-20261124T020000Z --format json', 'judge again what was collected'],
    ['proviso audit --fail-on high --report report.json', 'fail at high and above, and write a report for machines'],
    [
      'proviso audit --baseline reports/111122223333-20261124T020000Z --only new',
      'fail only for what an earlier run did not find',
    ],
  ],
  exits: [
    [0, 'clean: everything was judged and nothing failed'],
    [1, 'failures at or above --fail-on; with --only new, those that the baseline lacks'],
    [3, 'incomplete: something that gates could not be judged, or nothing matched'],
    [4, 'credentials refused, or AWS not reachable'],
  ],
  run: audit,
};
