import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit, type Keys, outcomesOf, runProgram } from './audit.ts';
import { checkCredentials, emulator, seed } from './emulator.ts';

const python = process.env.PROVISO_TEST_PYTHON ?? '';
const home = ['--region', 'eu-west-1'];

/** Runs one of the scripts beside this file, or a program of their environment. */
async function run(command: string, args: readonly string[], input = '') {
  const child = spawn(command, args, { env: { PATH: process.env.PATH } });
  child.stdin.end(input);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, output, errors };
}

async function script(name: string, args: readonly string[], input = ''): Promise<unknown> {
  const { code, output, errors } = await run(python, ['-B', join(import.meta.dirname, name), emulator, ...args], input);
  if (code !== 0) throw new Error(`${name} failed:\n${errors}`);
  return JSON.parse(output);
}

let folder = '';
let printed = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-permissions-'));
  printed = (await runProgram(['permissions'])).stdout;
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function actionsOf(document: string): readonly string[] {
  const { Statement } = JSON.parse(document) as {
    readonly Statement: readonly { readonly Action: readonly string[] }[];
  };
  return Statement.flatMap(({ Action }) => Action);
}

describe('the permissions that are printed', () => {
  test('are actions that IAM has', async () => {
    expect(actionsOf(printed).length).toBeGreaterThan(10);
    expect(await script('unknown_actions.py', [...actionsOf(printed), 's3:ListBuckets'])).toEqual(['s3:ListBuckets']);
  });

  test('are enough: who has no others sees what is seen by who may do everything', async () => {
    (await seed()).stop();
    const whole = await audit(emulator, home);
    // The emulator knows this action by the name of its call.
    const policy = printed.replace('s3:GetAccountPublicAccessBlock', 's3:GetPublicAccessBlock');
    const keys = (await script('permitted.py', ['permitted'], policy)) as Keys;
    await checkCredentials();
    try {
      const permitted = await audit(emulator, home, keys);
      expect(permitted.report.refused.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
      // The user who asks is one more.
      const outcomes = [...outcomesOf(permitted)].filter(([key]) => !key.endsWith(' permitted'));
      expect(outcomes).toEqual([...outcomesOf(whole)]);
    } finally {
      await checkCredentials(false);
    }
  });

  test('make a template without mistakes', async () => {
    const { stdout } = await runProgram(['permissions', '--format', 'cloudformation']);
    await writeFile(join(folder, 'role.yaml'), stdout);
    const { code, output } = await run(join(dirname(python), 'cfn-lint'), [
      '--include-checks',
      'I',
      '--',
      join(folder, 'role.yaml'),
    ]);
    expect([code, output]).toEqual([0, '']);
  });
});
