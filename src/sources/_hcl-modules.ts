import { isAbsolute, join } from 'node:path';
import type { Json } from '../model/value.ts';
import { type Definitions, type FolderReader, openFolders } from './_hcl-folder.ts';
import { own, ownList, ownText } from './_terraform-values.ts';

const deepest = 20;
const mostModules = 2000;

/** What a configuration's modules define, by the module's address without keys: empty for the root, `module.a.module.b`. */
export type Modules = ReadonlyMap<string, Definitions>;

/** A module that is to be read. */
interface Call {
  readonly address: string;
  /** The names of the calls that lead to it, with dots. */
  readonly key: string;
  readonly folder: string;
  readonly depth: number;
  /** The module in the plan's configuration, where there is one. */
  readonly config: Json | undefined;
}

/**
 * Reads the files of a configuration and of its modules: those beside it, and those that `terraform init` has fetched.
 *
 * @param folder absolute path of the root module
 * @param config the plan's `configuration.root_module`; without one, the files tell where modules are
 * @param base the folder in which the run was started
 */
export async function readModules(folder: string, config: Json | undefined, base: string): Promise<Modules> {
  const folders = await openFolders(folder, base);
  const fetched = await readFetched(folder, folders);
  const modules = new Map<string, Definitions>();
  const calls: Call[] = [{ address: '', key: '', folder, depth: 0, config }];
  for (const call of calls) {
    const definitions = await folders.read(call.folder);
    modules.set(call.address, definitions);
    if (call.depth < deepest)
      calls.push(...callsOf(call, definitions, fetched).slice(0, Math.max(0, mostModules - calls.length)));
  }
  return modules;
}

function callsOf(call: Call, definitions: Definitions, fetched: ReadonlyMap<string, string>): readonly Call[] {
  const planned = own(call.config, 'module_calls');
  const names = [...definitions.keys()].flatMap((name) => (name.startsWith('module.') ? [name.slice(7)] : []));
  return names.flatMap((name): Call[] => {
    const config = own(planned, name);
    const written = definitions.get(`module.${name}`)?.[0].block?.attributes.get('source')?.value;
    const source = ownText(config, 'source') ?? written;
    const key = call.key === '' ? name : `${call.key}.${name}`;
    const folder = source !== undefined && isLocal(source) ? join(call.folder, source) : fetched.get(key);
    if (folder === undefined) return [];
    const address = call.address === '' ? `module.${name}` : `${call.address}.module.${name}`;
    return [{ address, key, folder, depth: call.depth + 1, config: own(config, 'module') }];
  });
}

const isLocal = (source: string) => /^\.\.?(?:\/|$)/.test(source);

/** Where `terraform init` has put the modules, by their keys. */
async function readFetched(root: string, folders: FolderReader): Promise<ReadonlyMap<string, string>> {
  const text = await folders.text(join(root, '.terraform', 'modules', 'modules.json'));
  const fetched = new Map<string, string>();
  for (const module of ownList(text === undefined ? undefined : parse(text), 'Modules')) {
    const [key, folder] = [ownText(module, 'Key'), ownText(module, 'Dir')];
    if (key !== undefined && folder !== undefined) fetched.set(key, isAbsolute(folder) ? folder : join(root, folder));
  }
  return fetched;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

export function parentOf(module: string): string {
  return module.split('.').slice(0, -2).join('.');
}

/** The definition of something in a module; undefined where it, or the module's files, are not at hand. */
export function definitionOf(module: string, name: string, modules: Modules): ReturnType<Definitions['get']> {
  return modules.get(module)?.get(name);
}

/** Whether a module's files are those that its calls name: no other file may say something else of a call. */
export function isCertain(module: string, modules: Modules): boolean {
  if (module === '') return true;
  const call = definitionOf(parentOf(module), module.split('.').slice(-2).join('.'), modules);
  return call?.length === 1 && call[0].isDoubtful === undefined && isCertain(parentOf(module), modules);
}
