import type { Declared } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject } from '../model/value.ts';
import { ownMember, textOf, unsureText } from './_template-scope.ts';

/** A template without those loops whose collection is known. */
export interface Unrolled {
  readonly template: JsonObject;
  /** Logical id of a resource that a loop made → the loop's key. */
  readonly origins: ReadonlyMap<string, string>;
}

const mostCopies = 100_000;
const mostText = 5_000_000;
const loopName = /^Fn::ForEach::/;

interface Unrolling {
  readonly valueOf: (node: Json | undefined) => Declared;
  /** What may still be copied. */
  readonly left: { values: number; text: number };
}

/**
 * Writes out `Fn::ForEach` wherever CloudFormation takes it. A loop over what is not known, or with too many rounds, stays
 * as it is.
 *
 * @param valueOf works out collections
 */
export function unrollLoops(template: JsonObject, valueOf: (node: Json | undefined) => Declared): Unrolled {
  const unrolling: Unrolling = { valueOf, left: { values: mostCopies, text: mostText } };
  const origins = new Map<string, string>();
  const sections = ['Conditions', 'Resources', 'Outputs'].flatMap((name) => {
    const section = ownMember(template, name);
    if (!isObject(section)) return [];
    return [[name, unrollMembers(section, unrolling, name === 'Resources' ? origins : new Map())] as const];
  });
  return { template: { ...template, ...Object.fromEntries(sections) }, origins };
}

function unroll(node: Json | undefined, unrolling: Unrolling): Json | undefined {
  if (Array.isArray(node)) return (node as readonly Json[]).map((item) => unroll(item, unrolling) ?? null);
  return isObject(node) ? unrollMembers(node, unrolling, undefined) : node;
}

function unrollMembers(object: JsonObject, unrolling: Unrolling, origins: Map<string, string> | undefined): JsonObject {
  const members = new Map<string, Json | undefined>();
  for (const [key, value] of Object.entries(object)) {
    const made = loopName.test(key) ? runLoop(value, unrolling) : undefined;
    // Two members of one name are a mistake, and to keep either would hide the other.
    const isClear = made?.every(([name]) => !members.has(name) && !Object.hasOwn(object, name)) === true;
    if (made === undefined || !isClear || new Set(made.map(([name]) => name)).size < made.length)
      members.set(key, loopName.test(key) ? value : unroll(value, unrolling));
    else
      for (const [name, member] of made) {
        members.set(name, member);
        origins?.set(name, key);
      }
  }
  return Object.fromEntries(members);
}

/** @returns undefined for a loop that cannot be written out */
function runLoop(loop: Json | undefined, unrolling: Unrolling): readonly [string, Json | undefined][] | undefined {
  const [name, collection, body, ...more] = Array.isArray(loop) ? (loop as readonly Json[]) : [];
  // The loop's names and texts are made of its items.
  const items = unsureText(collection) ?? unrolling.valueOf(collection);
  if (typeof name !== 'string' || name === '' || !isObject(body) || more.length > 0) return undefined;
  if (!Array.isArray(items) || isUnknown(items)) return undefined;
  const texts = (items as readonly Json[]).map(textOf);
  const made: [string, Json | undefined][] = [];
  for (const text of texts) {
    const copy = text === undefined ? undefined : fill(body, { name, text, plain: plainOf(text) }, unrolling);
    if (!isObject(copy)) return undefined;
    made.push(...Object.entries(unrollMembers(copy, unrolling, undefined)));
  }
  return made;
}

/** Keys take letters and digits alone. */
function plainOf(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '');
}

interface Round {
  readonly name: string;
  readonly text: string;
  readonly plain: string;
}

/** @returns undefined when the loops have made more than can be meant */
function fill(node: Json, round: Round, unrolling: Unrolling): Json | undefined {
  const { left } = unrolling;
  left.values -= 1;
  if (left.values < 0 || left.text < 0) return undefined;
  if (typeof node === 'string') return fillText(node, round, unrolling);
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) {
    const items = (node as readonly Json[]).map((item) => fill(item, round, unrolling));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const entries = Object.entries(node as JsonObject);
  if (entries.length === 1 && entries[0]?.[0] === 'Ref' && entries[0][1] === round.name) return round.text;
  const filled = entries.map(
    ([key, value]) => [fillText(key, round, unrolling), fill(value ?? null, round, unrolling)] as const,
  );
  return filled.every(([, value]) => value !== undefined) ? Object.fromEntries(filled) : undefined;
}

function fillText(text: string, { name, text: value, plain }: Round, { left }: Unrolling): string {
  left.text -= text.length;
  if (!text.includes(`{${name}}`)) return text;
  const filled = text.replaceAll(`\${${name}}`, () => value).replaceAll(`&{${name}}`, () => plain);
  left.text -= filled.length;
  return filled;
}
