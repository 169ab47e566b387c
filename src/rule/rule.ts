import type { Place } from '../errors.ts';
import type { Leaf, Operator, OperatorPlace, Run } from '../model/operator.ts';
import type { Resource } from '../model/resource.ts';
import type { Relation, ResourceType, Shape, TypeFacts } from '../model/resource-type.ts';
import type { Json } from '../model/value.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** What a rule may name: the resource types with their fields, and the operators. */
export interface Vocabulary {
  readonly types: ReadonlyMap<string, TypeFacts>;
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly operators: ReadonlyMap<string, Operator>;
}

/** The same with how each type is collected and declared. */
export interface Catalogue extends Vocabulary {
  readonly types: ReadonlyMap<string, ResourceType>;
}

/** A parameter that a rule declares and a policy sets. Without a default it must be set, else the rule is not evaluated. */
export interface Parameter {
  readonly description: string;
  /** JSON Schema of its value. */
  readonly schema: { readonly [key: string]: Json };
  readonly default?: Json;
  readonly at: Place;
}

/** An operand as written: literal data, or data with `{ param: name }` somewhere inside. */
export type Operand = Json;

/** Where a condition looks: a path from the current item, one tag of the resource, or the current item itself. */
export type Subject =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'tag'; readonly key: string }
  | { readonly kind: 'item' };

/** What a quantifier ranges over. */
export type Range =
  | { readonly kind: 'list'; readonly path: string; readonly place: OperatorPlace }
  | {
      readonly kind: 'follow';
      /** As written: `loadBalancer.securityGroups`. */
      readonly name: string;
      readonly relations: readonly Relation[];
      /** For each relation the type that declares it. */
      readonly holders: readonly TypeFacts[];
      readonly target: TypeFacts;
    }
  | {
      readonly kind: 'of';
      readonly type: string;
      readonly scope: 'account' | 'region';
      readonly target: TypeFacts;
    };

/** One kind of thing that `count` counts: all resources of a range, or those of which a condition holds. */
export interface Counted {
  readonly range: Exclude<Range, { kind: 'list' }>;
  readonly where?: Condition;
  /** Things with the same value at this path count once, whichever kind they are of; through a list, each item counts. */
  readonly distinct?: string;
}

/** The checked condition tree. `at` is the place of the deciding word in the rule file. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[]; readonly at: Place }
  | { readonly kind: 'not'; readonly condition: Condition; readonly at: Place }
  | {
      readonly kind: 'if';
      readonly if: Condition;
      readonly then: Condition;
      readonly else?: Condition;
      readonly at: Place;
    }
  | {
      readonly kind: 'quantifier';
      readonly quantifier: 'some' | 'every' | 'none';
      readonly range: Range;
      /** Only items for which this holds are ranged over. */
      readonly filter?: Condition;
      /** Of those, only the ones with the latest time at this path. */
      readonly newest?: { readonly path: string; readonly place: OperatorPlace };
      readonly where?: Condition;
      /** The answer when nothing is ranged over: true, false, or unknown ("no evidence"). */
      readonly allowEmpty: boolean | 'unknown';
      readonly at: Place;
    }
  | {
      readonly kind: 'count';
      readonly among: readonly Counted[];
      /** How many there are besides those that are counted. */
      readonly plus?: Operand;
      readonly atMost?: Operand;
      readonly atLeast?: Operand;
      readonly at: Place;
    }
  /** What nobody can tell, and why. */
  | { readonly kind: 'unknown'; readonly why: string; readonly at: Place }
  | {
      readonly kind: 'test';
      readonly subject: Subject;
      readonly operator: Operator;
      readonly operand: Operand;
      readonly place: OperatorPlace;
      readonly at: Place;
      readonly operandAt: Place;
    };

/** A rule's own example: properties of the judged resource, what surrounds it, and its parameters. */
export interface Case {
  readonly name: string;
  readonly expected: 'pass' | 'fail' | 'unknown' | 'not-applicable';
  /** Undefined for rules about an account or region as a whole. */
  readonly properties?: { readonly [key: string]: Json | undefined };
  /** `$with`: other resources by type, or an unknown marker for a type that was not collected. */
  readonly surroundings: Readonly<Record<string, Json>>;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly at: Place;
}

/** A rule that was read, checked against the resource types, and can be compiled. */
export interface Rule {
  readonly id: string;
  readonly file: string;
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  readonly title: string;
  readonly severity: Severity;
  /** Undefined when `scope` says that an account or region as a whole is judged. */
  readonly resource?: TypeFacts;
  readonly scope: 'resource' | 'account' | 'region';
  readonly why: string;
  readonly fix: Readonly<Record<string, string>>;
  readonly controls: Readonly<Record<string, readonly string[]>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly when?: Condition;
  readonly assert: Condition;
  /** Template over paths in braces. */
  readonly message?: string;
  readonly cases: readonly Case[];
  /** Type → paths that the rule reads of it, relations' keys and message fields included. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A rule before anybody asks whether its file is still the same. */
export type CheckedRule = Omit<Rule, 'digest'>;

export type Outcome = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'not-evaluated';

/** The answer of one rule for one resource. `leaves` is empty for pass and not-applicable. */
export interface Verdict {
  readonly outcome: Exclude<Outcome, 'not-evaluated'>;
  readonly leaves: readonly Leaf[];
  /** How many observations there were beyond those in `leaves`. */
  readonly more?: number;
  /** For a failure alone: what is wrong, in the rule's words. */
  readonly message?: string;
}

/** A rule with its parameters filled in. Judging is pure and synchronous. */
export interface Judge {
  readonly rule: Rule;
  /** @param resource the judged resource, or for a rule about an account or region one that carries only these */
  judge(resource: Resource, run: Run): Verdict;
}
