import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file only if that changes it, so that watchers and caches stay quiet. */
export async function writeIfChanged(file, text) {
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return true;
}
