import type { Command } from './_command.ts';

export const command: Command = {
  name: 'rules show',
  summary: "print a rule's file",
  arguments: [{ name: '<id>', description: 'of a rule that is shipped', offers: 'rules' }],
  examples: [['proviso rules show sg-no-public-ssh', 'start a rule of your own from one that works']],
  async run(args, _options, io) {
    const { showRule } = await import('./_rules-output.ts');
    return showRule(args[0] ?? '', io);
  },
};
