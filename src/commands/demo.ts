import type { Command } from './_command.ts';
import { reportOptions } from './_judging-options.ts';

export const command: Command = {
  name: 'demo',
  summary: 'audit an embedded demo account: no AWS account and no network needed',
  options: [
    { flags: '--out <folder>', description: 'keep snapshot and results there (default: keep nothing)' },
    ...reportOptions,
  ],
  examples: [
    ['proviso demo', 'see what an audit finds'],
    ['proviso demo --out demo', 'keep the snapshot, to try rules of your own on it'],
  ],
  exits: [[0, 'done, whatever it found; it says how an audit would have ended']],
  async run(_args, options, io) {
    const { runDemo } = await import('./_demo.ts');
    return runDemo(options, io);
  },
};
