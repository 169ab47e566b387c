import type { JoinTarget } from '../model/relation-graph.ts';
import type { Relation, TypeFacts } from '../model/resource-type.ts';
import { childrenOf } from './parameters.ts';
import type { Condition, Range, Rule } from './rule.ts';

interface Draft {
  readonly type: TypeFacts;
  properties: Set<string> | 'all';
  readonly matches: Set<string>;
}

interface Drafts {
  readonly types: ReadonlyMap<string, TypeFacts>;
  readonly targets: Map<string, Draft>;
}

function rangesOf(condition: Condition | undefined): readonly Range[] {
  if (condition === undefined) return [];
  const own =
    condition.kind === 'quantifier'
      ? [condition.range]
      : condition.kind === 'count'
        ? condition.among.map(({ range }) => range)
        : [];
  return [...own, ...childrenOf(condition).flatMap(rangesOf)];
}

function rootOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? '';
}

/** The root properties that a rule may read of a type; all of them where it does not say. */
function propertiesRead(rule: Rule, type: TypeFacts): ReadonlySet<string> | 'all' {
  const paths = rule.reads.get(type.type);
  return paths === undefined ? 'all' : new Set([...paths].map(rootOf));
}

/** Notes that a rule reaches a type from elsewhere. */
function touch(drafts: Drafts, name: string, rule: Rule): Draft | undefined {
  const type = drafts.types.get(name);
  if (type === undefined) return undefined;
  const draft = drafts.targets.get(name) ?? { type, properties: new Set<string>(), matches: new Set<string>() };
  drafts.targets.set(name, draft);
  keep(draft, propertiesRead(rule, type));
  return draft;
}

function keep(draft: Draft, names: ReadonlySet<string> | 'all'): void {
  if (names === 'all') draft.properties = 'all';
  else if (draft.properties !== 'all') for (const name of names) draft.properties.add(name);
}

/** Each type that a chain of relations passes must keep what leads on from it. */
function touchChain(drafts: Drafts, relations: readonly Relation[], rule: Rule): void {
  let passed: Draft | undefined;
  for (const relation of relations) {
    if (passed !== undefined) keep(passed, new Set([rootOf(relation.from)]));
    passed = touch(drafts, relation.to, rule);
    if (relation.match !== '@region') passed?.matches.add(relation.match);
  }
}

/** Which types the rules reach from elsewhere, through relations or as a whole, and what they read of them. */
export function joinTargets(
  rules: readonly Rule[],
  types: ReadonlyMap<string, TypeFacts>,
): ReadonlyMap<string, JoinTarget> {
  const drafts: Drafts = { types, targets: new Map() };
  for (const rule of rules) {
    for (const range of [...rangesOf(rule.when), ...rangesOf(rule.assert)]) {
      if (range.kind === 'of') touch(drafts, range.type, rule);
      if (range.kind === 'follow') touchChain(drafts, range.relations, rule);
    }
  }
  return drafts.targets;
}
