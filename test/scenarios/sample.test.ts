import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installProgram, type Program } from './program.ts';

const sample = 'reports/sample';

let program: Program;

beforeAll(async () => {
  program = await installProgram();
});

afterAll(() => program.remove());

// RECORD=1 writes the samples anew, when they are meant to change.
test('the sample reports are what the demo prints and writes', async () => {
  const room = await program.room();
  const { code, stdout } = await program.run(['demo', '--report', 'demo.json', '--quiet'], { cwd: room });
  const made = { 'demo.txt': stdout, 'demo.json': readFileSync(join(room, 'demo.json'), 'utf8') };
  expect(code).toBe(0);
  for (const [name, text] of Object.entries(made)) {
    if (process.env.RECORD === '1') writeFileSync(join(sample, name), text);
    expect(text).toBe(readFileSync(join(sample, name), 'utf8'));
  }
});
