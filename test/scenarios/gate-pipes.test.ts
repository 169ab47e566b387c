import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acmePlan, newGroup } from '../fixtures/acme-plan.ts';
import { installProgram, type Program } from './program.ts';

let program: Program;
let cwd: string;

const group = (id: string, CidrIp: string) => ({
  [id]: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: id,
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp }],
    },
  },
});
const changeSet = {
  ChangeSetName: 'release',
  StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/acme-web/5e6f7a8b-0000-4000-8000-000000000002',
  Status: 'CREATE_COMPLETE',
  ExecutionStatus: 'AVAILABLE',
  Changes: [
    {
      ResourceChange: {
        Action: 'Add',
        LogicalResourceId: 'Web',
        ResourceType: 'AWS::EC2::SecurityGroup',
        AfterContext: JSON.stringify({ Properties: group('Web', '0.0.0.0/0').Web?.Properties }),
      },
    },
  ],
};

beforeAll(async () => {
  program = await installProgram();
  cwd = await program.room();
  const files = {
    'plan.json': acmePlan([newGroup('web', '0.0.0.0/0')]),
    'a.yaml': { Resources: group('Web', '0.0.0.0/0') },
    'b.yaml': { Resources: group('Api', '0.0.0.0/0') },
    'c.yaml': { Resources: group('Web', '0.0.0.0/0') },
    'set.json': changeSet,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), JSON.stringify(content));
  await symlink('a.yaml', join(cwd, 'link.yaml'));
  await writeFile(join(cwd, 'main.tf'), 'resource "aws_s3_bucket" "logs" {\n  bucket = "acme-logs"\n}\n');
  await mkdir(join(cwd, 'empty'));
  await mkdir(join(cwd, 'code'));
  await writeFile(join(cwd, 'code/main.tf'), 'variable "a" {}\n');
}, 120_000);
afterAll(() => program.remove());

const options = '--rule sg-no-public-ssh --now 2026-11-24T03:00:00Z';
/** Begins every answer as what is judged does, without its file's name. */
const judged = (stdout: string) => stdout.split('\n')[0];

describe('a pipe', () => {
  it.each([
    ['plan.json', `proviso gate <(cat plan.json) ${options}`],
    ['plan.json', `cat plan.json | proviso gate - ${options}`],
    ['plan.json', `cat plan.json | proviso gate /dev/stdin ${options}`],
    ['plan.json', `proviso gate /dev/stdin ${options} < plan.json`],
    ['plan.json', `(sleep 0.3; head -c 50 plan.json; sleep 0.3; tail -c +51 plan.json) | proviso gate - ${options}`],
    ['a.yaml', `proviso gate <(cat a.yaml) ${options}`],
    ['a.yaml', `cat a.yaml | proviso gate - ${options}`],
    ['set.json', `proviso gate <(cat set.json) ${options}`],
    ['set.json', `cat set.json | proviso gate - ${options}`],
  ])('is judged as %s is: %s', async (file, line) => {
    const [whole, piped] = [
      await program.shell(`proviso gate ${file} ${options}`, { cwd }),
      await program.shell(line, { cwd }),
    ];
    expect(whole).toMatchObject({ code: 1, stderr: expect.not.stringContaining('error') });
    expect([piped.code, judged(piped.stdout)]).toEqual([whole.code, judged(whole.stdout)]);
  });

  it.each([
    ['nothing', 'proviso gate - < /dev/null', 'stdin cannot be judged: it is empty'],
    ['half a plan', 'head -c 300 plan.json | proviso gate -', 'stdin'],
    ['what is no document', 'echo {} | proviso gate -', 'it is JSON of another kind'],
  ])('that gives %s is an error', async (_what, line, message) => {
    const { code, stderr } = await program.shell(line, { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain('    at ');
  });
});

describe('several templates', () => {
  const fingerprints = async (line: string) => {
    const { stdout } = await program.shell(`proviso gate ${line} ${options} --format json`, { cwd });
    return [...stdout.matchAll(/"fingerprint":\s*"([^"]+)"/g)].map(([, one]) => one);
  };

  it('have the findings that each has alone', async () => {
    const [alone, both] = [await fingerprints('a.yaml'), await fingerprints('a.yaml b.yaml')];
    expect(alone.length).toBeGreaterThan(0);
    expect(both).toEqual(expect.arrayContaining(alone));
  });

  it('count once where one is given under several names', async () => {
    const alone = await fingerprints('a.yaml');
    expect(await fingerprints('a.yaml ./a.yaml link.yaml')).toEqual(alone);
  });

  it('that call something alike are told apart', async () => {
    const { stdout } = await program.shell(`proviso gate a.yaml c.yaml ${options}`, { cwd });
    expect(stdout).toContain('a.yaml/Web');
    expect(stdout).toContain('c.yaml/Web');
  });
});

describe('what is no plan yet', () => {
  it.each([
    ['main.tf', 'terraform show -json'],
    ['code', 'terraform show -json'],
    ['empty', 'cdk synth'],
  ])('such as %s, is an error that says what to run', async (name, what) => {
    const { code, stderr } = await program.shell(`proviso gate ${name}`, { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining(what)]);
  });
});

describe('a document of which nothing is judged', () => {
  const queue = { Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } };
  const nothing = {
    ...changeSet,
    Status: 'FAILED',
    StatusReason: "The submitted information didn't contain changes.",
    Changes: [],
  };
  it.each<[string, object, number]>([
    ['a template of other types', queue, 0],
    ['a change set that changes nothing', nothing, 0],
    ['a plan without resources', acmePlan([]), 0],
    ['a change set that failed', { ...nothing, StatusReason: 'denied' }, 3],
    ['a change set of which a page is missing', { ...changeSet, Changes: [], NextToken: 'a' }, 3],
    ['a plan that failed', acmePlan([], { errored: true }), 3],
    ['a template with a macro', { ...queue, Transform: 'Acme' }, 3],
  ])('is accepted if the user says so and it is whole: %s', async (_what, document, code) => {
    const file = join(await program.room(), 'input.json');
    await writeFile(file, JSON.stringify(document));
    const run = (...more: string[]) => program.run(['gate', file, '--now', '2026-11-24T03:00:00Z', ...more]);
    const [plain, allowed, warned] = [await run(), await run('--allow-empty'), await run('--on-unknown', 'warn')];
    expect(plain.code).toBe(3);
    expect([allowed.code, allowed.stderr]).toEqual([code, expect.not.stringContaining('    at ')]);
    if (code === 0) expect(warned.code).toBe(3);
  });
});
