// What the benchmark uses of the program's inside; bundled for it as the program itself is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assess, selectRules } from '../../src/assess.ts';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { readPolicy } from '../../src/commands/_policy.ts';
import { loadRules } from '../../src/commands/_rules.ts';
import { parseInstant } from '../../src/model/instant.ts';
import { lineBlocks } from '../../src/model/lines.ts';
import { openSnapshot } from '../../src/model/snapshot-reader.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { openTerraformPlan } from '../../src/sources/terraform-plan.ts';

export { assess, lineBlocks, openSnapshot, openSnapshotWriter, startSimulator };

/** The rules and the policy that the program comes with, and what they are judged with. */
export async function loadShipped(root: string) {
  const all = await loadRules([join(root, 'rules')], root);
  const policy = await readPolicy(join(root, 'policies.yaml'), all, root);
  return { policy, rules: selectRules(policy, all), catalogue: await loadCatalogue() };
}

const milliseconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;

/** What it takes to read a plan, and to parse the same text as one value, in this order in one process. */
export async function readPlan(path: string) {
  const catalogue = await loadCatalogue();
  const start = performance.now();
  const before = process.cpuUsage();
  const { changes } = await openTerraformPlan(path, { ...catalogue, now: 0 });
  const cpu = milliseconds(process.cpuUsage(before));
  const wall = performance.now() - start;
  const text = await readFile(path, 'utf8');
  const parsing = process.cpuUsage();
  JSON.parse(text);
  return { changes: changes.length, wall, cpu, parseCpu: milliseconds(process.cpuUsage(parsing)) };
}

export function instant(text: string): number {
  const found = parseInstant(text);
  if (found === undefined) throw new Error(`${text} is not an instant`);
  return found;
}

/** Reads a whole file of one JSON text a line, block by block as the program does, and parses each line alone. */
export async function parseLines(chunks: AsyncIterable<Buffer>): Promise<number> {
  let lines = 0;
  for await (const block of lineBlocks(chunks)) {
    let start = 0;
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10, start)) {
      JSON.parse(block.toString('utf8', start, end));
      lines += 1;
      start = end + 1;
    }
  }
  return lines;
}
