import type { Command } from './_command.ts';

export const command: Command = {
  name: 'rules check',
  summary: 'check rule files without evaluating them',
  arguments: [{ name: '[path...]', description: 'rule files or folders (default: the rules that are shipped)' }],
  examples: [
    ['proviso rules check my-rules', 'check all rules in a folder'],
    ['proviso rules check my-rules/one.yaml', 'check one file'],
  ],
  async run(args, _options, io) {
    const { checkRules } = await import('./_rules.ts');
    const rules = await checkRules(args, io.cwd);
    io.note(`${rules.length} ${rules.length === 1 ? 'rule is' : 'rules are'} right`);
    return 0;
  },
};
