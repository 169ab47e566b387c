import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisoError } from '../errors.ts';
import { suggestion } from '../model/suggest.ts';
import { byCodeUnit, type JsonObject } from '../model/value.ts';
import { ruleSchema } from '../rule/schema.ts';
import { loadCatalogue } from './_catalogue.ts';
import type { Io } from './_command.ts';
import { shipped } from './_package.ts';

const ending = '.schema.json';

/** Lists the documents that have a schema, or prints one. The schema of a rule is made from the operators at hand. */
export async function printSchema(name: string | undefined, io: Io): Promise<number> {
  const names = (await readdir(shipped('schemas')))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort(byCodeUnit);
  if (name === undefined) {
    await io.write(`${names.join('\n')}\n`);
    return 0;
  }
  if (!names.includes(name)) {
    const hint = suggestion(name, names);
    throw new ProvisoError('usage', `there is no schema '${name}'`, hint === undefined ? {} : { hint });
  }
  const written = JSON.parse(await readFile(join(shipped('schemas'), `${name}${ending}`), 'utf8')) as JsonObject;
  const schema = name === 'rule' ? ruleSchema(await loadCatalogue()) : written;
  await io.write(`${JSON.stringify(schema, undefined, 2)}\n`);
  return 0;
}
