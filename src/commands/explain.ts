import type { Command } from './_command.ts';

export const command: Command = {
  name: 'explain',
  summary: 'explain a rule, or one finding of a run',
  arguments: [{ name: '<rule|finding>', description: 'id of a rule, or of a finding (f_…)', offers: 'rules' }],
  options: [
    { flags: '--run <folder>', description: 'the run or snapshot that has it (default: the newest in reports/)' },
    { flags: '--policy <file>', description: 'policy document by which the finding was made' },
    { flags: '--rules <path...>', description: 'rule files or folders of your own, beside those that are shipped' },
  ],
  examples: [
    ['proviso explain sg-no-public-ssh', 'what the rule says, reads and needs'],
    ['proviso explain f_7c1e09aa41d2b350 --run reports/demo', 'what was observed, by which call, and when'],
  ],
  async run(args, options, io) {
    const { explain } = await import('./_explain.ts');
    return explain(args[0] ?? '', options, io);
  },
};
