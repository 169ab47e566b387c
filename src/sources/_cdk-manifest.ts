import { dirname, join } from 'node:path';
import { JsonTextError, parseJsonBytes } from '../model/json-text.ts';
import type { Declared } from '../model/resource-type.ts';
import { byCodeUnit, isObject, type Json, unknown } from '../model/value.ts';
import { inputError } from './_input.ts';
import type { TemplateFolder } from './_template-disk.ts';
import { listOf, ownMember, textMember } from './_template-scope.ts';

const maxManifestBytes = 50_000_000;
const deepest = 5;

/** A stack as the output of the CDK names it. */
export interface CdkStack {
  /** Unique in the output: the artifact's id, behind the folders of nested assemblies. */
  readonly id: string;
  readonly name: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** The manifest, and the template's name beside it. */
  readonly manifest: string;
  readonly template: string;
  readonly parameters: ReadonlyMap<string, Declared>;
  /** Undefined where the manifest has none, or they are not texts. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Logical id → path of its construct. */
  readonly constructs: ReadonlyMap<string, string>;
}

/** What the manifests of an output say. */
export interface CdkOutput {
  /** Sorted by id. */
  readonly stacks: readonly CdkStack[];
  /** What the app still has to look up, and errors that it reports, each in one line. */
  readonly missing: readonly string[];
  readonly errors: readonly string[];
  /** Artifacts with a template that are of a type that is not known. */
  readonly unread: readonly string[];
}

interface Reading {
  readonly files: TemplateFolder;
  readonly stacks: CdkStack[];
  readonly missing: string[];
  readonly errors: string[];
  readonly unread: string[];
}

/**
 * Reads the manifest of a CDK output folder, and those of the assemblies nested in it.
 *
 * @param folder as the user names it
 * @throws ProvisoError 'input' when it is no such folder
 */
export async function readManifests(folder: string, files: TemplateFolder): Promise<CdkOutput> {
  const reading: Reading = { files, stacks: [], missing: [], errors: [], unread: [] };
  await readManifest(join(folder, 'manifest.json'), '', 0, reading);
  const { stacks, missing, errors, unread } = reading;
  return { stacks: stacks.sort((a, b) => byCodeUnit(a.id, b.id)), missing, errors, unread };
}

async function readJson(from: string, name: string, { files }: Reading): Promise<Json | undefined> {
  const found = await files.bytes(from, name, maxManifestBytes);
  if (found === undefined) return undefined;
  try {
    return parseJsonBytes(found.bytes);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw inputError(found.path, `it cannot be read: ${error.message}`, 'run: cdk synth', error);
  }
}

async function readManifest(path: string, prefix: string, depth: number, reading: Reading): Promise<void> {
  const manifest = await readJson(path, 'manifest.json', reading);
  const artifacts = ownMember(manifest, 'artifacts');
  if (!isObject(artifacts))
    throw inputError(path, 'this is no output of the CDK: it has no manifest.json with artifacts', 'run: cdk synth');
  const missing = listOf(ownMember(manifest, 'missing')).map((one) => textMember(one, 'key') ?? 'something');
  reading.missing.push(...missing);
  for (const [id, artifact] of Object.entries(artifacts)) {
    const properties = ownMember(artifact, 'properties');
    const folder = textMember(properties, 'directoryName');
    const type = textMember(artifact, 'type');
    if (type === 'aws:cloudformation:stack') await readStack(id, artifact, path, prefix, reading);
    else if (ownMember(properties, 'templateFile') !== undefined) reading.unread.push(prefix + id);
    if (type !== 'cdk:cloud-assembly' || folder === undefined) continue;
    if (depth >= deepest) throw inputError(path, `assemblies are nested more than ${deepest} deep`);
    await readManifest(join(dirname(path), folder, 'manifest.json'), `${prefix}${id}/`, depth + 1, reading);
  }
}

/** `aws://111122223333/eu-west-1`, or `unknown-account` and `unknown-region` in the places of these. */
function environmentOf(artifact: Json | undefined): Pick<CdkStack, 'account' | 'region'> {
  const [, account = '', region = ''] =
    /^aws:\/\/([^/]*)\/([^/]*)$/.exec(textMember(artifact, 'environment') ?? '') ?? [];
  return {
    account: /^[0-9]{12}$/.test(account) ? account : undefined,
    region: /^[a-z]+(?:-[a-z0-9]+){2,4}$/.test(region) ? region : undefined,
  };
}

/** A value that the CDK fills in at deployment overrules the template's default all the same. */
function parameterOf(name: string, value: Json | undefined): Declared {
  if (typeof value === 'string' && !value.includes('${')) return value;
  return unknown('known-after-apply', `parameter ${name.slice(0, 100)} gets its value from the CDK at deployment`);
}

async function readStack(
  id: string,
  artifact: Json | undefined,
  path: string,
  prefix: string,
  reading: Reading,
): Promise<void> {
  const properties = ownMember(artifact, 'properties');
  const template = textMember(properties, 'templateFile');
  if (template === undefined)
    throw inputError(path, `the stack ${JSON.stringify(id.slice(0, 100))} has no templateFile`);
  const further = textMember(artifact, 'additionalMetadataFile');
  const metadata = [
    ownMember(artifact, 'metadata'),
    further === undefined ? undefined : await readJson(path, further, reading),
  ];
  const constructs = new Map<string, string>();
  for (const [construct, entries] of metadata.flatMap((part) => (isObject(part) ? Object.entries(part) : [])))
    for (const entry of listOf(entries)) {
      const data = textMember(entry, 'data');
      const type = textMember(entry, 'type');
      if (type === 'aws:cdk:logicalId' && data !== undefined) constructs.set(data, construct.replace(/^\//, ''));
      if (type === 'aws:cdk:error') reading.errors.push(`${construct.slice(0, 200)}: ${(data ?? '').slice(0, 300)}`);
    }
  const parameters = Object.entries(objectOf(ownMember(properties, 'parameters')));
  reading.stacks.push({
    id: prefix + id,
    name: textMember(properties, 'stackName') ?? id,
    ...environmentOf(artifact),
    manifest: path,
    template,
    parameters: new Map(parameters.map(([name, value]) => [name, parameterOf(name, value)])),
    tags: textsOf(ownMember(properties, 'tags')),
    constructs,
  });
}

function textsOf(node: Json | undefined): Readonly<Record<string, string>> | undefined {
  if (!isObject(node)) return undefined;
  const entries = Object.entries(node).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []));
  return entries.length === Object.keys(node).length ? Object.fromEntries(entries) : undefined;
}

function objectOf(node: Json | undefined) {
  return isObject(node) ? node : {};
}
