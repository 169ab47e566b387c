import { ProvisoError } from '../errors.ts';
import type { Declared } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown } from '../model/value.ts';
import type { Destination } from './_declared.ts';
import { inputError } from './_input.ts';
import { checkCycles } from './_template-cycles.ts';
import type { TemplateFolder } from './_template-disk.ts';
import { type HiddenPart, hiddenBehind, rewritingOf } from './_template-hidden.ts';
import { unrollLoops } from './_template-loops.ts';
import {
  later,
  ownMember,
  type TemplateContext,
  type TemplateWorld,
  textMember,
  unsureText,
} from './_template-scope.ts';
import type { TemplateText } from './_template-text.ts';
import { type Evaluator, evaluateTemplate } from './_template-values.ts';

const deepest = 10;
export const stackType = 'AWS::CloudFormation::Stack';

/** A template that has been read, as a stack of it would be. */
export interface TemplateStack {
  readonly text: TemplateText;
  readonly evaluator: Evaluator;
  readonly resources: JsonObject;
  /** Logical id of a resource that a loop made → the loop's key. */
  readonly origins: ReadonlyMap<string, string>;
  /** Stacks inside, by logical id. */
  readonly nested: ReadonlyMap<string, TemplateStack>;
  readonly hidden: readonly HiddenPart[];
  /** Set when a macro may have rewritten everything: why nothing can be told. */
  readonly touched?: Unknown;
}

/** What a stack is opened with. */
export interface StackSetting {
  readonly world: TemplateWorld;
  readonly destination: Destination;
  readonly stack?: string;
  readonly prefix: string;
  readonly parameters: TemplateContext['parameters'];
  /** Where nested templates lie; undefined where only the bytes of this one are given. */
  readonly folder: TemplateFolder | undefined;
}

/**
 * Opens a template and those nested in it.
 *
 * @param path the file's path, from which nested templates are found
 * @throws ProvisoError 'input', or ProvisoErrors with the places of the mistakes
 */
export async function openStack(text: TemplateText, path: string, setting: StackSetting): Promise<TemplateStack> {
  const stack = await open(text, path, setting, 0);
  forget(stack);
  return stack;
}

/** What was worked out before all nested templates were there may be known better now. */
function forget({ evaluator: { scope }, nested }: TemplateStack): void {
  for (const memory of [scope.known, scope.refs, scope.met]) memory.clear();
  for (const inner of nested.values()) forget(inner);
}

/** @throws ProvisoError 'input' for what is no template */
export function sectionsOf(text: TemplateText, path: string): JsonObject {
  const { root } = text;
  if (!isObject(root) || !isObject(ownMember(root, 'Resources')))
    throw inputError(path, 'this is no template of CloudFormation: it has no Resources');
  return root;
}

async function open(text: TemplateText, path: string, setting: StackSetting, depth: number): Promise<TemplateStack> {
  const root = sectionsOf(text, path);
  const { folder, ...context } = setting;
  const { template, origins } = JSON.stringify(root).includes('"Fn::ForEach::')
    ? unrollLoops(root, evaluateTemplate({ ...context, template: root }).valueOf)
    : { template: root, origins: new Map<string, string>() };
  const evaluator = evaluateTemplate({ ...context, template });
  const written = ownMember(template, 'Resources');
  const resources = isObject(written) ? written : {};
  const { parts, touched } = rewritingOf(template);
  const hidden: HiddenPart[] = [...parts];
  const nested = new Map<string, TemplateStack>();
  for (const [id, resource] of Object.entries(resources)) {
    const part = hiddenBehind(id, resource);
    if (part !== undefined) hidden.push(part);
    if (textMember(resource, 'Type') !== stackType || isLeftOut(resource, evaluator)) continue;
    const inner = await openNested({ text, path, setting, depth, evaluator }, id, resource);
    if (typeof inner === 'string') {
      const name = `the stack ${setting.prefix}${id}`;
      hidden.push({ name, detail: `what ${name} declares is not in the template: ${inner}` });
    } else {
      nested.set(id, inner);
      evaluator.scope.nested.set(id, inner.evaluator.scope);
    }
  }
  if (touched === undefined) checkCycles({ text, path, template, evaluator });
  return { text, evaluator, resources, origins, nested, hidden, ...(touched === undefined ? {} : { touched }) };
}

/** Whether a resource's condition is certainly not met. */
export function isLeftOut(resource: Json | undefined, evaluator: Evaluator): boolean {
  const condition = ownMember(resource, 'Condition');
  return typeof condition === 'string' && evaluator.isMet(condition) === false;
}

interface Outer {
  readonly text: TemplateText;
  readonly path: string;
  readonly setting: StackSetting;
  readonly depth: number;
  readonly evaluator: Evaluator;
}

/** @returns why the template cannot be read */
async function openNested(outer: Outer, id: string, resource: Json | undefined): Promise<TemplateStack | string> {
  const { text, path, setting, depth, evaluator } = outer;
  const properties = ownMember(resource, 'Properties');
  const asset = ownMember(ownMember(resource, 'Metadata'), 'aws:asset:path');
  const isAsset = typeof asset === 'string';
  const url = isAsset ? asset : evaluator.valueOf(ownMember(properties, 'TemplateURL'));
  if (typeof url !== 'string') return 'where its template lies is known only at deployment';
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return `its template lies at ${url.slice(0, 200)}; check that template too`;
  if (setting.folder === undefined) return 'its template is another file';
  if (depth >= deepest) return `stacks are nested more than ${deepest} deep`;
  const file = await setting.folder.read(path, url);
  if (file === undefined && isAsset) return `its template ${url.slice(0, 200)} is not there`;
  if (file === undefined)
    throw new ProvisoError(
      'input',
      `the template ${JSON.stringify(url.slice(0, 200))} of the stack ${id} is not there`,
      {
        where: { file: path, line: text.lineOf('Resources', id, 'Properties', 'TemplateURL') ?? 1, column: 1 },
      },
    );
  const { stack: _, ...shared } = setting;
  const given = ownMember(properties, 'Parameters');
  const parameters = new Map(
    Object.entries(isObject(given) ? given : {}).map(([name, value]) => [name, handedOver(name, value, evaluator)]),
  );
  const isOpen =
    given !== undefined && (!isObject(given) || Object.keys(given).some((name) => name.startsWith('Fn::')));
  const inner: StackSetting = {
    ...shared,
    prefix: `${setting.prefix}${id}/`,
    parameters: isOpen ? allOpen(file.text.root) : parameters,
  };
  return open(file.text, file.path, inner, depth + 1);
}

/** A parameter that the outer template gives, worked out there. */
function handedOver(name: string, node: Json | undefined, { scope }: Evaluator): () => Declared {
  return () => unsureText(node) ?? scope.evaluate(node) ?? later(`parameter ${name}`);
}

/** Parameters of a nested template of which nobody knows which are given. */
function allOpen(root: Json): TemplateContext['parameters'] {
  const declared = ownMember(root, 'Parameters');
  const names = isObject(declared) && !isUnknown(declared) ? Object.keys(declared) : [];
  return new Map(names.map((name) => [name, () => later(`parameter ${name}`)]));
}
