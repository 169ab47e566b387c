import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoAccount } from '../../src/simulator/demo.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { installProgram, type Program } from '../scenarios/program.ts';
import { documentOf, files } from './documents.ts';
import { root } from './project-copy.ts';

const shown = files
  .filter((file) => file === 'README.md' || file.startsWith('docs/'))
  .flatMap((file) => documentOf(file).blocks.map((block) => ({ file, ...block })));
const blocks = shown.filter(({ language, text }) => language === 'sh' && text.startsWith('proviso '));
const outputs = shown.filter(({ language, title }) => language === 'text' && title.startsWith('gate '));

/** How a command may end that does what its page says. All others end with 0. */
const endings: Readonly<Record<string, readonly number[]>> = {
  audit: [0, 1, 3],
  doctor: [0, 3],
  gate: [0, 1, 3],
  snapshot: [0, 3],
};
/** What asks on a terminal is told here that nobody sits there. */
const unattended: Readonly<Record<string, string>> = { 'proviso init': 'proviso init --yes' };

let program: Program;
let simulator: Simulator;
let account: string;
beforeAll(async () => {
  program = await installProgram();
  simulator = await startSimulator(demoAccount);
  account = join(await program.room(), 'account');
  const { code, stderr } = await program.run(['demo', '--quiet', '--out', account]);
  if (code !== 0) throw new Error(stderr);
}, 120_000);
afterAll(async () => {
  await simulator.close();
  await program.remove();
});

/** A folder with all that the pages' commands are given. */
async function furnish(): Promise<string> {
  const room = await program.room();
  await cp(join(root, 'test/docs/shown'), room, { recursive: true });
  await cp(join(root, 'test/fixtures/templates/cdk.out'), join(room, 'cdk.out'), { recursive: true });
  const recorded = [
    'account',
    'before',
    'reports/111122223333-20261123T020000Z',
    'reports/111122223333-20261124T020000Z',
  ];
  for (const name of recorded) await cp(account, join(room, name), { recursive: true });
  for (const { title, text } of shown.filter((block) => block.title.startsWith('my-'))) {
    await mkdir(join(room, dirname(title)), { recursive: true });
    await writeFile(join(room, title), text);
  }
  await writeFile(
    join(room, 'aws-config'),
    '[profile prod]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n',
  );
  return room;
}

const environment = (room: string) => ({
  AWS_ENDPOINT_URL: simulator.url,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_REGION: 'eu-west-1',
  AWS_CONFIG_FILE: join(room, 'aws-config'),
});

test.each(blocks)('the commands of $file, line $line, do what they say', { timeout: 120_000 }, async ({ text }) => {
  const room = await furnish();
  // Who has run `init` has a policy of one's own.
  if (!text.startsWith('proviso init')) await cp(join(root, 'policies.yaml'), join(room, 'policies.yaml'));
  const failed: unknown[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const { code, stderr } = await program.shell(unattended[line] ?? line, { cwd: room, env: environment(room) });
    const [, command = ''] = line.split(' ');
    // The simulated account lets nobody assume a role.
    const allowed = line.includes(' --role-arn ') ? [4] : (endings[command] ?? [0]);
    if (!allowed.includes(code ?? -1)) failed.push([line, code, stderr]);
  }
  expect(failed).toEqual([]);
});

test('a plan comes from a file or a pipe, as docs/terraform-plan.md has it', { timeout: 60_000 }, async () => {
  const room = await furnish();
  const rest = '--source . --live account --now 2026-11-24T17:30:00Z';
  const run = async (line: string) => (await program.shell(line, { cwd: room })).stdout.replaceAll(/\s+/g, ' ');
  const [piped, substituted, read] = [
    await run(`cat plan.json | proviso gate /dev/stdin ${rest}`),
    await run(`proviso gate <(cat plan.json) ${rest}`),
    await run(`proviso gate plan.json ${rest}`),
  ];
  expect(read).toContain('main.tf:22');
  expect(piped.replaceAll(/\S*\/dev\/stdin/g, 'plan.json')).toBe(read);
  expect(substituted.replaceAll(/\S*\/dev\/fd\/\d+/g, 'plan.json')).toBe(read);
});

describe('what a page shows', () => {
  test('is about something', () => {
    expect(blocks.length).toBeGreaterThan(8);
    expect(outputs.map(({ file }) => file)).toContain('docs/gate.md');
  });

  test.each(outputs)('is what the program prints: $title', { timeout: 60_000 }, async ({ title, text }) => {
    const room = await furnish();
    const places = [
      { TZ: 'UTC', LC_ALL: 'C.UTF-8' },
      { TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8' },
    ];
    for (const env of places) expect((await program.shell(`proviso ${title}`, { cwd: room, env })).stdout).toBe(text);
  });
});
