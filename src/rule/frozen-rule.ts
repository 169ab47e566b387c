import type { Place } from '../errors.ts';
import type { OperatorPlace } from '../model/operator.ts';
import type { Shape, TypeFacts } from '../model/resource-type.ts';
import type { Json, JsonObject } from '../model/value.ts';
import { placeAt } from './read.ts';
import type { Rule, Vocabulary } from './rule.ts';
import { follow, isLost } from './spot.ts';

/** A checked rule as data alone, for the very bytes of its file. It names types and operators, and leaves out its path. */
export interface FrozenRule {
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  readonly body: JsonObject;
}

/** What stands for a place in the rule's file, a resource type, an operator, and where an operator stands. */
const standIns = ['$at', '$type', '$operator', '$place'] as const;

/**
 * Turns a checked rule into data, from which it can be had again without its file being read and checked once more.
 *
 * @throws Error when the rule has data that would be taken for something else
 */
export function freezeRule({ digest, file, reads, ...rest }: Rule, catalogue: Vocabulary): FrozenRule {
  const frozen = freeze(rest, file, catalogue) as JsonObject;
  return { digest, body: { ...frozen, reads: [...reads].map(([type, paths]) => [type, [...paths]]) } };
}

function freeze(value: unknown, file: string, catalogue: Vocabulary): Json {
  if (Array.isArray(value)) return value.map((item) => freeze(item, file, catalogue));
  if (typeof value !== 'object' || value === null) return value as Json;
  const standIn = standInFor(value, file, catalogue);
  if (standIn !== undefined) return standIn;
  const frozen: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if ((standIns as readonly string[]).includes(key)) throw new Error(`${file}: '${key}' cannot stand in a rule`);
    frozen[key] = freeze(member, file, catalogue);
  }
  return frozen;
}

function standInFor(value: object, file: string, { types, operators, shapes }: Vocabulary): JsonObject | undefined {
  if ('file' in value && value.file === file) {
    const { line, column, length } = value as Place;
    return { $at: length === undefined ? [line, column] : [line, column, length] };
  }
  if ('rootReader' in value) {
    const { type, path, shape } = value as OperatorPlace;
    const isPlain = JSON.stringify(shapeAt(type, path, shapes)) === JSON.stringify(shape);
    return { $place: isPlain ? [type.type, path] : [type.type, path, shape] };
  }
  if ('noun' in value && 'type' in value && types.get(String(value.type)) === value)
    return { $type: String(value.type) };
  if ('prepare' in value && 'name' in value && operators.get(String(value.name)) === value)
    return { $operator: String(value.name) };
  return undefined;
}

function shapeAt(type: TypeFacts, path: string, shapes: Vocabulary['shapes']): Shape | undefined {
  const shape = shapes.get(type.type);
  if (shape === undefined || path === '') return shape;
  const found = follow({ type, path: '', shape, depth: 0, quantifiers: 0 }, path, true);
  return isLost(found) ? undefined : found.shape;
}

/** What thawing one rule needs. */
interface Thawing {
  readonly file: string;
  readonly catalogue: Vocabulary;
  /** The names of the operators that were met. */
  readonly met: Set<string>;
}

/**
 * The rule that was frozen, as if it had been read from a file of this path.
 *
 * @throws Error when the catalogue is not the one by which it was checked
 */
export async function thawRule({ digest, body }: FrozenRule, file: string, catalogue: Vocabulary): Promise<Rule> {
  const thawing: Thawing = { file, catalogue, met: new Set() };
  const { reads, cases, ...rest } = body;
  const thawed = thaw(rest, thawing) as Omit<Rule, 'digest' | 'file' | 'reads' | 'cases'>;
  for (const name of thawing.met) await catalogue.operators.get(name)?.load?.();
  const read = reads as unknown as readonly (readonly [string, readonly string[]])[];
  return {
    ...thawed,
    file,
    digest,
    // Nearly all of the data is that of the cases, in which nothing but their places is to be thawed.
    cases: (cases as unknown as Rule['cases']).map((one) => ({ ...one, at: thaw(one.at, thawing) as Place })),
    reads: new Map(read.map(([type, paths]) => [type, new Set(paths)])),
  };
}

function thaw(value: unknown, thawing: Thawing): unknown {
  if (Array.isArray(value)) return value.map((item) => thaw(item, thawing));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  if (Array.isArray(object.$at)) return placeIn(thawing.file, object.$at as readonly number[]);
  if (typeof object.$type === 'string') return typeNamed(object.$type, thawing);
  if (typeof object.$operator === 'string') return operatorNamed(object.$operator, thawing);
  if (Array.isArray(object.$place)) return operatorPlace(object.$place as unknown as Stand, thawing);
  const thawed: Record<string, unknown> = {};
  for (const key of Object.keys(object)) thawed[key] = thaw(object[key], thawing);
  return thawed;
}

function placeIn(file: string, [line = 1, column = 1, length]: readonly number[]): Place {
  return length === undefined ? { file, line, column } : { file, line, column, length };
}

function typeNamed(name: string, { file, catalogue }: Thawing): TypeFacts {
  const type = catalogue.types.get(name);
  if (type === undefined) throw new Error(`${file} was checked with the resource type ${name}, which there is not`);
  return type;
}

function operatorNamed(name: string, { file, catalogue, met }: Thawing): unknown {
  const operator = catalogue.operators.get(name);
  if (operator === undefined) throw new Error(`${file} was checked with the operator ${name}, which there is not`);
  met.add(name);
  return operator;
}

/** The type, the path, and the shape where it is not the path's own. */
type Stand = readonly [type: string, path: string, shape?: Shape];

function operatorPlace([name, path, told]: Stand, thawing: Thawing): OperatorPlace {
  const type = typeNamed(name, thawing);
  const shape = told ?? shapeAt(type, path, thawing.catalogue.shapes);
  if (shape === undefined) throw new Error(`${thawing.file} was checked with ${name} ${path}, which there is not`);
  return placeAt(type, path, shape);
}
