import { type Command, text } from './_command.ts';

export const command: Command = {
  name: 'permissions',
  summary: 'print the IAM permissions that an audit needs, and no others',
  options: [
    {
      flags: '-f, --format <name>',
      description: 'an IAM policy, or a role for other accounts to assume as template or module',
      choices: ['json', 'cloudformation', 'terraform'],
      default: 'json',
    },
    { flags: '--policy <file>', description: 'policy document (default: policies.yaml here, else the one shipped)' },
    { flags: '--rules <path...>', description: 'rule files or folders of your own, beside those that are shipped' },
    { flags: '--rule <id...>', description: 'what these rules need, instead of all that the policy names' },
  ],
  examples: [
    ['proviso permissions', 'the IAM policy for the rules that the policy names'],
    ['proviso permissions --format cloudformation > role.yaml', 'a role that another account may assume'],
    ['proviso permissions --rule s3-bucket-tls-only --format terraform', 'the role for one rule, as Terraform'],
  ],
  async run(_args, options, io) {
    const { printPermissions } = await import('./_permissions.ts');
    return printPermissions(text(options.format) ?? 'json', options, io);
  },
};
