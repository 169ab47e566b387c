import type { Catalogue } from '../rule/rule.ts';

let loaded: Promise<Catalogue> | undefined;

async function load(): Promise<Catalogue> {
  const [{ loadResourceTypes }, { loadOperators }, { default: shapes }] = await Promise.all([
    import('../resources/index.ts'),
    import('../operators/index.ts'),
    import('../resources/shapes.json', { with: { type: 'json' } }),
  ]);
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
