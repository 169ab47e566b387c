import { type Command, texts } from './_command.ts';

export const command: Command = {
  name: 'rules list',
  summary: 'list the rules',
  arguments: [{ name: '[path...]', description: 'rule files or folders (default: the rules that are shipped)' }],
  options: [
    { flags: '-f, --format <name>', description: 'what to print', choices: ['terminal', 'json'], default: 'terminal' },
  ],
  examples: [
    ['proviso rules list', 'id, severity, resource type and title of each rule'],
    ['proviso rules list --format json', 'the same for machines'],
  ],
  async run(args, options, io) {
    const { listRules } = await import('./_rules-output.ts');
    return listRules(args, texts(options.format)[0] === 'json', io);
  },
};
