import type { Command } from './_command.ts';
import { connectionOptions } from './_connection.ts';

export const command: Command = {
  name: 'doctor',
  summary: 'check credentials, accounts and permissions, and say what would be unknown without them',
  options: [
    {
      flags: '-f, --format <name>',
      description: 'a page to read, or data',
      choices: ['terminal', 'json'],
      default: 'terminal',
    },
    { flags: '--policy <file>', description: 'policy document (default: policies.yaml here, else the one shipped)' },
    { flags: '--rules <path...>', description: 'rule files or folders of your own, beside those that are shipped' },
    { flags: '--rule <id...>', description: 'what these rules need, instead of all that the policy names' },
    { flags: '--out <folder>', description: 'folder in which runs are to be kept', default: 'reports' },
    {
      flags: '--region <region>',
      description: "region to ask in (default: the first of the policy's scope that is enabled, else AWS_REGION)",
    },
    ...connectionOptions.filter(({ flags }) => !flags.startsWith('--region ')),
  ],
  examples: [
    ['proviso doctor', 'before the first audit, with the same credentials'],
    ['proviso doctor --region eu-central-1', 'where you have resources, so that more can be tried'],
    ['proviso doctor --rule s3-bucket-tls-only --format json', 'what one rule needs, for machines'],
  ],
  exits: [
    [0, 'nothing is in the way of an audit, as far as could be tried'],
    [2, 'wrong usage, a mistake in a file, or no place to write to'],
    [3, 'something would be unknown: a permission, an account or a parameter is missing'],
    [4, 'credentials refused, or AWS not reachable'],
  ],
  async run(_args, options, io) {
    const { runDoctor } = await import('./_doctor.ts');
    return runDoctor(options, io);
  },
};
