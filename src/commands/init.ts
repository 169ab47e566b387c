import type { Command } from './_command.ts';

export const command: Command = {
  name: 'init',
  summary: 'write a policy of your own, from the one that is shipped and your answers',
  options: [
    { flags: '--policy <file>', description: 'file to write', default: 'policies.yaml' },
    { flags: '--title <text>', description: 'title of the policy, as reports show it' },
    { flags: '--account <id...>', description: 'accounts to judge (default: the one of your credentials)' },
    { flags: '--role <name>', description: 'role to assume in each of them' },
    { flags: '--external-id <id>', description: 'external id that the role asks for' },
    { flags: '--region <region...>', description: 'regions to judge (default: all that are enabled)' },
    { flags: '--set <rule.parameter=value...>', description: 'what a vague word of the policy means' },
    { flags: '--gitignore', description: 'have git ignore reports/, where runs are written' },
    { flags: '-y, --yes', description: 'ask nothing: what no flag says stays as it is shipped' },
  ],
  examples: [
    ['proviso init', 'asks on a terminal for what no flag says'],
    ['proviso init --yes --region eu-west-1 us-east-1', 'asks nothing'],
    [
      'proviso init --yes --set bastion-ingress-restricted.allowedCidrs=203.0.113.0/24',
      'the addresses of your offices',
    ],
  ],
  async run(_args, options, io) {
    const { runInit } = await import('./_init.ts');
    return runInit(options, io);
  },
};
