import { loadOperators } from '../operators/index.ts';
import { loadResourceTypes } from '../resources/index.ts';
import shapes from '../resources/shapes.json' with { type: 'json' };
import type { Catalogue } from '../rule/rule.ts';

let loaded: Promise<Catalogue> | undefined;

async function load(): Promise<Catalogue> {
  return {
    types: await loadResourceTypes(),
    operators: await loadOperators(),
    shapes: new Map(Object.entries(shapes as unknown as Readonly<Record<string, never>>)),
  };
}

/** The resource types and operators that rules may name; loaded once. */
export function loadCatalogue(): Promise<Catalogue> {
  loaded ??= load();
  return loaded;
}
