import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, describe, expect, test } from 'vitest';
import { bundle } from '../../.ci/build.mjs';
import { checkLayers } from '../../.ci/check-layers.mjs';
import type { Collected } from './collect-type.ts';
import { fencedBlocks } from './markdown.ts';
import { copyProject, type ProjectCopy, root } from './project-copy.ts';

const text = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8');
const examples = fencedBlocks(text).filter(({ title }) => title !== '');
const patience = 300_000;

let copy: ProjectCopy;
afterEach(async () => copy.remove());

/** The one block whose file is in a folder. */
function exampleIn(folder: string): { readonly file: string; readonly text: string } {
  const found = examples.filter(({ title }) => title.startsWith(`${folder}/`));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} examples are in ${folder}/`);
  return { file: found[0].title, text: found[0].text };
}

/** A copy of the project with the files added that are examples in these folders. */
async function copyWith(...folders: readonly string[]): Promise<readonly string[]> {
  copy = await copyProject();
  const added = folders.map(exampleIn);
  for (const { file, text: content } of added) await copy.add(file, content);
  return added.map(({ file }) => file);
}

/** Generates what is derived, and holds the new files to the standards of all others. */
async function generateAndCheck(files: readonly string[]): Promise<void> {
  await copy.succeed('.ci/generate.mjs');
  const index = join(dirname(files[0] ?? ''), 'index.ts');
  const project = { extends: './tsconfig.json', include: [...files, index] };
  await writeFile(join(copy.path, 'tsconfig.example.json'), JSON.stringify(project));
  await copy.succeed('node_modules/typescript/bin/tsc', '-p', 'tsconfig.example.json');
  await copy.succeed(
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--vcs-enabled=false',
    '--error-on-warnings',
    ...files,
  );
  expect(checkLayers(copy.path)).toEqual([]);
}

/** The program, made from the copy. */
async function bundleProgram(): Promise<string> {
  await bundle(copy.path, ['src/cli.ts'], join(copy.path, 'dist'));
  return join(copy.path, 'dist/cli.js');
}

/** Runs generic tests in the copy, those whose names match. @returns how many passed */
async function passedIn(pattern: string, ...files: readonly string[]): Promise<number> {
  const report = join(copy.path, 'report.json');
  const output = ['--reporter=json', `--outputFile.json=${report}`];
  await copy.succeed('node_modules/vitest/vitest.mjs', 'run', ...output, '-t', pattern, ...files);
  const { numPassedTests } = JSON.parse(await readFile(report, 'utf8')) as { readonly numPassedTests: number };
  return numPassedTests;
}

describe('each example of CONTRIBUTING.md works with no other file touched', () => {
  test('the rule is right, its cases come out, and a run can judge by it', { timeout: patience }, async () => {
    const [file = ''] = await copyWith('rules');
    const program = await bundleProgram();
    const id = basename(file, '.yaml');
    expect((await copy.succeed(program, 'rules', 'check')).stderr).toMatch(/^\d+ rules are right/);
    expect((await copy.succeed(program, 'rules', 'test', file)).stderr).toMatch(/^1 rule, [3-9] cases right, 0 wrong/);
    expect((await copy.succeed(program, 'explain', id)).stdout).toContain('What must hold\n  Every security group: ');
    const out = join(copy.path, 'demo');
    await copy.succeed(program, 'demo', '--out', out, '--quiet');
    const policy = `title: One promise\nclauses: { one: { claim: It holds., verified: [rules], rules: [${id}] } }\n`;
    await copy.add('one.yaml', policy);
    const judged = await copy.node(program, 'audit', '--from', out, '--policy', 'one.yaml', '--format', 'json');
    const { rules, clauses } = JSON.parse(judged.stdout) as {
      readonly rules: readonly { readonly id: string; readonly outcomes: Readonly<Record<string, number>> }[];
      readonly clauses: readonly { readonly verdict: string }[];
    };
    expect(rules.map((rule) => [rule.id, (rule.outcomes.pass ?? 0) > 0])).toEqual([[id, true]]);
    expect([judged.code, clauses[0]?.verdict]).toEqual([0, 'holds']);
  });

  test('the operator keeps the laws of all operators, and rules may use it', { timeout: patience }, async () => {
    const files = await copyWith('src/operators', 'test/operators');
    const [file = '', table = ''] = files;
    await generateAndCheck(files);
    const name = /name: '(\w+)'/.exec(exampleIn('src/operators').text)?.[1] ?? '';
    expect(await passedIn(`operator .?${basename(file, '.ts')}\\b`, 'test/operators.test.ts')).toBeGreaterThan(8);
    expect(await passedIn(`operator ${name} `, table)).toBeGreaterThan(6);
    await copy.add(
      'sg-described.yaml',
      `title: Every security group says what it is for
severity: low
resource: AWS::EC2::SecurityGroup
why: Nobody dares to change what nobody understands.
fix: { console: Make a group with a description and move the instances to it. }
assert: { Description: { ${name}: 5 } }
pass: { long: { Description: web servers } }
fail: { short: { Description: x } }
unknown: { denied: { Description: { $unknown: denied } } }
`,
    );
    const program = await bundleProgram();
    const ran = await copy.succeed(program, 'rules', 'test', 'sg-described.yaml');
    expect(ran.stderr).toMatch(/^1 rule, 3 cases right, 0 wrong/);
    const explained = await copy.succeed(program, 'explain', 'sg-described', '--rules', 'sg-described.yaml');
    expect(explained.stdout).toContain('Description has at least 5 characters');
    const schema = JSON.parse((await copy.succeed(program, 'schema', 'rule')).stdout) as {
      readonly $defs: { readonly operators: { readonly properties: object } };
    };
    expect(Object.keys(schema.$defs.operators.properties)).toContain(name);
  });

  test('the resource type has its shape, and is collected over the wire', { timeout: patience }, async () => {
    const files = await copyWith('src/resources');
    await generateAndCheck(files);
    const type = /type: '([\w:]+)'/.exec(exampleIn('src/resources').text)?.[1] ?? '';
    const shapes: unknown = JSON.parse(await readFile(join(copy.path, 'src/resources/shapes.json'), 'utf8'));
    expect(shapes).toHaveProperty([type, 'fields', 'IpAddress'], 'string');
    expect(await passedIn(`^${type} |each file declares`, 'test/resources.test.ts')).toBeGreaterThan(8);
    const gateway = {
      CustomerGatewayId: 'cgw-0e1d0000000000001',
      IpAddress: '198.51.100.1',
      State: 'available',
      Tags: [{ Key: 'Owner', Value: 'team-platform' }],
      Type: 'ipsec.1',
    };
    const account = {
      account: '111122223333',
      caller: 'arn:aws:iam::111122223333:role/ProvisoAuditor',
      answers: {
        ec2: {
          '*': { DescribeRegions: { Regions: [{ RegionName: 'eu-west-1', OptInStatus: 'opt-in-not-required' }] } },
          'eu-west-1': { DescribeCustomerGateways: { CustomerGateways: [gateway] } },
        },
      },
    };
    const collector = join(copy.path, 'collect.mjs');
    const entryPoints = [join(copy.path, 'test/docs/collect-type.ts')];
    const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external' } as const;
    await build({ entryPoints, outfile: collector, ...options });
    const { stdout } = await copy.succeed(collector, JSON.stringify(account), type);
    expect(JSON.parse(stdout)).toEqual({
      complete: true,
      records: [
        {
          type,
          account: '111122223333',
          region: 'eu-west-1',
          id: gateway.CustomerGatewayId,
          arn: `arn:aws:ec2:eu-west-1:111122223333:customer-gateway/${gateway.CustomerGatewayId}`,
          properties: gateway,
          calls: { '': 'ec2:DescribeCustomerGateways' },
        },
      ],
    } satisfies Collected);
  });

  test('the reporter renders a run, twice the same', { timeout: patience }, async () => {
    const files = await copyWith('src/reporters');
    await generateAndCheck(files);
    const format = basename(files[0] ?? '', '.ts');
    const program = await bundleProgram();
    const out = join(copy.path, 'run');
    const first = await copy.succeed(program, 'demo', '--format', format, '--out', out);
    const second = await copy.succeed(program, 'demo', '--format', format);
    expect(second.stdout).toBe(first.stdout);
    const { rules } = JSON.parse(await readFile(join(out, 'assessment.json'), 'utf8')) as {
      readonly rules: readonly { readonly id: string; readonly outcomes: Readonly<Record<string, number>> }[];
    };
    const lines = first.stdout.split('\n').filter((line) => line.startsWith('proviso_results'));
    const expected = rules.flatMap(({ id, outcomes }) =>
      Object.entries(outcomes).map(([outcome, count]) => `${id} ${outcome} ${count}`),
    );
    const shown = lines.map((line) => line.replace(/^.*rule="(.*)",severity=".*",outcome="(.*)"\} (\d+)$/, '$1 $2 $3'));
    expect(shown.sort()).toEqual(expected.sort());
  });
});
