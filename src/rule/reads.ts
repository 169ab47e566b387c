import type { Operator, OperatorPlace } from '../model/operator.ts';
import type { TypeFacts } from '../model/resource-type.ts';
import type { Subject } from './rule.ts';
import { joinPath } from './spot.ts';

/** Notes that a rule reads a path of a type; without a path, that it asks for the type's instances. */
export function addRead(reads: Map<string, Set<string>>, type: TypeFacts, path?: string): void {
  const paths = reads.get(type.type) ?? new Set<string>();
  reads.set(type.type, paths);
  if (path !== undefined && path !== '') paths.add(path);
}

/** Notes what an operator reads at its place: the value, or those members of it that it names. */
export function addReads(
  reads: Map<string, Set<string>>,
  place: OperatorPlace,
  operator: Operator,
  subject: Subject,
): void {
  const { type } = place;
  if (subject.kind === 'tag') return addRead(reads, type, type.tags);
  const named = operator.reads ?? [];
  if (named.every((name) => name.startsWith('/'))) addRead(reads, type, place.path);
  for (const name of named) {
    if (name === '/tag') addRead(reads, type, type.tags);
    else if (name.startsWith('/')) addRead(reads, type, name.slice(1));
    else addRead(reads, type, memberPath(place, name));
  }
}

/** Operators name the members of one item; on a list they read them of every item. */
function memberPath(place: OperatorPlace, name: string): string {
  const list = typeof place.shape === 'object' && 'list' in place.shape;
  return joinPath(list ? `${place.path}[]` : place.path, name);
}
