import { ProvisoError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../model/value.ts';
import { listOf, ownMember, textOf } from './_template-scope.ts';
import type { TemplateText } from './_template-text.ts';
import type { Evaluator } from './_template-values.ts';

interface Checked {
  readonly text: TemplateText;
  readonly path: string;
  readonly template: JsonObject;
  readonly evaluator: Evaluator;
}

type Edges = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * CloudFormation refuses conditions and resources that refer to each other in a circle. What hangs on a condition that is
 * open, or is not met, makes no circle.
 *
 * @throws ProvisoError 'input'
 */
export function checkCycles(checked: Checked): void {
  refuse(checked, 'Conditions', 'condition', (node) => conditionsIn(node));
  refuse(checked, 'Resources', 'resource', (node) => resourcesIn(node, checked.evaluator));
}

function refuse(
  checked: Checked,
  section: string,
  noun: string,
  namesIn: (node: Json | undefined) => Iterable<string>,
) {
  const members = ownMember(checked.template, section);
  if (!isObject(members)) return;
  const edges = new Map(
    Object.entries(members).map(([name, node]) => [
      name,
      new Set([...namesIn(node)].filter((target) => Object.hasOwn(members, target))),
    ]),
  );
  const circle = findCircle(edges);
  if (circle === undefined) return;
  const [first = ''] = circle;
  const way = [...circle, first].map((name) => name.slice(0, 100)).join(' → ');
  throw new ProvisoError('input', `the ${noun} ${first.slice(0, 100)} depends on itself: ${way}`, {
    where: { file: checked.path, line: checked.text.lineOf(section, first) ?? 1, column: 1 },
    hint: 'CloudFormation refuses the template; break the circle',
  });
}

function conditionsIn(node: Json | undefined): readonly string[] {
  if (Array.isArray(node)) return (node as readonly Json[]).flatMap(conditionsIn);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'Condition' && typeof value === 'string' ? [value] : conditionsIn(value),
  );
}

function resourcesIn(resource: Json | undefined, evaluator: Evaluator): ReadonlySet<string> {
  const condition = ownMember(resource, 'Condition');
  const found = new Set<string>();
  if (typeof condition === 'string' && evaluator.isMet(condition) !== true) return found;
  collect(ownMember(resource, 'Properties'), evaluator, found);
  const dependsOn = ownMember(resource, 'DependsOn');
  for (const name of Array.isArray(dependsOn) ? (dependsOn as readonly Json[]) : [dependsOn])
    if (typeof name === 'string') found.add(name);
  return found;
}

function collect(node: Json | undefined, evaluator: Evaluator, found: Set<string>): void {
  if (Array.isArray(node)) for (const item of node as readonly Json[]) collect(item, evaluator, found);
  if (!isObject(node)) return;
  for (const [key, value] of Object.entries(node)) {
    const name = nameAt(key, value);
    if (name !== undefined) found.add(name);
    else if (key === 'Fn::If') collect(chosenBranch(value, evaluator), evaluator, found);
    else if (key === 'Fn::Sub') collectText(value, evaluator, found);
    else collect(value, evaluator, found);
  }
}

/** What `Ref` and `Fn::GetAtt` name. */
function nameAt(key: string, argument: Json | undefined): string | undefined {
  if (key === 'Ref') return textOf(argument);
  return key === 'Fn::GetAtt' ? (textOf(listOf(argument)[0]) ?? textOf(argument)?.split('.')[0]) : undefined;
}

/** Undefined where nobody knows which it is. */
function chosenBranch(argument: Json | undefined, evaluator: Evaluator): Json | undefined {
  const [name, yes, no] = listOf(argument);
  const met = typeof name === 'string' ? evaluator.isMet(name) : undefined;
  return met === undefined ? undefined : met ? yes : no;
}

function collectText(argument: Json | undefined, evaluator: Evaluator, found: Set<string>): void {
  const [pattern, given] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
  collect(given, evaluator, found);
  if (typeof pattern !== 'string') return;
  for (const [, name = ''] of pattern.matchAll(/\$\{([^!${}][^${}]{0,300})\}/g)) {
    const own = name.trim();
    if (ownMember(given, own) === undefined) found.add(own.split('.')[0] ?? '');
  }
}

function findCircle(edges: Edges): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const circle = done.has(start) ? undefined : circleFrom(start, edges, done);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/**
 * Goes each way from a name, with a stack of its own, since chains may be long.
 *
 * @param done names from which no way leads into a circle; grows
 */
function circleFrom(start: string, edges: Edges, done: Set<string>): readonly string[] | undefined {
  const way = new Set([start]);
  const open = [{ name: start, targets: [...(edges.get(start) ?? [])] }];
  for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
    const next = last.targets.pop();
    if (next === undefined) {
      done.add(last.name);
      way.delete(last.name);
      open.pop();
    } else if (way.has(next)) return [...way].slice([...way].indexOf(next));
    else if (!done.has(next)) {
      way.add(next);
      open.push({ name: next, targets: [...(edges.get(next) ?? [])] });
    }
  }
  return undefined;
}
