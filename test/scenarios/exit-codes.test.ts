import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { loadCommands } from '../../src/commands/index.ts';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { acmePlan, newGroup } from '../fixtures/acme-plan.ts';
import { installProgram, type Program } from './program.ts';

const commands = [...(await loadCommands()).values()];

let program: Program;
let simulator: Simulator;
let place: string;
beforeAll(async () => {
  program = await installProgram();
  simulator = await startSimulator(demoAccount);
  place = await program.room();
  await program.run(['demo', '--out', 'run', '--quiet'], { cwd: place });
  const policies = {
    kept: 'sg-no-public-ssh',
    broken: 'sg-no-public-high-risk-ports',
    open: 'bastion-ssh-password-login-disabled',
  };
  for (const [name, rule] of Object.entries(policies)) {
    const clause = `{ claim: It holds., verified: [rules], rules: [${rule}] }`;
    await writeFile(join(place, `${name}.yaml`), `title: Acme\nclauses: { a: ${clause} }\n`);
  }
  const plans = { open: '0.0.0.0/0', narrow: '198.51.100.0/24' };
  for (const [name, cidr] of Object.entries(plans))
    await writeFile(join(place, `${name}-plan.json`), JSON.stringify(acmePlan([newGroup('web', cidr)])));
  const foresee = ['gate', 'open-plan.json', '--live', 'run', '--out', 'predicted', '--now', '2026-11-24T03:00:00Z'];
  await program.run(foresee, { cwd: place });
  await wrongPrediction();
  const rule = [
    'title: No bucket is a leftover',
    'severity: low',
    'resource: AWS::S3::Bucket',
    'why: Nobody looks after leftovers.',
    'fix: { cli: aws s3 rb s3://NAME }',
    'assert: { Name: { ne: acme-leftover } }',
    'pass: { in use: { Name: acme-leftover } }',
    'fail: { left over: { Name: acme-leftover } }',
    'unknown: { nameless: { Name: { $unknown: failed } } }',
  ];
  await writeFile(join(place, 'wrong-case.yaml'), rule.join('\n'));
}, 120_000);
afterAll(async () => {
  await simulator.close();
  await program.remove();
});

/** What was foreseen, as if it had been over an earlier snapshot and about a group that is there and is closed. */
async function wrongPrediction(): Promise<void> {
  const there = 'sg-0e1d0000000000001';
  await mkdir(join(place, 'wrong'));
  const foreseen = JSON.parse(await readFile(join(place, 'predicted/assessment.json'), 'utf8')) as {
    gate: { live: { digest: string } };
  };
  foreseen.gate.live.digest = '0'.repeat(foreseen.gate.live.digest.length);
  await writeFile(join(place, 'wrong/assessment.json'), JSON.stringify(foreseen));
  for (const file of ['results.ndjson', 'change.ndjson']) {
    const text = await readFile(join(place, 'predicted', file), 'utf8');
    await writeFile(join(place, 'wrong', file), text.replaceAll('"aws_security_group.web"', `"${there}"`));
  }
}

/** `live` has credentials that the simulator takes. */
type Row = readonly [code: number, command: string, cause: string, args: string, live?: 'live'];

const rows: readonly Row[] = [
  [0, 'audit', 'nothing fails', '--from run --policy kept.yaml'],
  [1, 'audit', 'something fails', '--from run --policy broken.yaml'],
  [1, 'audit', 'something fails at the gate', '--from run --policy broken.yaml --fail-on critical'],
  [0, 'audit', 'no failure gates', '--from run --policy broken.yaml --fail-on none'],
  [0, 'audit', 'all failures are known', '--from run --policy broken.yaml --baseline run --only new'],
  [1, 'audit', 'failures are known, and all gate', '--from run --policy broken.yaml --baseline run'],
  [3, 'audit', 'something is unknown', '--from run --policy open.yaml'],
  [0, 'audit', 'what is unknown only warns', '--from run --policy open.yaml --on-unknown warn'],
  [1, 'audit', 'something fails and something is unknown', '--from run'],
  [1, 'audit', 'something fails, live', '--policy broken.yaml --no-save', 'live'],
  [2, 'audit', 'the policy is not there', '--from run --policy gone.yaml'],
  [2, 'audit', '--only has nothing to compare with', '--from run --only new'],
  [2, 'audit', 'the policy is wrong, which weighs more than missing credentials', '--policy gone.yaml'],
  [4, 'audit', 'there are no credentials', '--no-save'],
  [0, 'snapshot', 'all was collected', '--rule sg-no-public-ssh --out all', 'live'],
  [3, 'snapshot', 'something was denied', '--rule s3-bucket-tls-only --out some', 'live'],
  [2, 'snapshot', 'the folder is taken', '--out run', 'live'],
  [4, 'snapshot', 'there are no credentials', '--out none'],
  [0, 'doctor', 'nothing is in the way', '', 'live'],
  [3, 'doctor', 'a permission is refused', '--region eu-west-1', 'live'],
  [2, 'doctor', 'there is no place to write to', '--out kept.yaml/runs', 'live'],
  [4, 'doctor', 'there are no credentials', ''],
  [0, 'demo', 'promises are broken', '--quiet'],
  [0, 'policy', 'promises are broken', '--run run --verdict broken'],
  [2, 'policy', 'there is no run', '--verdict broken'],
  [0, 'gate', 'the change introduces nothing', 'narrow-plan.json --policy kept.yaml --now 2026-11-24T02:00:00Z'],
  [1, 'gate', 'the change introduces a failure', 'open-plan.json --policy kept.yaml --now 2026-11-24T02:00:00Z'],
  [3, 'gate', 'the plan is too old', 'narrow-plan.json --policy kept.yaml --now 2026-11-26T02:00:00Z'],
  [3, 'gate', 'nothing of the prediction is there', '--verify-prediction predicted run'],
  [5, 'gate', 'the prediction was wrong', '--verify-prediction wrong run'],
  [2, 'gate', 'there is no input', ''],
  [0, 'rules test', 'the cases come out', ''],
  [1, 'rules test', 'a case comes out otherwise', 'wrong-case.yaml'],
  [2, 'rules test', 'the file is not there', 'gone.yaml'],
  [0, 'rules check', 'the rules are right', ''],
  [2, 'rules check', 'a file is no rule', 'kept.yaml'],
  [0, 'explain', 'the rule is known', 'sg-no-public-ssh'],
  [2, 'explain', 'the rule is not known', 'sg-no-public-shh'],
  [2, 'schema', 'the document is not known', 'polcy'],
];

const cases = rows.map(([code, command, cause, args, live]) => ({ code, command, cause, args, live }));

it.each(cases)('$code from proviso $command: $cause', { timeout: 60_000 }, async ({ code, command, args, live }) => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example', AWS_ENDPOINT_URL: simulator.url };
  const env = { AWS_EC2_METADATA_DISABLED: 'true', ...(live === undefined ? {} : keys) };
  const words = [...command.split(' '), ...args.split(' ').filter((word) => word !== '')];
  expect((await program.run(words, { cwd: place, env })).code).toBe(code);
});

describe.each(commands)('proviso $name', ({ name, exits = [] }) => {
  const words = name.split(' ');
  const told = new Set([0, 2, ...exits.map(([code]) => code)]);

  it('ends with 0 for help, which says what its exit codes mean', async () => {
    const { code, stdout } = await program.run([...words, '--help']);
    const [, help = ''] = stdout.split('\nExit codes:\n');
    const said = [...help.replaceAll(/ {5}(?=\d)/g, '\n').matchAll(/^ *(\d+) +\S/gm)].map(([, number]) =>
      Number(number),
    );
    expect([code, said]).toEqual([0, [...told, 70, 130].sort((a, b) => a - b)]);
    for (const [number, means] of exits) expect(help).toContain(`  ${String(number).padEnd(2)} ${means}\n`);
  });

  it('ends with 2 for an option that it does not have', async () => {
    expect((await program.run([...words, '--zzz'])).code).toBe(2);
  });

  it('ends with each code that it names, and with no other one', () => {
    const seen = new Set([0, 2, ...rows.filter(([, command]) => command === name).map(([code]) => code)]);
    expect(seen).toEqual(told);
  });
});

test('70 from whatever command, because of a bug', async () => {
  await rm(join(program.folder, 'schemas'), { recursive: true });
  const { code, stderr } = await program.run(['schema']);
  expect([code, stderr]).toEqual([70, expect.stringContaining('This is a bug in Proviso')]);
});
