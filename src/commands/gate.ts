import type { Command, Io, Options } from './_command.ts';
import { judgingOptions } from './_judging-options.ts';

async function gate(args: readonly string[], options: Options, io: Io): Promise<number> {
  if (options.verifyPrediction === true) {
    const { verify } = await import('./_gate-verify.ts');
    return verify(args, options, io);
  }
  const { runGate } = await import('./_gate.ts');
  return runGate(args, options, io);
}

/** What is compared is the account before the change, so that no earlier run is. */
const judging = judgingOptions.filter(({ flags }) => !/^--(?:baseline|only) /.test(flags));

export const command: Command = {
  name: 'gate',
  summary: 'judge a change before it is deployed: a Terraform plan, template, change set or CDK output',
  arguments: [
    {
      name: '[input...]',
      description: 'plan as JSON, template, change set as JSON, or cdk.out folder; several plans or templates at once',
    },
  ],
  options: [
    { flags: '--live <folder>', description: 'recorded snapshot, or folder of a run, that the change is laid over' },
    { flags: '--parameters <file>', description: "values for the template's parameters, as the AWS CLI takes them" },
    { flags: '--parameter <name=value...>', description: 'value for one parameter of the template; inputs come first' },
    { flags: '--previous <template>', description: 'the template that is deployed now' },
    { flags: '--stack <name>', description: 'the stack that the template is for' },
    {
      flags: '--stack-tag <key=value...>',
      description: "tag of the stack, beside those that the input tells; 'none' for a stack without; inputs come first",
    },
    { flags: '--account <id>', description: 'where the change is for, if it does not say so itself' },
    { flags: '--region <name>', description: 'the same for the region' },
    { flags: '--source <folder>', description: "the .tf files behind the plan (default: the plan's folder)" },
    { flags: '--max-age <duration>', description: 'how old plan and snapshot may be', default: '1d' },
    {
      flags: '--allow-empty',
      description: 'accept that nothing is judged, if the document is whole and readable (default: exit 3)',
    },
    { flags: '--all', description: 'fail for what was wrong before the change, too' },
    { flags: '--out <folder>', description: 'keep results and prediction there (default: nothing is kept)' },
    {
      flags: '--verify-prediction',
      description: 'hold an earlier prediction against a snapshot after the deployment: give their two folders',
    },
    ...judging,
  ],
  examples: [
    ['proviso gate plan.json', 'judge what `terraform show -json plan.bin > plan.json` wrote'],
    ['proviso gate network.json web.json', 'judge two plans together, of which neither is applied yet'],
    ['proviso gate plan.json --live reports/111122223333-20261124T020000Z', 'foresee the whole account'],
    ['proviso gate template.yaml --parameter Environment=production', 'judge a CloudFormation template'],
    [
      'proviso gate change-set.json',
      'judge what `aws cloudformation describe-change-set --include-property-values` wrote',
    ],
    ['proviso gate --verify-prediction predicted reports/111122223333-20261125T020000Z', 'whether it came as foreseen'],
    ['proviso gate cdk.out --report gate.sarif --report markdown:comment.md', 'judge all stacks of a CDK app'],
  ],
  exits: [
    [0, 'the change introduces no failure'],
    [1, 'it introduces failures at or above --fail-on; with --all, there are some'],
    [3, 'incomplete: it makes something unknown, part of it could not be read, or nothing was judged'],
    [5, 'with --verify-prediction: a finding about what the change touches was predicted wrong'],
  ],
  run: gate,
};
