import type { ExpressionStep } from '../model/proposal.ts';
import { isObject, type Json } from '../model/value.ts';
import {
  callOf,
  childAddress,
  configOf,
  type Instance,
  longest,
  parentOf,
  resourceOf,
  type Scope,
  splitAddress,
  withoutKey,
} from './_terraform-references.ts';
import { own, ownList } from './_terraform-values.ts';

const mostSteps = 24;
const deepest = 32;

/**
 * The way from an attribute to what gives its value, by the names that stand there: `module.web.var.cidrs`, then
 * `var.office_cidrs`. A plan has no expressions of local values, so that a way ends at one.
 *
 * @param attribute `ingress`, `versioning_configuration.status`
 */
export function traceAttribute(instance: Instance, attribute: string, scope: Scope): readonly ExpressionStep[] {
  const resource = resourceOf(instance, scope);
  let expressions: readonly (Json | undefined)[] = [own(resource, 'expressions')];
  for (const name of splitAddress(attribute))
    expressions = expressions.flatMap((inner) => membersOf(inner, withoutKey(name)));
  const steps = new Map<string, ExpressionStep>();
  const walk: Walk = { scope, steps, depth: 0 };
  for (const reference of expressions.flatMap((inner) => referencesIn(inner)))
    follow(reference, { module: instance.module, repeated: resource }, walk);
  return [...steps.values()];
}

interface Walk {
  readonly scope: Scope;
  /** By expression: what several ways meet in is a step once. */
  readonly steps: Map<string, ExpressionStep>;
  readonly depth: number;
}

/** Where a reference stands: in a module, and in what is repeated by `count` or `for_each`. */
interface Standing {
  readonly module: string;
  readonly repeated: Json | undefined;
}

/** A member of a block, or of all blocks of a list. */
function membersOf(expressions: Json | undefined, name: string): readonly Json[] {
  const blocks: readonly (Json | undefined)[] = Array.isArray(expressions) ? expressions : [expressions];
  return blocks.flatMap((block) => {
    const member = own(block, name);
    return member === undefined ? [] : [member];
  });
}

/** References in an expression, or in all of a block's, in the order in which the plan has them. */
function referencesIn(expression: Json | undefined, depth = 0): readonly string[] {
  if (depth > deepest) return [];
  if (Array.isArray(expression)) return (expression as readonly Json[]).flatMap((one) => referencesIn(one, depth + 1));
  if (!isObject(expression)) return [];
  const references = ownList(expression, 'references');
  if (references.length > 0) return longest(references);
  if (Object.hasOwn(expression, 'constant_value')) return [];
  return Object.values(expression).flatMap((one) => referencesIn(one, depth + 1));
}

function follow(reference: string, { module, repeated }: Standing, walk: Walk): void {
  const { scope, steps } = walk;
  const place = splitAddress(module)
    .map((part) => withoutKey(part))
    .join('.');
  const expression = place === '' ? reference : `${place}.${reference}`;
  if (steps.size >= mostSteps || walk.depth > deepest || steps.has(expression)) return;
  steps.set(expression, { expression });
  const deeper = { ...walk, depth: walk.depth + 1 };
  const [head = '', name = '', output = ''] = splitAddress(reference);
  const goOn = (inner: Json | undefined, standing: Standing) => {
    for (const next of referencesIn(inner)) follow(next, standing, deeper);
  };
  if (head === 'var' && module !== '') {
    const call = callOf(module, scope);
    goOn(own(own(call, 'expressions'), withoutKey(name)), { module: parentOf(module), repeated: call });
  } else if (head === 'module') {
    const child = childAddress(module, withoutKey(name));
    goOn(own(own(own(configOf(child, scope), 'outputs'), withoutKey(output)), 'expression'), {
      module: child,
      repeated: undefined,
    });
  } else if (head === 'each') goOn(own(repeated, 'for_each_expression'), { module, repeated: undefined });
  else if (head === 'count') goOn(own(repeated, 'count_expression'), { module, repeated: undefined });
}
