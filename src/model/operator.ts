import type { Graph } from './graph.ts';
import type { Resource } from './resource.ts';
import type { Shape, TypeFacts } from './resource-type.ts';
import type { Truth } from './truth.ts';
import type { Found, Json, JsonObject, Unknown } from './value.ts';

/** What every evaluation of one run shares. */
export interface Run {
  /** The instant against which ages are measured, in milliseconds since 1970. */
  readonly now: number;
  readonly graph: Graph;
  /** How many more list items may be visited for the rule and resource at hand; below zero the answer is unknown (`limit`). */
  visits: number;
}

/** Reads one member of the object that stands at the operator's place, telling known absent from not collected. */
export type Reader = (object: Json, resource: Resource) => Found;

/** Where in a rule an operator stands: what it may read, known when the rule is loaded. */
export interface OperatorPlace {
  readonly type: TypeFacts;
  /** Path of the tested value from the root, lists as `[]`; `''` is the resource itself. */
  readonly path: string;
  readonly shape: Shape;
  /** A reader for a member of the tested value; several steps reach deeper, but never through a list. */
  reader(...names: readonly string[]): Reader;
  /** A reader for a member of the resource's root, wherever the operator stands. */
  rootReader(name: string): (resource: Resource) => Found;
}

/** One observation that decided an answer. Paths carry item numbers: `IpPermissions[1].IpRanges[0].CidrIp`. */
export interface Leaf {
  readonly path: string;
  /** Undefined: known absent. An unknown marker: not collected, and why. */
  readonly observed: Found;
  /** What would have been right, in words: `at most 184`. */
  readonly expected: string;
  /** What else decides about the value, in words: the protocol and ports of the permission that admits a source. */
  readonly within?: string;
  /** How many observations like this one are left out. */
  readonly more?: number;
  /** Ledger key of the API call that gave the observation; the engine fills it in where an operator does not. */
  readonly call?: string;
}

/** An operator with its operand prepared for one place. */
export interface Test {
  /** The answer for a value that is known absent, where the operand decides it (`exists: false`); else the operator's own. */
  readonly absent?: Truth;
  /** The answer for a value of which is known only what it is not; UNKNOWN unless told. */
  unknown?(gap: Unknown): Truth;
  /** Judges a present value. Never throws; a value of the wrong kind is UNKNOWN. */
  test(value: Json, resource: Resource, run: Run): Truth;
  /**
   * The observations that led to `answer`, at least one. `path` is the value's own, with item numbers. Left out, the
   * value itself is the observation, and an UNKNOWN is put down to its type.
   */
  explain?(value: Json, resource: Resource, run: Run, path: string, answer: Truth): readonly Leaf[];
}

/** Thrown by `prepare` for an operand that cannot be; the loader adds file, line and column. `at` is the path inside the operand. */
export class OperandError extends Error {
  readonly at: readonly (string | number)[];

  constructor(message: string, at: readonly (string | number)[] = []) {
    super(message);
    this.name = 'OperandError';
    this.at = at;
  }
}

/** The kinds of value an operator can judge; the loader refuses it on a field of another kind. */
export type Kind = 'string' | 'number' | 'boolean' | 'timestamp' | 'policy' | 'list' | 'object' | 'any';

/** An operator or AWS predicate. A file of `src/operators/` exports one as `operator`. */
export interface Operator {
  /** As written in rules. */
  readonly name: string;
  /** One sentence for the reference page. */
  readonly summary: string;
  /**
   * JSON Schema of the operand (draft 2020-12); the rule's schema is assembled from these. Its `examples` are shown on
   * the reference page, and every operator is tried with its own.
   */
  readonly operand: JsonObject;
  readonly kinds: readonly Kind[];
  /** May stand without a path, to judge the current item itself: `permits: { port: 22 }`. */
  readonly onItem?: boolean;
  /** The answer for a value that is known absent. */
  readonly whenAbsent: Truth;
  /** Members of the tested value that it reads (dotted, `[]` for lists), and of the root after `/`: `['IpRanges[].CidrIp', '/PrefixLists']`. `/tag` stands for the resource's tags. */
  readonly reads?: readonly string[];
  /** Fetches what only this operator needs, such as a large library; awaited once, when a rule names it, before `prepare`. */
  load?(): Promise<void>;
  /** @throws OperandError */
  prepare(operand: Json, place: OperatorPlace): Test;
  /** The English of it, after the name of what is judged: `is at most 184`. `negated` turns it: `is more than 184`. */
  words(operand: Json, negated: boolean): string;
}
