import type { Command } from './_command.ts';

export const command: Command = {
  name: 'waive',
  summary: 'accept a finding until a day: write a waiver into the policy',
  arguments: [{ name: '<finding>', description: 'id of the finding (f_…), as reports show it', offers: [] }],
  options: [
    { flags: '--run <folder>', description: 'the run or snapshot that has it (default: the newest in reports/)' },
    { flags: '--reason <text>', description: 'why it is accepted' },
    { flags: '--owner <name>', description: 'who answers for it' },
    { flags: '--approver <name>', description: 'who has approved it' },
    { flags: '--expires <day>', description: 'the last day on which it counts, in UTC, at most 366 days ahead' },
    { flags: '--pin', description: 'cover it only as it was observed, and not when it gets worse' },
    { flags: '--dry-run', description: 'show what would be written, and write nothing' },
    { flags: '--policy <file>', description: 'policy document to write into (default: policies.yaml here)' },
    { flags: '--rules <path...>', description: 'rule files or folders of your own, beside those that are shipped' },
  ],
  examples: [
    [
      'proviso waive f_821b511c76143dff --reason migration --owner data --approver ciso --expires 2027-03-31',
      'accept it until that day; on a terminal, what is left out is asked for',
    ],
    [
      'proviso waive f_821b511c76143dff --pin --dry-run --reason migration --owner data --approver ciso --expires 2027-03-31',
      'show the entry for just what was observed',
    ],
  ],
  async run(args, options, io) {
    const { runWaive } = await import('./_waive.ts');
    return runWaive(args[0] ?? '', options, io);
  },
};
