import type { Command } from './_command.ts';

export const command: Command = {
  name: 'completion',
  summary: 'print what makes a shell complete commands, options and rules',
  arguments: [{ name: '<shell>', description: 'bash, zsh or fish', offers: ['bash', 'fish', 'zsh'] }],
  examples: [
    ['source <(proviso completion bash)', 'complete in this bash; a line for ~/.bashrc'],
    ['proviso completion zsh > _proviso', 'for zsh, into a folder of $fpath'],
    ['proviso completion fish > proviso.fish', 'for fish, into ~/.config/fish/completions'],
  ],
  async run(args, _options, io) {
    const { printCompletion } = await import('./_completion.ts');
    return printCompletion(args[0] ?? '', io);
  },
};
