import { membersOperand, numberOperand } from '../model/operand.ts';
import { type Leaf, OperandError, type Operator } from '../model/operator.ts';
import {
  type Condition,
  type Patterns,
  type PolicyDocument,
  parsePolicy,
  type Statement,
} from '../model/policy-document.ts';
import { actionTarget, both, coversAction, coversAll, either, isEffect, partitions } from '../model/policy-match.ts';
import { hasMarker, policyDoubts, statementLeaves } from '../model/policy-observations.ts';
import { coversOpen } from '../model/text-parts.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../model/truth.ts';
import { type Found, isObject, isUnknown, type Json, unknown } from '../model/value.ts';
import { parseWildcard, type Wildcard } from '../model/wildcard.ts';
import { say } from '../model/words.ts';

/** Whether resources of a statement hold the bucket, or all its objects, in the partition of that number. */
type Target = (resources: Patterns, partition: number) => Truth;

interface Targets {
  readonly bucket: Target;
  readonly objects: Target;
}

const everyAction = actionTarget('s3:*');

/**
 * Whether a bucket's policy denies every request without TLS: to everyone, for all actions, on the bucket and on its
 * objects, be it in one statement or in several. A further condition makes a Deny a partial one, which does not count.
 * A plain `NumericLessThan s3:TlsVersion` leaves open what happens to requests that have no version at all.
 */
export const operator: Operator = {
  name: 'deniesInsecureTransport',
  summary:
    "Is a bucket's policy that denies everyone every request without TLS, or with a version of TLS below a minimum.",
  operand: {
    anyOf: [
      { const: true },
      {
        type: 'object',
        additionalProperties: false,
        required: ['minTls'],
        properties: { minTls: { enum: [1, 1.1, 1.2, 1.3] } },
      },
    ],
    examples: [true, { minTls: 1.2 }],
  },
  kinds: ['policy'],
  whenAbsent: FALSE,
  reads: ['/Name'],
  prepare(operand, place) {
    const least = parseOperand(operand);
    const name = place.rootReader('Name');
    const expected = sayDeny(operand);
    return {
      test: (value, resource) => judge(parsePolicy(value), name(resource), least),
      explain(value, resource, _run, path, answer) {
        const document = parsePolicy(value);
        const named = name(resource);
        const denies = document.statements.filter(({ effect }) => effect === 'Deny');
        if (answer === UNKNOWN)
          return (
            nameLeaves(value, named, document) ??
            policyDoubts(value, path, document, denies, `knowing whether it holds ${expected}`)
          );
        const parts = answer === TRUE ? denies.filter((statement) => isPart(statement, least)) : denies;
        return statementLeaves(value, path, parts, `${answer === TRUE ? 'no ' : ''}${expected}`);
      },
    };
  },
  words: (operand, negated) => `${negated ? 'does not deny' : 'denies'} everyone ${sayRequests(operand)}`,
};

/** That the name is what is missing, if it is. */
function nameLeaves(policy: Json, name: Found, { malformed }: PolicyDocument): readonly Leaf[] | undefined {
  if (malformed !== undefined || (typeof name === 'string' && name !== '')) return undefined;
  // What is known of a name may be too little for what a policy says that is known as a whole.
  if (nameIn(name) !== undefined && hasMarker(policy)) return undefined;
  const observed = isUnknown(name) ? name : unknown('type', 'the bucket has no name');
  return [{ path: 'Name', observed, expected: 'the name of the bucket' }];
}

function parseOperand(operand: Json): number | undefined {
  if (operand === true) return undefined;
  if (!isObject(operand)) throw new OperandError('expected true, or minTls with a version such as 1.2');
  const least = numberOperand(membersOperand(operand, ['minTls']).minTls ?? null);
  if (least === 1 || least === 1.1 || least === 1.2 || least === 1.3) return least;
  throw new OperandError(`${least} is no version of TLS: write 1, 1.1, 1.2 or 1.3`, ['minTls']);
}

function sayRequests(operand: Json): string {
  const least = isObject(operand) ? operand.minTls : undefined;
  return least === undefined ? 'every request without TLS' : `every request without TLS ${say(least)} or later`;
}

function sayDeny(operand: Json): string {
  return `a Deny to everyone, of all actions on the bucket and its objects, for ${sayRequests(operand)}`;
}

function judge(document: PolicyDocument, name: Found, least: number | undefined): Truth {
  if (document.malformed !== undefined) return UNKNOWN;
  const targets = typeof name === 'string' ? (name === '' ? undefined : targetsOf(name)) : openTargets(name);
  const plain = covered(document, targets, deniesPlain);
  if (least === undefined || plain === FALSE) return plain;
  return both(
    plain,
    covered(document, targets, (statement) => deniesOld(statement, least)),
  );
}

/** Buckets are nearly always of the first partition, so that the others are made only when they are asked for. */
function targetsOf(name: string): Targets {
  const literal = name.replaceAll(/[*?]/g, '\0');
  const made = (below: string): Target => {
    const known: Wildcard[] = [];
    const at = (index: number) => (known[index] ??= parseWildcard(`arn:${partitions[index]}:s3:::${literal}${below}`));
    return (resources, partition) => {
      if (!resources.not) return coversAll(resources, at(partition));
      // What `NotResource` names of another partition says nothing about this one, so that it has to spare all of them.
      return partitions.map((_name, index) => coversAll(resources, at(index))).reduce(both, TRUE);
    };
  };
  return { bucket: made(''), objects: made('/?*') };
}

/** The address of the bucket whose name it is, where the document says no more of it. */
function nameIn(name: Found): string | undefined {
  const [part, ...more] = (isUnknown(name) ? name.parts : undefined) ?? [];
  return typeof part === 'object' && more.length === 0 ? part.nameOf : undefined;
}

/** Targets for a bucket whose name is not known, but to which the policy may refer. */
function openTargets(name: Found): Targets | undefined {
  const nameOf = nameIn(name);
  if (nameOf === undefined) return undefined;
  const made =
    (after: string): Target =>
    ({ not, patterns, open = [], isClosed = false, doubt }, partition) => {
      if (not) return UNKNOWN;
      const target = { before: `arn:${partitions[partition]}:s3:::`, nameOf, after };
      const texts = patterns.map((one) => (one.variable ? UNKNOWN : coversOpen([one.text], target)));
      const start: Truth = doubt === undefined || isClosed ? FALSE : UNKNOWN;
      return [...texts, ...open.map((parts) => coversOpen(parts, target))].reduce(either, start);
    };
  return { bucket: made(''), objects: made('/?*') };
}

/** Whether the statements that deny such requests cover both the bucket and its objects. Without a name, nothing is certain. */
function covered(
  document: PolicyDocument,
  targets: Targets | undefined,
  denies: (statement: Statement) => Truth,
): Truth {
  const weighed: Weighed[] = [];
  for (const statement of document.statements) {
    if (statement.effect === 'Allow') continue;
    const weight = both(deniesAll(statement), denies(statement));
    if (weight !== FALSE) weighed.push({ statement, weight });
  }
  if (weighed.length === 0) return FALSE;
  if (targets === undefined) return UNKNOWN;
  let most: Truth = FALSE;
  for (let partition = 0; partition < partitions.length && most !== TRUE; partition += 1) {
    const bucket = coveredBy(weighed, targets.bucket, partition);
    most = either(most, both(bucket, coveredBy(weighed, targets.objects, partition)));
  }
  return most;
}

/** A statement, and how surely it denies such requests. */
interface Weighed {
  readonly statement: Statement;
  readonly weight: Truth;
}

function coveredBy(weighed: readonly Weighed[], target: Target, partition: number): Truth {
  let most: Truth = FALSE;
  for (const { statement, weight } of weighed) {
    const { resources } = statement;
    most = either(most, both(weight, resources === undefined ? UNKNOWN : target(resources, partition)));
    if (most === TRUE) break;
  }
  return most;
}

/** A Deny of all of S3's actions to everyone, its conditions apart. */
function deniesAll(statement: Statement): Truth {
  return both(isEffect(statement, 'Deny'), both(isToEveryone(statement), coversAction(statement.actions, everyAction)));
}

function isToEveryone({ principals }: Statement): Truth {
  if (principals === undefined) return UNKNOWN;
  if (principals.everyone) return principals.not ? FALSE : TRUE;
  return principals.doubt === undefined || principals.not ? FALSE : UNKNOWN;
}

/** Whether a statement's conditions, each and every one, hold for a request without TLS. */
function deniesPlain(statement: Statement): Truth {
  return every(statement, (condition) => {
    if (isPlainOnly(condition)) return TRUE;
    const bound = tlsBound(condition);
    if (bound === undefined) return FALSE;
    return condition.ifExists ? TRUE : UNKNOWN;
  });
}

/** Whether they hold for a request by a version of TLS below the least. */
function deniesOld(statement: Statement, least: number): Truth {
  return every(statement, (condition) => ((tlsBound(condition) ?? 0) >= least ? TRUE : FALSE));
}

function every(statement: Statement, judgeOne: (condition: Condition) => Truth): Truth {
  let answer: Truth = statement.conditionsDoubt === undefined ? TRUE : UNKNOWN;
  for (const condition of statement.conditions) {
    const one = judgeOne(condition);
    answer = both(answer, one === FALSE && condition.doubt !== undefined ? UNKNOWN : one);
  }
  return answer;
}

function isPlainOnly({ operator: name, key, values, set }: Condition): boolean {
  if (name !== 'bool' || key !== 'aws:securetransport' || set !== undefined) return false;
  return values.some((value) => value.toLowerCase() === 'false');
}

/** The version of TLS below which a condition holds. */
function tlsBound({ operator: name, key, values, set }: Condition): number | undefined {
  if (key !== 's3:tlsversion' || set !== undefined) return undefined;
  const versions = values.map(Number).filter((version) => Number.isFinite(version));
  if (versions.length === 0) return undefined;
  const highest = Math.max(...versions);
  if (name === 'numericlessthan') return highest;
  // The version after the highest that is denied: 1.1 and below is below 1.2.
  return name === 'numericlessthanequals' ? Math.floor(highest * 10 + 1.000_001) / 10 : undefined;
}

function isPart(statement: Statement, least: number | undefined): boolean {
  const old = least === undefined ? FALSE : deniesOld(statement, least);
  return both(deniesAll(statement), either(deniesPlain(statement), old)) === TRUE;
}
