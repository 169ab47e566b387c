import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byCodeUnit } from '../../src/model/value.ts';
import { reporters } from '../../src/reporters/index.ts';
import { installProgram, type Program } from './program.ts';

const sample = 'reports/sample';

let program: Program;

beforeAll(async () => {
  program = await installProgram();
});

afterAll(() => program.remove());

/** Each format with the ending of its files; what the demo prints is one of them. */
async function endings(): Promise<readonly (readonly [format: string, file: string])[]> {
  const loaded = await Promise.all(Object.values(reporters).map((load) => load()));
  return loaded.map(({ reporter }) => [reporter.name, `demo${reporter.extension}`]);
}

// RECORD=1 writes the samples anew, when they are meant to change.
test('the sample reports are what the demo prints and writes', async () => {
  const room = await program.room();
  const files = await endings();
  const reports = files.flatMap(([format, file]) => ['--report', `${format}:${file}`]);
  const { code, stdout } = await program.run(['demo', '--quiet', ...reports], { cwd: room });
  expect(code).toBe(0);
  for (const [format, file] of files) {
    const text = readFileSync(join(room, file), 'utf8');
    if (process.env.RECORD === '1') writeFileSync(join(sample, file), text);
    expect(text).toBe(readFileSync(join(sample, file), 'utf8'));
    if (format === 'terminal') expect(stdout).toBe(text);
  }
  expect(readdirSync(sample).sort(byCodeUnit)).toEqual(files.map(([, file]) => file).sort(byCodeUnit));
});
