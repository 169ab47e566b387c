// Builds the package where it is installed from a clone. npm prepares one that is installed for the whole machine from a
// repository, as pre-commit does, without what it is built with (npm/cli#8440), so that this is fetched first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the npm that has started this, and ends with its exit code if it fails. */
function npm(...args) {
  const own = process.env.npm_execpath;
  const [command, first] = own === undefined ? ['npm', []] : [process.execPath, [own]];
  const { status } = spawnSync(command, [...first, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(new URL('../node_modules/esbuild/package.json', import.meta.url)))
  npm('ci', '--global=false', '--include=dev', '--ignore-scripts');
npm('run', '--silent', 'build');
