import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMeasured } from './measured.mjs';
import { median, round } from './numbers.mjs';

const goals = { help: 1.3, check: 1.6 };

/** Starts of the program against starts of a program that does nothing: fresh processes, in turns. */
export async function measureStartUp({ root, folder, rounds }) {
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, '');
  const cli = join(root, 'dist/cli.js');
  const rule = join(root, 'rules/network/sg-no-public-ssh.yaml');
  const programs = { empty: [empty], help: [cli, '--help'], check: [cli, 'rules', 'check', rule] };
  const cpu = { empty: [], help: [], check: [] };
  const wall = { empty: [], help: [], check: [] };
  for (let turn = 0; turn <= rounds; turn += 1) {
    for (const [name, args] of Object.entries(programs)) {
      const used = await runMeasured(args);
      // The first turn brings the files into the system's cache.
      if (turn === 0) continue;
      cpu[name].push(used.cpu);
      wall[name].push(used.wall);
    }
  }
  const row = (name, goal) => ({
    cpuMs: round(median(cpu[name])),
    wallMs: round(median(wall[name])),
    ratio: round(median(cpu[name]) / median(cpu.empty), 2),
    ...(goal === undefined ? {} : { goal }),
  });
  return { rounds, empty: row('empty'), help: row('help', goals.help), check: row('check', goals.check) };
}
