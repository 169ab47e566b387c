import type { JoinTarget } from '../model/relation-graph.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { childrenOf } from './parameters.ts';
import type { Condition, Range, Rule } from './rule.ts';

interface Draft {
  readonly type: ResourceType;
  properties: Set<string> | 'all';
  readonly matches: Set<string>;
}

function rangesOf(condition: Condition | undefined): readonly Range[] {
  if (condition === undefined) return [];
  const own = condition.kind === 'quantifier' ? [condition.range] : [];
  return [...own, ...childrenOf(condition).flatMap(rangesOf)];
}

/** The root properties that a rule may read of a type; all of them where it does not say. */
function propertiesRead(rule: Rule, type: ResourceType): ReadonlySet<string> | 'all' {
  const paths = rule.reads.get(type.type);
  if (paths === undefined) return 'all';
  const names = new Set<string>();
  for (const path of paths) {
    const tagged = path === '/tag' || path === 'tag' || path.startsWith('tag.');
    const name = (tagged ? (type.tags ?? '') : path.replace(/^\//, '')).split(/[.[]/, 1)[0] ?? '';
    if (name === '' && !tagged) return 'all';
    if (name !== '') names.add(name);
  }
  return names;
}

/** Which types the rules reach from elsewhere, through relations or as a whole, and what they read of them. */
export function joinTargets(
  rules: readonly Rule[],
  types: ReadonlyMap<string, ResourceType>,
): ReadonlyMap<string, JoinTarget> {
  const targets = new Map<string, Draft>();
  const touch = (name: string, rule: Rule): Draft | undefined => {
    const type = types.get(name);
    if (type === undefined) return undefined;
    const draft = targets.get(name) ?? { type, properties: new Set<string>(), matches: new Set<string>() };
    targets.set(name, draft);
    keep(draft, propertiesRead(rule, type));
    return draft;
  };
  for (const rule of rules) {
    for (const range of [...rangesOf(rule.when), ...rangesOf(rule.assert)]) {
      if (range.kind === 'of') touch(range.type, rule);
      if (range.kind !== 'follow') continue;
      let passed: Draft | undefined;
      for (const relation of range.relations) {
        if (passed !== undefined) keep(passed, new Set([relation.from.split(/[.[]/, 1)[0] ?? '']));
        passed = touch(relation.to, rule);
        passed?.matches.add(relation.match);
      }
    }
  }
  return targets;
}

function keep(draft: Draft, names: ReadonlySet<string> | 'all'): void {
  if (names === 'all') draft.properties = 'all';
  else if (draft.properties !== 'all') for (const name of names) draft.properties.add(name);
}
