import { cp, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulatedAccount } from '../../src/simulator/account.ts';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Ended, installProgram, type Program } from './program.ts';

let program: Program;
/** Where the commands run: beside a recorded run, and files with mistakes in them. */
let place: string;
beforeAll(async () => {
  program = await installProgram();
  place = await program.room();
  await program.run(['demo', '--out', 'run'], { cwd: place });
  await Promise.all([spoilSnapshots(), writeRules(), writePolicies()]);
}, 120_000);
afterAll(() => program.remove());

const at = (...names: readonly string[]) => join(place, ...names);

async function spoilSnapshots(): Promise<void> {
  for (const name of ['newer', 'changed', 'cut']) await cp(at('run/snapshot'), at(name), { recursive: true });
  const manifest = await readFile(at('newer/manifest.json'), 'utf8');
  await writeFile(at('newer/manifest.json'), manifest.replace('proviso-snapshot/1', 'proviso-snapshot/2'));
  const groups = at('changed/111122223333/eu-west-1/AWS-EC2-SecurityGroup.ndjson');
  await writeFile(groups, (await readFile(groups, 'utf8')).replace('0.0.0.0/0', '1.0.0.0/8'));
  await truncate(at('cut/calls.ndjson'), 100);
  await mkdir(at('foreign'));
  await writeFile(at('foreign/notes.txt'), 'not a snapshot');
  await mkdir(at('taken'));
  await writeFile(at('taken/precious.txt'), 'precious');
}

async function writeRules(): Promise<void> {
  const ssh = await readFile(join(program.folder, 'rules/network/sg-no-public-ssh.yaml'), 'utf8');
  const backup = await readFile(join(program.folder, 'rules/backup/backup-plan-retention-max.yaml'), 'utf8');
  await writeFile(at('field.yaml'), ssh.replace('IpPermissions: { permits', 'IpPermisions: { permits'));
  await writeFile(at('operator.yaml'), ssh.replace('{ permits: {', '{ permit: {'));
  await writeFile(at('parameter.yaml'), backup.replace('param: maxDays', 'param: maxDay'));
}

async function writePolicies(): Promise<void> {
  const clause = 'clauses: { a: { claim: It holds., verified: [rules], rules: [RULE] } }\n';
  await writeFile(at('unknown-rule.yaml'), `title: Acme\n${clause.replace('RULE', 'sg-no-public-shh')}`);
  const scope = 'scope: { accounts: [111122223333] }\n';
  await writeFile(at('number.yaml'), `title: Acme\n${scope}${clause.replace('RULE', 'sg-no-public-ssh')}`);
  await writeFile(at('binary.yaml'), Buffer.from([0xff, 0xfe, 0x00, 0x81]));
}

/** One message, without a stack, that says what to do. */
function checkMessage({ stderr }: Ended): void {
  expect(stderr.match(/^error: /gm)).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at .*\(|\bundefined\b|\[object|This is a bug/m);
}

describe.each<readonly [what: string, code: number, args: string, says: readonly string[]]>([
  ['a wrong flag', 2, 'audit --form run', ["unknown option '--form'", 'Did you mean --from?', 'proviso audit --help']],
  ['a flag like no other', 2, 'audit --zzz', ["unknown option '--zzz'", 'proviso audit --help']],
  ['a flag without its value', 2, 'audit --from', ['argument missing', 'proviso audit --help']],
  ['a wrong command', 2, 'audti', ["unknown command 'audti'", 'Did you mean audit?']],
  ['a wrong command of a group', 2, 'rules chekc', ["unknown command 'chekc'", 'Did you mean check?']],
  ['too many arguments', 2, 'audit run', ["too many arguments for 'audit'", 'proviso audit --help']],
  ['a region for a recorded snapshot', 2, 'audit --from run --region eu-west-1', ['--region has no effect', '--from']],
  ['a folder for what is not kept', 2, 'audit --out kept --no-save', ['--out has no effect', '--no-save']],
  ['a wrong choice', 2, 'audit --fail-on grave', ["'grave' is invalid", 'critical, high, medium']],
  ['a wrong format', 2, 'audit --from run --format xml', ["no report format 'xml'", 'ndjson']],
  [
    'a report with an unknown ending',
    2,
    'audit --from run --report x.foo',
    ["'x.foo' names no report format", 'FORMAT:FILE'],
  ],
  [
    'a malformed instant',
    2,
    'audit --from run --now yesterday',
    ["'yesterday' is not an instant", '2026-11-24T00:00:00Z'],
  ],
  ['a snapshot that is not there', 2, 'audit --from nowhere', ['nowhere', 'check its path']],
  ['a file in place of a snapshot', 2, 'audit --from field.yaml', ['has no manifest.json', 'proviso snapshot']],
  ['a foreign folder', 2, 'audit --from foreign', ['has no manifest.json', 'proviso snapshot']],
  ['a newer format', 2, 'audit --from newer', ['proviso-snapshot/2', 'reads proviso-snapshot/1', 'collect again']],
  ['a changed snapshot', 2, 'audit --from changed', ['does not have the SHA-256', 'collect it again']],
  ['a snapshot that was cut off', 2, 'audit --from cut', ['calls.ndjson:1:1', 'the file was cut off', 'restore it']],
  ['a rule file that is not there', 2, 'rules check gone.yaml', ['gone.yaml', 'no such file', 'Check the path']],
  ['a folder without rules', 2, 'rules check foreign', ['has no rule files', '.yaml']],
  ['a misspelt field', 2, 'rules check field.yaml', ['field.yaml:20:18', "did you mean 'IpPermissions'?"]],
  ['a misspelt operator', 2, 'rules check operator.yaml', ['operator.yaml:20:35', "did you mean 'permits'?"]],
  ['a misspelt parameter', 2, 'rules check parameter.yaml', ["no parameter 'maxDay'", "did you mean 'maxDays'?"]],
  ['a misspelt rule', 2, 'audit --from run --rule sg-no-public-shh', ['did you mean sg-no-public-ssh?']],
  [
    'a policy with an unknown rule',
    2,
    'audit --from run --policy unknown-rule.yaml',
    ['unknown-rule.yaml:2:', "did you mean 'sg-no-public-ssh'?"],
  ],
  [
    'an unquoted account id',
    2,
    'audit --from run --policy number.yaml',
    ['number.yaml:2:', 'quote it: "111122223333"'],
  ],
  ['a policy that is not text', 2, 'audit --from run --policy binary.yaml', ['not UTF-8 text', 'save it as UTF-8']],
  [
    'a policy that is not there',
    2,
    'audit --from run --policy gone.yaml',
    ['the policy gone.yaml cannot be read: there is no such file', 'Check the path'],
  ],
  [
    'a folder in place of a policy',
    2,
    'audit --from run --policy .',
    ['the policy . cannot be read: it is a folder', 'Check the path'],
  ],
  ['a misspelt schema', 2, 'schema polcy', ["did you mean 'policy'?"]],
  ['a misspelt finding', 2, 'explain f_0000000000000000 --run run', ['no finding f_0000000000000000', 'is it mended?']],
  [
    'an output folder below a file',
    2,
    'audit --from run --out field.yaml/x',
    ['a part of the path is a file', 'another place'],
  ],
  [
    'an output folder where none can be',
    2,
    'audit --from run --out /proc/proviso/x',
    ['cannot be written', 'another place'],
  ],
  [
    'an output folder that is not empty',
    2,
    'audit --from run --out taken',
    ['is not empty, and nothing is overwritten', 'another folder'],
  ],
  ['a report that exists', 2, 'audit --from run --report json:field.yaml', ['nothing is overwritten', 'another place']],
  [
    'a report in a folder that is not there',
    2,
    'audit --from run --report gone/x.json',
    ['does not exist', 'another place'],
  ],
  ['a malformed region', 2, 'audit --region EU_WEST', ["'EU_WEST' is not the name of an AWS region", 'eu-west-1']],
  ['a malformed address', 2, 'audit --endpoint-url example', ["'example' is not an http or https address"]],
  ['a malformed role', 2, 'audit --role-arn auditor', ["'auditor' is not the ARN of a role", 'arn:aws:iam::']],
  ['no credentials', 4, 'audit', ['no AWS credentials were found', 'AWS_ACCESS_KEY_ID']],
  ['an unknown profile', 4, 'audit --profile gone', ['no AWS credentials from profile gone', '--profile']],
])('%s', (_, code, args, says) => {
  it('is told in one message, with what to do', { timeout: 60_000 }, async () => {
    const env = { AWS_EC2_METADATA_DISABLED: 'true' };
    const ended = await program.run(args.split(' '), { cwd: place, env });
    for (const words of says) expect(ended.stderr).toContain(words);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    checkMessage(ended);
  });
});

it('nothing of the user was overwritten', async () => {
  expect(await readFile(at('taken/precious.txt'), 'utf8')).toBe('precious');
  expect(await readdir(at('taken'))).toEqual(['precious.txt']);
  expect(await readFile(at('field.yaml'), 'utf8')).toContain('IpPermisions');
});

const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };

describe('an endpoint', () => {
  const audit = (url: string, ...args: readonly string[]) =>
    program.run(['audit', '--endpoint-url', url, '--no-save', ...args], { cwd: place, env: keys });

  async function withSimulator(account: SimulatedAccount, use: (simulator: Simulator) => Promise<void>): Promise<void> {
    const simulator = await startSimulator(account);
    try {
      await use(simulator);
    } finally {
      await simulator.close();
    }
  }

  it('that nobody listens at is told', { timeout: 60_000 }, async () => {
    const simulator = await startSimulator(demoAccount);
    await simulator.close();
    const ended = await audit(simulator.url);
    expect(ended.stderr).toContain(`${simulator.url} cannot be asked`);
    expect(ended.stderr).toContain('something is listening there');
    expect(ended.code).toBe(4);
    checkMessage(ended);
  });

  it('that is not one of AWS is told', { timeout: 60_000 }, async () => {
    const server = http.createServer((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><html>Sign in</html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const ended = await audit(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.close();
    expect(ended.stderr).toContain('web page (HTML)');
    expect(ended.code).toBe(4);
    checkMessage(ended);
  });

  it.each([
    ['ExpiredToken', 'the AWS credentials have expired', 'Sign in again'],
    ['InvalidClientTokenId', 'refuses the credentials (InvalidClientTokenId)', 'aws sts get-caller-identity'],
  ])('that answers %s is told', { timeout: 60_000 }, async (name, says, hint) => {
    const message = 'The security token included in the request is not valid';
    const error = { name, status: 403, message };
    const sts = { '*': { GetCallerIdentity: [{ when: {}, error }] } };
    await withSimulator({ ...demoAccount, answers: { ...demoAccount.answers, sts } }, async ({ url }) => {
      const ended = await audit(url);
      expect(ended.stderr).toContain(says);
      expect(ended.stderr).toContain(hint);
      expect(ended.code).toBe(4);
      checkMessage(ended);
    });
  });

  it('that knows no such region is told', { timeout: 60_000 }, async () => {
    await withSimulator(demoAccount, async ({ url }) => {
      const ended = await audit(url, '--region', 'eu-wset-1');
      expect(ended.stderr).toContain("there is no region 'eu-wset-1'");
      expect(ended.stderr).toContain('did you mean eu-west-1?');
      expect(ended.code).toBe(2);
      checkMessage(ended);
    });
  });
});

describe('a run that is interrupted', () => {
  async function interrupt(out: string): Promise<Ended> {
    const simulator = await startSimulator(demoAccount, { latency: 400 });
    const args = ['audit', '--endpoint-url', simulator.url, '--out', out];
    const ended = await program.run(args, {
      cwd: place,
      env: keys,
      started: (child) => {
        const timer = setInterval(() => {
          if (Object.keys(simulator.calls()).length < 4) return;
          clearInterval(timer);
          child.kill('SIGINT');
        }, 50);
        child.once('close', () => clearInterval(timer));
      },
    });
    await simulator.close();
    return ended;
  }

  it('keeps what it has, marked as not finished, and is judged as incomplete', { timeout: 90_000 }, async () => {
    const ended = await interrupt('stopped');
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('Stopping');
    expect(ended.stderr).toContain('marked as incomplete');
    checkMessage(ended);
    const manifest = JSON.parse(await readFile(at('stopped/snapshot/manifest.json'), 'utf8')) as { finished: boolean };
    expect(manifest.finished).toBe(false);
    const judged = await program.run(['audit', '--from', 'stopped', '--fail-on', 'info', '--format', 'json'], {
      cwd: place,
    });
    const { snapshot, totals } = JSON.parse(judged.stdout) as {
      readonly snapshot: { readonly finished: boolean };
      readonly totals: { readonly fail: number; readonly unknown: number };
    };
    expect(snapshot.finished).toBe(false);
    expect(totals.unknown).toBeGreaterThan(0);
    expect(judged.code).toBe(totals.fail > 0 ? 1 : 3);
  });
});

describe('a run that is interrupted twice', () => {
  it('ends at once, and leaves nothing that passes for a snapshot', { timeout: 90_000 }, async () => {
    const simulator = await startSimulator(demoAccount, { latency: 2000 });
    const args = ['audit', '--endpoint-url', simulator.url, '--out', 'killed'];
    const ended = await program.run(args, {
      cwd: place,
      env: keys,
      started: (child) => {
        const stop = () => child.kill('SIGINT');
        // The second one is sent as soon as the first was heard.
        child.stderr?.once('data', stop);
        const timer = setInterval(() => {
          if (simulator.peak() === 0) return;
          clearInterval(timer);
          stop();
        }, 50);
        child.once('close', () => clearInterval(timer));
      },
    });
    await simulator.close();
    expect(ended.code).toBe(130);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    // Ended at once there is no snapshot; where the first signal sufficed there is one that says that it was stopped.
    const judged = await program.run(['audit', '--from', 'killed'], { cwd: place });
    if (judged.code === 2) expect(judged.stdout).toBe('');
    else expect(judged.stdout).toContain('the collection ended before it had asked for everything');
    expect(judged.code).not.toBe(0);
  });
});

describe('an output that takes nothing more', () => {
  it('is told when the disk is full', async () => {
    const ended = await program.shell('proviso audit --from run > /dev/full', { cwd: place });
    expect(ended.stderr).toContain('standard output cannot be written: ENOSPC');
    expect(ended.code).toBe(2);
    checkMessage(ended);
  });

  it('is told when a file may not grow', async () => {
    const ended = await program.shell('ulimit -f 4; proviso audit --from run --out limited', { cwd: place });
    expect(ended.stderr).toContain('the file is larger than this disk or shell allows');
    expect(ended.code).toBe(2);
    checkMessage(ended);
  });

  it.each([
    ['reads one line', 'proviso audit --from run | head -1 > /dev/null; exit ${PIPESTATUS[0]}'],
    ['reads nothing', 'proviso audit --from run --format ndjson | true; exit ${PIPESTATUS[0]}'],
    ['is closed', 'proviso audit --from run >&-'],
    ['hears no talk', 'proviso audit --from run 2>&- > /dev/null'],
  ])('does not change the exit code when the reader %s', async (_, line) => {
    expect(await program.shell(line, { cwd: place })).toEqual({ code: 1, stdout: '', stderr: '' });
  });
});

it('nothing is left behind in the place of temporary files', async () => {
  const room = await program.room();
  await program.run(['audit', '--from', at('run')], { env: { TMPDIR: room } });
  expect(await readdir(room)).toEqual([]);
  expect((await stat(at('run/snapshot/manifest.json'))).isFile()).toBe(true);
});
