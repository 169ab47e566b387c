import type { Leaf, OperatorPlace, Run, Test } from '../model/operator.ts';
import { groupOf, type Resource, tagReader } from '../model/resource.ts';
import { type Truth, UNKNOWN } from '../model/truth.ts';
import { type Found, isUnknown, type Json, unknown } from '../model/value.ts';
import { addLeaf, type Evaluator, type Explaining } from './evaluator.ts';
import type { TestCondition } from './parameters.ts';
import { readerAlong } from './read.ts';
import type { Subject } from './rule.ts';
import { joinPath } from './spot.ts';

type Read = (item: Json, resource: Resource) => Found;

/** Makes a test ready. @throws OperandError when the operand, parameters filled in, cannot be */
export function compileTest(condition: TestCondition, operand: Json): Evaluator {
  const { operator, place, subject } = condition;
  const test = operator.prepare(operand, place);
  const absent = test.absent ?? operator.whenAbsent;
  const read = readerFor(subject, place);
  // Failures come in thousands, and their words depend on nothing but the rule.
  const said: [plain?: string, negated?: string] = [];
  const group = groupOf(place.type, place.path);
  const sayExpected = (negated: boolean) =>
    (said[negated ? 1 : 0] ??= operator.words(operand, negated).replace(/^is /, ''));
  return {
    evaluate(item, resource, run) {
      const found = read(item, resource);
      return found === undefined ? absent : judge(test, found, resource, run);
    },
    explain(item, path, answer, negated, context) {
      const at = pathOf(subject, path);
      const words = sayExpected(negated);
      const found = read(item, context.resource);
      const leaves = observe(test, found, at, words, answer, context);
      const call = context.resource.calls?.[group];
      for (const leaf of leaves) addLeaf(context.leaves, withCall(leaf, call));
    },
  };
}

/** Only a present value reaches the operator, or what one that is not known cannot be. */
function judge(test: Test, found: Json, resource: Resource, run: Run): Truth {
  return isUnknown(found) ? (test.unknown?.(found) ?? UNKNOWN) : test.test(found, resource, run);
}

function pathOf(subject: Subject, path: string): string {
  if (subject.kind === 'path') return joinPath(path, subject.path);
  return subject.kind === 'tag' ? joinPath(path, `tag.${subject.key}`) : path;
}

function readerFor(subject: Subject, place: OperatorPlace): Read {
  const { type } = place;
  if (subject.kind === 'tag') {
    const tag = tagReader(type, subject.key);
    return (_item, resource) => tag(resource);
  }
  if (subject.kind === 'item') return (item) => item ?? undefined;
  // The place's path is the item's followed by the subject's own.
  const base = place.path.slice(0, -subject.path.length).replace(/\.$/, '');
  return readerAlong(type, base, subject.path.split('.'));
}

function observe(
  test: Test,
  found: Found,
  path: string,
  expected: string,
  answer: Truth,
  { resource, run }: Explaining,
): readonly Leaf[] {
  if (found === undefined || isUnknown(found)) return [{ path, observed: found, expected }];
  const own = test.explain?.(found, resource, run, path, answer);
  if (own !== undefined && own.length > 0) return own;
  const observed = answer === UNKNOWN ? unknown('type', `cannot be judged: ${preview(found)}`) : found;
  return [{ path, observed, expected }];
}

function preview(value: Json): string {
  if (Array.isArray(value)) return `a list of ${value.length} items`;
  return typeof value === 'object' ? 'an object' : JSON.stringify(value).slice(0, 80);
}

/** Written out member by member: failures come in thousands, and to spread an object costs many times as much. */
function withCall(leaf: Leaf, call: string | undefined): Leaf {
  if (leaf.call !== undefined) return leaf;
  const source = isUnknown(leaf.observed) && typeof leaf.observed.call === 'string' ? leaf.observed.call : call;
  if (source === undefined) return leaf;
  const { path, observed, expected, within, more } = leaf;
  if (more !== undefined) return { ...leaf, call: source };
  return within === undefined
    ? { path, observed, expected, call: source }
    : { path, observed, expected, within, call: source };
}
