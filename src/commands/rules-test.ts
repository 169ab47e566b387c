import type { Command } from './_command.ts';

export const command: Command = {
  name: 'rules test',
  summary: "run rules' own cases",
  arguments: [{ name: '[path...]', description: 'rule files or folders (default: the rules that are shipped)' }],
  options: [{ flags: '--verbose', description: 'print the cases that came out right, too' }],
  examples: [['proviso rules test my-rules', 'run the pass, fail and unknown cases of all rules in a folder']],
  exits: [
    [0, 'all cases came out as they should'],
    [1, 'a case came out otherwise'],
  ],
  async run(args, options, io) {
    const { testRules } = await import('./_rules-output.ts');
    return testRules(args, options.verbose === true, io);
  },
};
