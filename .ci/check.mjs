// Runs every `check:…` script of package.json, all of them even if one fails, and says at the end which did.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const env = { ...process.env, PATH: join(root, 'node_modules/.bin') + delimiter + process.env.PATH };
const failed = [];

for (const [name, command] of Object.entries(scripts).filter(([key]) => key.startsWith('check:'))) {
  const start = performance.now();
  const { status, error } = spawnSync(command, { cwd: root, env, shell: true, stdio: 'inherit' });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'}  ${name}  ${seconds} s\n`);
  if (error !== undefined) process.stderr.write(`${name}: ${error.message}\n`);
  if (status !== 0) failed.push(name);
}

if (failed.length > 0) {
  process.stderr.write(`check: ${failed.join(', ')} failed\n`);
  process.exitCode = 1;
}
