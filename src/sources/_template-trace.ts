import type { ExpressionStep, Proposal } from '../model/proposal.ts';
import { isObject, type Json } from '../model/value.ts';
import { listOf, ownMember, textOf } from './_template-scope.ts';
import type { TemplateStack } from './_template-stack.ts';

const mostSteps = 20;
const mostShown = 5;

/** A function, and the entry of a section on which it draws. */
interface Root {
  readonly expression: string;
  readonly section: string;
  readonly name: string;
  /** Set for an output of the nested stack of this name. */
  readonly output?: string;
}

/** A stack, and the one that it is nested in. */
interface Seated {
  readonly stack: TemplateStack;
  readonly outer?: { readonly seat: Seated; readonly id: string };
}

/** Tells from where the properties of a template's resources take their values, and where they are written. */
export function tracer(stacks: readonly TemplateStack[]): Required<Pick<Proposal, 'trace' | 'placeOf'>> {
  const seats = new Map<string, Seated>();
  const seat = (one: Seated) => {
    seats.set(one.stack.evaluator.scope.prefix, one);
    for (const [id, stack] of one.stack.nested) seat({ stack, outer: { seat: one, id } });
  };
  for (const stack of stacks) seat({ stack });
  const find = (address: string) => {
    const end = address.lastIndexOf('/') + 1;
    return { found: seats.get(address.slice(0, end)), id: address.slice(end) };
  };
  return {
    trace({ declared: { address } }, attribute) {
      const { found, id } = find(address);
      return found === undefined ? [] : traceFrom(found, id, attribute);
    },
    placeOf({ declared }, attribute) {
      const { found, id } = find(declared.address);
      if (found === undefined) return declared.file === undefined ? undefined : declared;
      const line = lineOf(found, id, attribute);
      return { file: found.stack.text.file, ...(line === undefined ? {} : { line }) };
    },
  };
}

/** Line of the property in which an attribute lies, or else of its resource. */
function lineOf({ stack: { text, origins } }: Seated, id: string, attribute: string): number | undefined {
  const key = origins.get(id) ?? id;
  const [first = ''] = attribute.split(/[.[\]]+/);
  return text.lineOf('Resources', key, 'Properties', first) ?? text.lineOf('Resources', key);
}

function traceFrom(seat: Seated, id: string, attribute: string): readonly ExpressionStep[] {
  const { stack } = seat;
  const [first = '', ...more] = attribute.split(/[.[\]]+/).filter(Boolean);
  const own = ownMember(ownMember(stack.resources, id), 'Properties');
  const node = [first, ...more].reduce<Json | undefined>(within, own);
  if (node === undefined) return [];
  const steps: ExpressionStep[] = [];
  follow(seat, node, lineOf(seat, id, attribute), steps);
  return steps;
}

/** The member of a value; the value itself where a function stands for it. */
function within(node: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(node)) return /^\d+$/.test(name) ? ((node as readonly Json[])[Number(name)] ?? node) : node;
  const isCall = isObject(node) && Object.keys(node).some((key) => key === 'Ref' || key.startsWith('Fn::'));
  return isCall ? node : ownMember(node, name);
}

/** An expression, and the line on which it stands. */
interface Spot {
  readonly expression: string;
  readonly line: number | undefined;
}

function stepAt({ stack: { text } }: Seated, { expression, line }: Spot): ExpressionStep {
  return { expression, file: text.file, ...(line === undefined ? {} : { line }) };
}

/** Goes from a value to what it draws on, as long as that is one thing; what draws on several is told, and followed no more. */
function follow(seat: Seated, node: Json | undefined, line: number | undefined, steps: ExpressionStep[]): void {
  const roots = rootsOf(node, seat);
  const [root] = roots;
  if (root === undefined || steps.length >= mostSteps) return;
  const shown = roots.slice(0, mostShown).map(({ expression }) => expression);
  const expression = roots.length > mostShown ? `${shown.join(', ')}, …` : shown.join(', ');
  steps.push(stepAt(seat, { expression, line }));
  if (roots.length === 1) followRoot(seat, root, steps);
}

function followRoot(seat: Seated, { section, name, output }: Root, steps: ExpressionStep[]): void {
  if (output !== undefined) return followIn(seat, name, output, steps);
  const line = seat.stack.text.lineOf(section, name);
  steps.push(stepAt(seat, { expression: `${section}.${name}`, line }));
  if (section === 'Parameters') followOut(seat, name, steps);
  const condition = ownMember(ownMember(seat.stack.evaluator.scope.template, section), name);
  if (section === 'Conditions') follow(seat, condition, line, steps);
}

/** A nested stack gives its outputs to the stack around it. */
function followIn(seat: Seated, id: string, output: string, steps: ExpressionStep[]): void {
  const stack = seat.stack.nested.get(id);
  if (stack === undefined) return;
  const inner: Seated = { stack, outer: { seat, id } };
  const line = stack.text.lineOf('Outputs', output);
  steps.push(stepAt(inner, { expression: `${id}.Outputs.${output}`, line }));
  const value = ownMember(ownMember(ownMember(stack.evaluator.scope.template, 'Outputs'), output), 'Value');
  follow(inner, value, line, steps);
}

/** A nested stack has its parameters from the stack around it. */
function followOut({ outer }: Seated, name: string, steps: ExpressionStep[]): void {
  if (outer === undefined) return;
  const { seat, id } = outer;
  const properties = ownMember(ownMember(seat.stack.resources, id), 'Properties');
  const given = ownMember(ownMember(properties, 'Parameters'), name);
  const { text, origins } = seat.stack;
  const line = text.lineOf('Resources', origins.get(id) ?? id, 'Properties', 'Parameters');
  if (given === undefined) return;
  steps.push(stepAt(seat, { expression: `${id}.Parameters.${name}`, line }));
  follow(seat, given, line, steps);
}

/** What a value draws on, each once, in the order in which it is written. */
function rootsOf(node: Json | undefined, seat: Seated): readonly Root[] {
  const roots = new Map<string, Root>();
  collect(node, seat, roots);
  return [...roots.values()];
}

function collect(node: Json | undefined, seat: Seated, roots: Map<string, Root>): void {
  if (roots.size >= mostSteps) return;
  if (Array.isArray(node)) for (const item of node as readonly Json[]) collect(item, seat, roots);
  if (!isObject(node)) return;
  for (const [key, value] of Object.entries(node)) {
    for (const root of rootsAt(key, value, seat)) roots.set(root.expression, root);
    collect(key === 'Fn::If' ? branchesOf(value, seat) : value, seat, roots);
  }
}

function branchesOf(argument: Json | undefined, { stack }: Seated): Json {
  const [name, yes, no] = listOf(argument);
  const met = typeof name === 'string' ? stack.evaluator.isMet(name) : undefined;
  return [met === false ? null : (yes ?? null), met === true ? null : (no ?? null)];
}

function rootsAt(key: string, argument: Json | undefined, { stack }: Seated): readonly Root[] {
  const { template } = stack.evaluator.scope;
  const [first] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
  const name = textOf(first);
  if (name === undefined) return [];
  const root = (expression: string, section: string, entry: string): readonly Root[] =>
    ownMember(ownMember(template, section), entry) === undefined ? [] : [{ expression, section, name: entry }];
  if (key === 'Ref') return root(`Ref ${name}`, 'Parameters', name);
  if (key === 'Fn::FindInMap') return root(`FindInMap ${name}`, 'Mappings', name);
  if (key === 'Fn::If') return root(`If ${name}`, 'Conditions', name);
  if (key === 'Fn::GetAtt') {
    const [outputs, output] = listOf(argument)
      .slice(1)
      .flatMap((part) => textOf(part)?.split('.') ?? []);
    const isNested = stack.nested.has(name) && outputs === 'Outputs' && output !== undefined;
    return isNested ? [{ expression: `GetAtt ${name}.Outputs.${output}`, section: 'Resources', name, output }] : [];
  }
  if (key !== 'Fn::Sub') return [];
  const names = [...name.matchAll(/\$\{([^!${}.]{1,255})\}/g)].map(([, own = '']) => own.trim());
  return names.flatMap((own) => root(`Sub \${${own}}`, 'Parameters', own));
}
