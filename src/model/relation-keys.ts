import { parsePath, type Step } from './path.ts';
import { valuesReader } from './relate.ts';
import type { Resource } from './resource.ts';
import type { TypeFacts } from './resource-type.ts';
import { isObject, isUnknown, type Json, type Unknown, unknown } from './value.ts';

/** Of more keys than this, a search through all for each would be slow. */
const mostTexts = 16;

/** Keys, each once, and why there may be more. Text and numbers do not meet: `"1"` is not `1`. */
export interface Keys {
  readonly keys: readonly string[];
  readonly gap: Unknown | undefined;
}

function makeReader(type: TypeFacts, path: string): (resource: Resource) => Keys {
  const read = valuesReader(type, path);
  const steps = parsePath(path);
  return (resource) => {
    // Most keys are a name at the top; no path of several steps is one.
    const name = resource.properties[path];
    if (typeof name === 'string') return { keys: [name], gap: undefined };
    const texts: string[] = [];
    if (collectTexts(resource.properties, steps, 0, texts)) return { keys: texts, gap: undefined };
    const { values, unknown: gap } = read(resource);
    const [only] = values;
    return values.length === 1 && typeof only === 'string' ? { keys: [only], gap } : keysOf(values, gap, path);
  };
}

/**
 * Collects the texts at a path, each once, where that can be told at a glance: every step is there, and leads to a text.
 *
 * @returns false where it does not, and the long way must be taken
 */
function collectTexts(value: Json | undefined, steps: readonly Step[], at: number, texts: string[]): boolean {
  const step = steps[at];
  if (step === undefined) {
    if (typeof value !== 'string') return false;
    if (!texts.includes(value)) texts.push(value);
    return texts.length <= mostTexts;
  }
  if (!isObject(value) || isUnknown(value) || !Object.hasOwn(value, step.name)) return false;
  const next = value[step.name];
  if (!step.items) return collectTexts(next, steps, at + 1, texts);
  if (!Array.isArray(next)) return false;
  for (const item of next as readonly Json[]) if (!collectTexts(item, steps, at + 1, texts)) return false;
  return true;
}

function keysOf(values: readonly Json[], gap: Unknown | undefined, path: string): Keys {
  const keys = new Set<string>();
  let odd: Unknown | undefined;
  for (const value of values) {
    if (typeof value === 'string') keys.add(value);
    else if (typeof value === 'number' || typeof value === 'boolean') keys.add(`\u0000${value}`);
    else odd = unknown('type', `${path} is not a name`);
  }
  return { keys: [...keys], gap: gap ?? odd };
}

const readers = new WeakMap<TypeFacts, Map<string, (resource: Resource) => Keys>>();

/** Reads the keys at a path of a type's resources. Made once: relations are few, and look-ups along them many. */
export function keysReader(type: TypeFacts, path: string): (resource: Resource) => Keys {
  let ofType = readers.get(type);
  if (ofType === undefined) {
    ofType = new Map();
    readers.set(type, ofType);
  }
  let read = ofType.get(path);
  if (read === undefined) {
    read = makeReader(type, path);
    ofType.set(path, read);
  }
  return read;
}
