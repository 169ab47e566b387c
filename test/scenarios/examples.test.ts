import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCommands } from '../../src/commands/index.ts';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { acmePlan, newGroup } from '../fixtures/acme-plan.ts';
import { installProgram, type Program } from './program.ts';

const commands = [...(await loadCommands()).values()];
const lines = commands.flatMap(({ examples }) => examples.map(([line]) => line));

let program: Program;
let simulator: Simulator;
/** A failure of the recorded run: examples name one that is made up. */
let finding: string;
beforeAll(async () => {
  program = await installProgram();
  simulator = await startSimulator(demoAccount);
  await program.run(['demo', '--out', 'reports/demo']);
  const results = await readFile(join(program.folder, 'reports/demo/results.ndjson'), 'utf8');
  const failure = results.split('\n').find((line) => line.includes('"outcome":"fail"')) ?? '';
  finding = /"fingerprint":"(f_[0-9a-f]{16})"/.exec(failure)?.[1] ?? '';
}, 120_000);
afterAll(async () => {
  await simulator.close();
  await program.remove();
});

/** A folder in which everything is that the examples name. */
async function furnishedRoom(): Promise<string> {
  const room = await program.room();
  await cp(join(program.folder, 'reports/demo'), join(room, 'reports/demo'), { recursive: true });
  await cp(join(program.folder, 'reports/demo'), join(room, 'reports/111122223333-20261124T020000Z'), {
    recursive: true,
  });
  await cp(join(program.folder, 'policies.yaml'), join(room, 'policies.yaml'));
  await mkdir(join(room, 'my-rules'));
  const rule = await readFile(join(program.folder, 'rules/network/sg-no-public-ssh.yaml'), 'utf8');
  await writeFile(join(room, 'my-rules/one.yaml'), rule);
  await writeFile(join(room, 'config'), '[profile prod]\naws_access_key_id = AKIA\naws_secret_access_key = example\n');
  return room;
}

const template = `Parameters:
  Environment: { Type: String }
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupName: !Ref Environment, GroupDescription: web }
`;
const deployment = '2026-11-24T03:00:00Z';

/** Adds what is judged before it is deployed, and what was foreseen of it. */
async function withChanges(room: string): Promise<void> {
  await writeFile(join(room, 'plan.json'), JSON.stringify(acmePlan([newGroup('web', '198.51.100.0/24')])));
  await writeFile(join(room, 'template.yaml'), template);
  for (const file of ['change-set.json', 'network.json', 'web.json'])
    await cp(join(import.meta.dirname, '../docs/shown', file), join(room, file));
  const cdk = join(import.meta.dirname, '../fixtures/templates/cdk.out');
  await cp(cdk, join(room, 'cdk.out'), { recursive: true });
  await cp(join(room, 'reports/demo'), join(room, 'reports/111122223333-20261125T020000Z'), { recursive: true });
  const gate = ['gate', 'plan.json', '--live', 'reports/demo', '--out', 'predicted', '--now', deployment];
  await program.run(gate, { cwd: room });
}

/** By itself the change leaves much open, over the account it is clean; nothing of it was deployed since. */
function gateEnding(line: string): number {
  if (line.includes('cdk.out') || line.includes('change-set.json')) return 1;
  return line.includes('--live') ? 0 : 3;
}

const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

/** The demo account breaks promises, and one of its calls is denied. */
const endings: Readonly<Record<string, number>> = { audit: 1, snapshot: 3 };

/** Nobody answers here; on a terminal they ask. */
const asking = new Set(['proviso init']);

describe.each(commands)('proviso $name --help', ({ name, examples }) => {
  it('shows how it is used', async () => {
    const { code, stdout, stderr } = await program.run([...name.split(' '), '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(examples.length).toBeGreaterThan(0);
    for (const [line, does] of examples) expect(stdout).toMatch(new RegExp(`${escaped(line)} +${escaped(does)}`));
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

it.each(lines)('%s', { timeout: 60_000 }, async (line) => {
  const room = await furnishedRoom();
  // Examples that go on from another command's output find it.
  if (line.includes('--from before'))
    await cp(join(room, 'reports/demo/snapshot'), join(room, 'before'), { recursive: true });
  const env = {
    AWS_ENDPOINT_URL: simulator.url,
    AWS_CONFIG_FILE: join(room, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(room, 'none'),
    ...(line.includes('--profile') ? {} : { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example' }),
  };
  const command = line.replace(/f_[0-9a-f]{16}/, finding).replace(/(--expires )\S+/, `$1${soon}`);
  const isGate = line.startsWith('proviso gate');
  if (isGate) await withChanges(room);
  // A first policy is written where there is none.
  if (line.startsWith('proviso init')) await rm(join(room, 'policies.yaml'));
  const ended = await program.shell(isGate ? `${command} --now ${deployment}` : command, { cwd: room, env });
  if (asking.has(line)) {
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('on a terminal') });
    return;
  }
  expect(ended.stderr).not.toContain('error');
  // Nothing is new since the same was found, but what was denied is still unknown.
  const expected = isGate
    ? gateEnding(line)
    : line.includes('--only new')
      ? 3
      : (endings[line.split(' ')[1] ?? ''] ?? 0);
  expect(ended.code).toBe(expected);
});
