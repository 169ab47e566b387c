import { clauseVerdicts } from '../finding/finding.ts';
import type { Command } from './_command.ts';

export const command: Command = {
  name: 'policy',
  summary: 'list the promises of the policy, with the verdicts of the last run',
  options: [
    { flags: '--run <folder>', description: 'take the verdicts of this run (default: the newest in reports/)' },
    { flags: '--no-run', description: 'show how each promise is verified, and by which rules, without verdicts' },
    { flags: '--policy <file>', description: 'policy document (default: policies.yaml here, else the one shipped)' },
    { flags: '--rules <path...>', description: 'rule files or folders of your own that the policy names' },
    { flags: '--verdict <verdict...>', description: 'only promises of which this became', choices: clauseVerdicts },
    { flags: '--section <section...>', description: 'only these sections: 1.3, or words of their headings' },
    { flags: '-f, --format <name>', description: 'what to print', choices: ['terminal', 'json'], default: 'terminal' },
  ],
  examples: [
    ['proviso policy --no-run', 'how each promise is verified, and by which rules'],
    ['proviso policy --run reports/demo --verdict broken', 'the promises that a run found broken, and why'],
    ['proviso policy --run reports/demo --section 1.3 --format json', 'one section, for machines'],
  ],
  async run(_args, options, io) {
    const { listPolicy } = await import('./_policy-list.ts');
    return listPolicy(options, io);
  },
};
