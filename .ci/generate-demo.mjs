// Turns the demo account, which people write in YAML, into JSON that a bundle can hold. `!text` marks text that AWS sends
// as bytes.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { writeIfChanged } from './write-if-changed.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../src/simulator');

const text = { tag: '!text', resolve: (value) => Buffer.from(value, 'utf8').toString('base64') };

export async function generate() {
  const account = parse(await readFile(join(folder, 'demo-account.yaml'), 'utf8'), { customTags: [text] });
  await writeIfChanged(join(folder, 'demo-account.generated.json'), `${JSON.stringify(account)}\n`);
}
