import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { outlineHclJson } from './_hcl-json.ts';
import { type HclBlock, type HclBody, outlineHcl } from './_hcl-outline.ts';
import { readInput } from './_input.ts';

const mostEntries = 20_000;
const mostFiles = 5000;
const largestFile = 2_000_000;
const mostBytes = 20_000_000;

/** Where something is defined: a block, or an attribute of `locals`. */
export interface Definition {
  /** From the folder in which the run was started, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly block: HclBlock | undefined;
  /** What a local value names. */
  readonly references?: readonly string[];
  /** Set where not all files of the folder could be read: another one may override it. */
  readonly isDoubtful?: true;
}

/**
 * Everything that the files of one folder define, by name: `resource.aws_s3_bucket.logs`, `local.cidrs`, `module.web`. Its
 * definition comes first, and after it what overrides parts of it, the last word last.
 */
export type Definitions = ReadonlyMap<string, readonly [Definition, ...Definition[]]>;

/** Reads configurations and no more than a limit of them. What cannot be read is as if it were not there. */
export interface FolderReader {
  /** @param folder an absolute path */
  read(folder: string): Promise<Definitions>;
  text(file: string): Promise<string | undefined>;
}

/**
 * @param root absolute path of a folder. Other files of the repository in which it lies may be read too, and none outside,
 *   wherever links lead
 * @param base the folder in which the run was started
 */
export async function openFolders(root: string, base: string): Promise<FolderReader> {
  const border = await borderOf(root);
  const left = { files: mostFiles, bytes: mostBytes };
  const known = new Map<string, Definitions>();

  const text = async (file: string): Promise<string | undefined> => {
    try {
      const found = await stat(file);
      if (!found.isFile() || found.size > Math.min(largestFile, left.bytes) || left.files === 0) return undefined;
      if (border === undefined || !isInside(await realpath(file), border)) return undefined;
      left.files -= 1;
      left.bytes -= found.size;
      return (await readInput(file, largestFile)).toString('utf8');
    } catch {
      return undefined;
    }
  };

  const readAll = async (folder: string): Promise<Definitions> => {
    const found: Found = new Map();
    let isWhole = true;
    for (const name of await configurationsOf(folder)) {
      const path = join(folder, name);
      const content = await text(path);
      if (content === undefined) {
        isWhole = false;
        continue;
      }
      const body = name.endsWith('.json') ? outlineHclJson(content) : outlineHcl(content);
      collect(body, relative(base, path).split(sep).join('/'), isOverride(name) ? 'parts' : 'whole', found);
    }
    return settle(found, isWhole);
  };

  return {
    text,
    async read(folder) {
      const definitions = known.get(folder) ?? (await readAll(folder));
      known.set(folder, definitions);
      return definitions;
    },
  };
}

/** The folder of the repository in which a folder lies, or itself; undefined when it is not there. */
async function borderOf(root: string): Promise<string | undefined> {
  const real = await realpath(root).catch(() => undefined);
  for (let folder = real; folder !== undefined && folder !== dirname(folder); folder = dirname(folder)) {
    const isRepository = await lstat(join(folder, '.git')).then(
      () => true,
      () => false,
    );
    if (isRepository) return folder;
  }
  return real;
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

const overrideForm = /(?:^|_)override\.(?:tf|tofu)(?:\.json)?$/;
const isOverride = (name: string) => overrideForm.test(name);

/** The names of a folder's files that Terraform or OpenTofu would read, in the order in which they do. */
async function configurationsOf(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    let entries = 0;
    for await (const { name } of await opendir(folder)) {
      entries += 1;
      if (entries > mostEntries) return [];
      if (/\.(?:tf|tofu)(?:\.json)?$/.test(name) && !/^[.#]/.test(name)) names.push(name);
    }
  } catch {
    return [];
  }
  return names.sort((a, b) => Number(isOverride(a)) - Number(isOverride(b)) || (a < b ? -1 : 1));
}

/** Definitions by name: whole ones, and those of files that override parts of others. */
type Found = Map<string, Record<'whole' | 'parts', Definition[]>>;

const named: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['module', 1],
  ['variable', 1],
  ['output', 1],
]);

function collect({ blocks }: HclBody, file: string, kind: 'whole' | 'parts', found: Found): void {
  const add = (name: string, line: number, block?: HclBlock, references: readonly string[] = []) => {
    const all = found.get(name) ?? { whole: [], parts: [] };
    all[kind].push({ file, line, block, references });
    found.set(name, all);
  };
  for (const block of blocks) {
    const { type, labels, line, attributes } = block;
    if (named.get(type) === labels.length) add([type, ...labels].join('.'), line, block);
    if (type === 'provider' && labels.length === 1)
      add([type, ...labels, attributes.get('alias')?.value].filter(Boolean).join('.'), line, block);
    if (type === 'locals')
      for (const [name, { line: own, references }] of attributes) add(`local.${name}`, own, undefined, references);
    const from = type === 'removed' ? attributes.get('from')?.value : undefined;
    if (from !== undefined) add(`removed.${from}`, line, block);
  }
}

/** What is defined twice is left out: nobody can tell which definition the plan was made from. */
function settle(found: Found, isWhole: boolean): Definitions {
  const settled = new Map<string, readonly [Definition, ...Definition[]]>();
  for (const [name, { whole, parts }] of found) {
    const [only, ...others] = whole;
    if (only === undefined || others.length > 0) continue;
    settled.set(name, [isWhole ? only : { ...only, isDoubtful: true }, ...parts]);
  }
  return settled;
}
