import { isObject, type Json } from '../model/value.ts';
import { listOf, ownMember, textMember } from './_template-scope.ts';
import type { TemplateStack } from './_template-stack.ts';

/** A reference to what a template does not declare. */
export interface Dangling {
  /** The resource that has it. */
  readonly id: string;
  /** Below the resource. */
  readonly path: readonly string[];
  readonly what: string;
}

const extensions = 'AWS::LanguageExtensions';

/** Whether all that there will be is written out: macros, modules and loops declare more, under names of their own. */
function isWhole({ hidden, evaluator: { scope }, resources }: TemplateStack): boolean {
  const transform = ownMember(scope.template, 'Transform');
  const macros = Array.isArray(transform) ? (transform as readonly Json[]) : transform === undefined ? [] : [transform];
  const isPlain = macros.every((one) => one === extensions || textMember(one, 'Name') === extensions);
  const isExpanded = !Object.keys(resources).some((id) => id.startsWith('Fn::'));
  const others = hidden.filter(({ name }) => !name.startsWith('the stack '));
  return isPlain && isExpanded && others.length === 0;
}

const list = (node: Json | undefined) => (typeof node === 'string' ? [node] : listOf(node));

const isName = (value: Json | undefined): value is string => typeof value === 'string';

/** What functions inside a value refer to by name. */
function targetsIn(node: Json | undefined): readonly string[] {
  if (Array.isArray(node)) return (node as readonly Json[]).flatMap(targetsIn);
  return isObject(node) ? Object.entries(node).flatMap(([key, value]) => targetsOf(key, value)) : [];
}

function targetsOf(key: string, value: Json | undefined): readonly string[] {
  if (key.startsWith('Fn::ForEach::')) return [];
  if (key === 'Ref' && isName(value)) return [value];
  if (key === 'Fn::GetAtt') return (isName(value) ? [value.split('.')[0]] : listOf(value).slice(0, 1)).filter(isName);
  return key === 'Fn::Sub' ? targetsOfText(value) : targetsIn(value);
}

function targetsOfText(argument: Json | undefined): readonly string[] {
  const [pattern, given] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
  const inside = targetsIn(given);
  if (typeof pattern !== 'string') return inside;
  const names = [...pattern.matchAll(/\$\{([^!${}][^${}]{0,300})\}/g)].map(([, name = '']) => name.trim());
  return [
    ...inside,
    ...names.filter((name) => ownMember(given, name) === undefined).map((name) => name.split('.')[0] ?? ''),
  ];
}

/** References to what is declared nowhere, the same of one resource once. */
export function danglingIn(
  stack: TemplateStack,
  meant: (word: string, words: Iterable<string>) => string | undefined,
): readonly Dangling[] {
  if (!isWhole(stack)) return [];
  const parameters = ownMember(stack.evaluator.scope.template, 'Parameters');
  const resources = Object.keys(stack.resources);
  const all = new Set([...resources, ...(isObject(parameters) ? Object.keys(parameters) : [])]);
  const isThere = (name: string) => all.has(name) || name.startsWith('AWS::');
  return Object.entries(stack.resources).flatMap(([id, resource]) => {
    const seen = new Set<string>();
    const tell = (path: readonly string[], names: Iterable<string>): readonly Dangling[] =>
      [...names]
        .filter((name) => !isThere(name) && !seen.has(name) && seen.add(name))
        .map((name) => {
          const near = meant(name, all);
          const hint = near === undefined ? '' : `; did you mean '${near}'?`;
          const what = `nothing is declared as ${JSON.stringify(name.slice(0, 100))}, which it refers to${hint}`;
          return { id, path, what };
        });
    const properties = ownMember(resource, 'Properties');
    const inside = isObject(properties)
      ? Object.entries(properties).flatMap(([name, value]) => tell(['Properties', name], targetsIn(value)))
      : [];
    const first = list(ownMember(resource, 'DependsOn')).filter(isName);
    return [...inside, ...tell(['DependsOn'], first)];
  });
}
