import { createHash } from 'node:crypto';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../docs/project-copy.ts';
import { installProgram } from '../scenarios/program.ts';
import { runProcess } from './runner.ts';

/** The program as a package, as `npm pack` makes one, and where its parts lie. */
export async function makePackage() {
  const program = await installProgram();
  const folder = join(program.folder, 'package');
  await mkdir(folder);
  for (const part of ['dist', 'rules', 'schemas', 'policies.yaml', 'package.json'])
    await cp(join(program.folder, part), join(folder, part), { recursive: true });
  await cp(join(root, 'templates'), join(folder, 'templates'), { recursive: true });
  const file = join(program.folder, 'proviso.tgz');
  const args = ['-czf', file, '-C', program.folder, 'package'];
  const packed = await runProcess('tar', args, program.folder, { PATH: process.env.PATH });
  if (packed.code !== 0) throw new Error(packed.stderr);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return { file, sha256, folder, room: program.room, remove: program.remove };
}
