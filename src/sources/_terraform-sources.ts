import type { ChangedPart, ExpressionStep, Proposal, ProposedChange } from '../model/proposal.ts';
import type { DeclaredAt, Resource } from '../model/resource.ts';
import type { Json } from '../model/value.ts';
import type { Definition } from './_hcl-folder.ts';
import { definitionOf, isCertain, type Modules, parentOf, readModules } from './_hcl-modules.ts';
import type { HclBlock } from './_hcl-outline.ts';
import { isList, isPlain } from './_hcl-plain.ts';
import { isVariable } from './_hcl-provider.ts';
import { splitAddress } from './_terraform-references.ts';
import type { IsVariable } from './_terraform-settled.ts';
import { own } from './_terraform-values.ts';

/** A line of a file. */
export interface FilePlace {
  /** From the folder in which the run was started, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where the files of a Terraform configuration have what a plan speaks of. */
export interface TerraformSources {
  /**
   * Where a resource is written, or, if that is written there, one of its attributes or nested blocks. Of a module whose
   * files are not at hand it is the call; undefined where nothing is found.
   *
   * @param address `module.web[0].aws_security_group.front["x"]`
   * @param attribute `ingress`, `metadata_options.http_tokens`
   */
  placeOf(address: string, attribute?: string): FilePlace | undefined;
  /**
   * Where that gets its value which an expression names: `module.web.var.cidrs` in the call of the module.
   *
   * @param expression as a step of a trace has it, from the root module
   */
  placeOfExpression(expression: string): FilePlace | undefined;
  /**
   * What the value comes from that an expression names, for local values, arguments of modules and outputs; all as
   * steps of a trace have them.
   */
  sourcesOf(expression: string): readonly string[];
  /**
   * Whether an attribute is written as a list of plain references and nothing else, where it stands or as an argument that
   * modules hand on. False wherever that is not certain.
   *
   * @param address as of {@link placeOf}
   */
  isListOfReferences(address: string, attribute: string): boolean;
  /**
   * The one reference with a name as its key as which an attribute is written: `aws_vpc.a[each.key].id`. Undefined wherever
   * that is not certain.
   *
   * @param address as of {@link placeOf}
   */
  keyedReference(address: string, attribute: string): string | undefined;
  /**
   * Whether an attribute is written as one plain reference and nothing else, and so is all on its way through variables and
   * outputs. False wherever that is not certain.
   *
   * @param address as of {@link placeOf}
   */
  isReference(address: string, attribute: string): boolean;
  /** Whether an argument of a provider or a call is written as one variable and nothing else. */
  readonly isVariable: IsVariable;
}

/**
 * Reads the `.tf` files of a configuration, and nothing outside its repository. Files that are missing, odd or too large
 * give no places, and no errors.
 *
 * @param folder absolute path of the root module
 * @param configuration the plan's member of this name; without one, the files tell where modules are
 * @param base absolute path of the folder in which the run was started, to which the names of files refer
 */
export async function readTerraformSources(
  folder: string,
  configuration: Json | undefined,
  base: string,
): Promise<TerraformSources> {
  const modules = await readModules(folder, own(configuration, 'root_module'), base);
  return {
    placeOf: (address, attribute) => placeOf(parse(address), attribute, modules),
    placeOfExpression: (expression) => placeOfExpression(parse(expression), modules),
    sourcesOf: (expression) => sourcesOf(parse(expression), modules),
    isListOfReferences: (address, attribute) => isListOfReferences(parse(address), attribute, modules),
    keyedReference: (address, attribute) => keyedReference(parse(address), attribute, modules),
    isReference: (address, attribute) => isReference(parse(address), attribute, modules),
    isVariable: (argument, variable) => isVariable(argument, variable, modules),
  };
}

/** An address without its keys. */
interface Address {
  /** `module.web`, or empty for the root module. */
  readonly module: string;
  /** `['aws_security_group', 'front', 'ingress']` */
  readonly rest: readonly string[];
}

/** What an operator or a blank begins is no part of a name. */
const bare = (part: string) => /^[^[\s]*/.exec(part)?.[0] ?? '';

function parse(address: string): Address {
  const parts = splitAddress(address).map(bare);
  let end = 0;
  while (parts[end] === 'module' && parts[end + 1] !== undefined) end += 2;
  return { module: parts.slice(0, end).join('.'), rest: parts.slice(end) };
}

/** The call of a module; where the files that would have it are not at hand, the call of the module around it. */
function callOf(module: string, modules: Modules): readonly Definition[] | undefined {
  if (module === '') return undefined;
  const parent = parentOf(module);
  const definitions = modules.get(parent);
  if (definitions === undefined || definitions.size === 0) return callOf(parent, modules);
  return definitions.get(module.split('.').slice(-2).join('.'));
}

function placeOf({ module, rest }: Address, attribute: string | undefined, modules: Modules): FilePlace | undefined {
  const [type = '', name = ''] = rest;
  const definitions = definitionOf(module, `resource.${type}.${name}`, modules);
  if (definitions !== undefined) return placeIn(definitions, attribute === undefined ? [] : splitAddress(attribute));
  const removed =
    definitionOf(module, `removed.${type}.${name}`, modules) ??
    definitionOf('', `removed.${module}.${type}.${name}`, modules);
  if (removed !== undefined) return placeIn(removed, []);
  const isHere = (modules.get(module)?.size ?? 0) > 0;
  const call = isHere ? undefined : callOf(module, modules);
  return call && placeIn(call, []);
}

/** The place of a member, or of the innermost block around it that is written. What overrides it has the last word. */
function placeIn(definitions: readonly Definition[], path: readonly string[]): FilePlace | undefined {
  const [whole] = definitions;
  if (whole === undefined) return undefined;
  const names = path.map(bare);
  for (const { file, block } of definitions.toReversed()) {
    const line = block && lineIn(block, names);
    if (line !== undefined) return { file, line };
  }
  return { file: whole.file, line: whole.line };
}

/** @returns undefined when not even the first name is there */
function lineIn(block: HclBlock, [name, ...more]: readonly string[]): number | undefined {
  if (name === undefined) return undefined;
  const inner = block.blocks.find(({ type }) => type === name);
  if (inner === undefined) return block.attributes.get(name)?.line;
  return lineIn(inner, more) ?? inner.line;
}

function placeOfExpression({ module, rest }: Address, modules: Modules): FilePlace | undefined {
  const [head, name = '', ...path] = rest;
  if (head === undefined) {
    const call = callOf(module, modules);
    return call && placeIn(call, []);
  }
  const found = (kind: string, members: readonly string[] = []) => {
    const definitions = definitionOf(module, kind, modules);
    return definitions && placeIn(definitions, members);
  };
  if (head === 'var') return argumentOf(module, name, modules) ?? found(`variable.${name}`);
  if (head === 'local') return found(`local.${name}`);
  if (head === 'data') return found(`data.${name}.${path[0] ?? ''}`, path.slice(1));
  const resource = found(`resource.${head}.${name}`, path);
  if (resource !== undefined || module === '') return resource;
  return found(`output.${head}`, ['value']) ?? placeOfExpression({ module, rest: [] }, modules);
}

/** What a call gives to a variable of its module; undefined where it leaves the variable to its default. */
function argumentOf(module: string, name: string, modules: Modules): FilePlace | undefined {
  const definitions = callOf(module, modules) ?? [];
  const given = definitions.filter(({ block }) => block?.attributes.has(name));
  return given.length === 0 ? undefined : placeIn(given, [name]);
}

function sourcesOf({ module, rest }: Address, modules: Modules): readonly string[] {
  const [head = '', name = ''] = rest;
  const within = (scope: string, references: readonly string[] = []) =>
    references.map((reference) => (scope === '' ? reference : `${scope}.${reference}`));
  if (head === 'local') return within(module, definitionOf(module, `local.${name}`, modules)?.at(-1)?.references);
  if (head === 'var') {
    const call = module === '' ? undefined : callOf(module, modules)?.[0];
    return within(parentOf(module), call?.block?.attributes.get(name)?.references);
  }
  const output = module === '' ? undefined : definitionOf(module, `output.${head}`, modules)?.[0];
  return within(module, output?.block?.attributes.get('value')?.references);
}

function isListOfReferences({ module, rest }: Address, attribute: string, modules: Modules): boolean {
  const [type = '', name = '', ...more] = rest;
  if (more.length > 0 || !isCertain(module, modules)) return false;
  return isList(definitionOf(module, `resource.${type}.${name}`, modules), attribute, module, modules);
}

function isReference({ module, rest }: Address, attribute: string, modules: Modules): boolean {
  const [type = '', name = '', ...more] = rest;
  return more.length === 0 && isPlain({ module, name: `resource.${type}.${name}`, attribute }, modules);
}

function keyedReference({ module, rest }: Address, attribute: string, modules: Modules): string | undefined {
  const [type = '', name = '', ...more] = rest;
  if (more.length > 0 || !isCertain(module, modules)) return undefined;
  const definitions = definitionOf(module, `resource.${type}.${name}`, modules) ?? [];
  if (definitions[0]?.isDoubtful !== undefined) return undefined;
  const written = definitions.flatMap(({ block }) => block?.attributes.get(attribute) ?? []);
  const found = new Set(written.map((one) => one.keyedReference));
  return found.size === 1 ? [...found][0] : undefined;
}

/**
 * A proposal in which everything that is found has its file and line. What stands there already stays, and a part that
 * several resources share is still one.
 *
 * @param prefix what stands before the addresses of the plan's own
 */
export function locate(proposal: Proposal, sources: TerraformSources, prefix = ''): Proposal {
  const ownOf = (address: string) => (address.startsWith(prefix) ? address.slice(prefix.length) : address);
  const places = new Map<string, FilePlace | undefined>();
  const parts = new Map<ChangedPart, ChangedPart>();
  const given = new Map<ChangedPart, ChangedPart>();

  const placed = (declared: DeclaredAt): DeclaredAt => {
    const { address, file } = declared;
    if (file !== undefined) return declared;
    if (!places.has(address)) places.set(address, sources.placeOf(ownOf(address)));
    return { ...declared, ...places.get(address) };
  };
  const record = (resource: Resource): Resource =>
    resource.declared === undefined ? resource : { ...resource, declared: placed(resource.declared) };
  const partOf = (part: ChangedPart): ChangedPart => {
    const known = parts.get(part) ?? { ...part, declared: placed(part.declared) };
    parts.set(part, known);
    given.set(known, part);
    return known;
  };

  return {
    ...proposal,
    changes: proposal.changes.map((change): ProposedChange => {
      const { before, after, declared } = change;
      return {
        ...change,
        declared: placed(declared),
        ...(before === undefined ? {} : { before: record(before) }),
        ...(after === undefined ? {} : { after: record(after) }),
        parts: change.parts.map(partOf),
      };
    }),
    trace: (part, attribute) => placedTrace(proposal.trace(given.get(part) ?? part, attribute), sources),
    placeOf: (part, attribute) => sources.placeOf(ownOf(part.declared.address), attribute),
  };
}

const longestTrace = 24;

/** A plan has no expressions of local values: where a trace ends at one, the files tell how it goes on. */
function placedTrace(steps: readonly ExpressionStep[], sources: TerraformSources): readonly ExpressionStep[] {
  const known = new Set(steps.map(({ expression }) => expression));
  const placed: ExpressionStep[] = [];
  const add = (step: ExpressionStep, isOpen: boolean) => {
    placed.push(step.file === undefined ? { ...step, ...sources.placeOfExpression(step.expression) } : step);
    if (!isOpen && !/(?:^|\.)local\.[^.]+$/.test(step.expression)) return;
    for (const expression of sources.sourcesOf(step.expression)) {
      if (known.has(expression) || known.size >= longestTrace) continue;
      known.add(expression);
      add({ expression }, true);
    }
  };
  for (const step of steps) add(step, false);
  return placed;
}
