import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const preload = fileURLToPath(new URL('./cpu.cjs', import.meta.url));

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

/**
 * Runs a program of Node's in a fresh process.
 *
 * @param {readonly string[]} args script and arguments
 * @param {readonly number[]} codes exit codes that are no failure
 * @returns {Promise<{ wall: number, cpu: number, rss: number, stdout: string }>} milliseconds of wall and of all the
 *   process's threads, and the peak of its memory in MB
 */
export async function runMeasured(args, { codes = [0], env = process.env, cwd } = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, ['--require', preload, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env,
    cwd,
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const [stdout, stderr, used, code] = await Promise.all([...child.stdio.slice(1).map(textOf), ended]);
  const wall = performance.now() - started;
  if (!codes.includes(code)) throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}`);
  return { wall, ...JSON.parse(used), stdout };
}
