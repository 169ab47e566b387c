import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/model/snapshot.ts';
import { reporters } from '../../src/reporters/index.ts';
import { demoAccount } from '../../src/simulator/demo.ts';
import { mixedAccount } from '../fixtures/acme-account.ts';
import { audit, shippedQuestion } from './audited.ts';
import { installProgram, type Program } from './program.ts';

let program: Program;
let recorded: string;
let here: Readonly<Record<string, string>>;
beforeAll(async () => {
  program = await installProgram();
  recorded = join(await program.room(), 'run');
  const { code, stderr } = await program.run(['demo', '--out', recorded]);
  if (code !== 0) throw new Error(stderr);
  here = await bytesOf(join(recorded, 'snapshot'), await program.room(), utc);
}, 120_000);
afterAll(() => program.remove());

const utc = { NO_COLOR: '1', TZ: 'UTC', LANG: 'C', LC_ALL: 'C' };
const formats = Object.keys(reporters).filter((format) => format !== 'terminal');
const files = ['assessment.json', 'results.ndjson'];

/** Everything that an audit of a recorded snapshot prints and writes. */
async function bytesOf(snapshot: string, cwd: string, env: Readonly<Record<string, string>>) {
  const out = join(cwd, 'out');
  const reports = formats.flatMap((format) => ['--report', `${format}:${join(cwd, format)}`]);
  const args = ['audit', '--from', snapshot, '--out', out, '--now', demoAccount.now, ...reports];
  const { code, stdout, stderr } = await program.run(args, { cwd, env });
  expect([code, stderr]).toEqual([1, '']);
  const found: Record<string, string> = { terminal: stdout };
  for (const format of formats) found[format] = await readFile(join(cwd, format), 'utf8');
  for (const file of files) found[file] = await readFile(join(out, file), 'utf8');
  for (const format of ['terminal', 'json'])
    found[`policy as ${format}`] = (await program.run(['policy', '--run', 'out', '-f', format], { cwd, env })).stdout;
  expect(found['policy as terminal']).toMatch(/ unproven, of 108 promises\n/);
  return found;
}

interface Place {
  readonly env: Readonly<Record<string, string>>;
  /** Moves the snapshot elsewhere, or rearranges it; the folder that is audited then. */
  readonly prepare?: (room: string) => Promise<string>;
}

async function copied(room: string, to: string): Promise<string> {
  const folder = join(room, to);
  await cp(join(recorded, 'snapshot'), folder, { recursive: true });
  return folder;
}

/** The manifest with every list and every object turned round. */
async function turnedRound(room: string): Promise<string> {
  const folder = await copied(room, 'turned');
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  const round = <T extends object>(object: T) => Object.fromEntries(Object.entries(object).reverse()) as T;
  const collections = [...manifest.collections].reverse().map((collection) => round(collection));
  const turned = round({ ...manifest, collections, regions: [...manifest.regions].reverse() });
  await writeFile(file, JSON.stringify(turned));
  return folder;
}

const places: readonly (readonly [string, Place])[] = [
  ['in Kathmandu, in Turkish', { env: { ...utc, TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } }],
  [
    'in Newfoundland, in Swedish',
    { env: { ...utc, TZ: 'America/St_Johns', LANG: 'sv_SE.UTF-8', LC_ALL: 'sv_SE.UTF-8' } },
  ],
  ['in another folder', { env: utc, prepare: (room) => copied(room, 'än-other folder') }],
  ['with its manifest turned round', { env: utc, prepare: turnedRound }],
  ['in a wide terminal', { env: { ...utc, COLUMNS: '240', TERM: 'xterm-256color' } }],
];

describe('a recorded snapshot', () => {
  it.each(places)('gives the same bytes %s', { timeout: 120_000 }, async (_, { env, prepare }) => {
    const room = await program.room();
    const folder = prepare === undefined ? join(recorded, 'snapshot') : await prepare(room);
    expect(await bytesOf(folder, room, env)).toEqual(here);
  });

  it('is judged as it was when it was collected', async () => {
    for (const file of files) expect(here[file]).toBe(await readFile(join(recorded, file), 'utf8'));
  });
});

describe('an account that has not changed', () => {
  it('gives the same content digest and the same assessment when it is collected again', {
    timeout: 60_000,
  }, async () => {
    const again = join(await program.room(), 'again');
    await program.run(['demo', '--out', again], { env: { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' } });
    for (const file of files)
      expect(await readFile(join(again, file), 'utf8')).toBe(await readFile(join(recorded, file), 'utf8'));
    const digest = async (folder: string) =>
      (JSON.parse(await readFile(join(folder, 'snapshot/manifest.json'), 'utf8')) as Manifest).contentDigest;
    expect(await digest(again)).toBe(await digest(recorded));
  });

  it('gives the same in pages of one, and answered slowly', { timeout: 120_000 }, async () => {
    const question = await shippedQuestion();
    const [whole, slow] = [
      await audit(question, mixedAccount()),
      await audit(question, mixedAccount(), { pageSize: 1, latency: 5 }),
    ];
    expect(slow.results).toEqual(whole.results);
    expect(slow.assessment).toEqual(whole.assessment);
  });
});
