import { type Command, text } from './_command.ts';
import { connectionOptions } from './_connection.ts';

export const command: Command = {
  name: 'snapshot',
  summary: 'collect an AWS account into a folder, without judging it',
  options: [
    { flags: '--out <folder>', description: 'the new folder (default: reports/<account>-<time>/snapshot)' },
    { flags: '--policy <file>', description: 'policy document (default: policies.yaml here, else the one shipped)' },
    { flags: '--rules <path...>', description: 'rules of your own whose data is collected, too' },
    { flags: '--rule <id...>', description: 'collect for these rules only' },
    { flags: '--now <instant>', description: 'measure ages against this instant' },
    ...connectionOptions,
  ],
  examples: [
    ['proviso snapshot --out before', 'record the account of the current credentials'],
    ['proviso audit --from before', 'judge it later, without AWS'],
  ],
  exits: [
    [0, 'everything that the rules read was collected'],
    [3, 'incomplete: something could not be read, and the snapshot says what'],
    [4, 'credentials refused, or AWS not reachable'],
  ],
  async run(_args, options, io) {
    const { runSnapshot } = await import('./_snapshot.ts');
    return runSnapshot({ out: text(options.out), now: text(options.now) }, options, io);
  },
};
