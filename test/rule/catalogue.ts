import { readFileSync } from 'node:fs';
import type { Shape } from '../../src/model/resource-type.ts';
import { loadOperators } from '../../src/operators/index.ts';
import { loadResourceTypes } from '../../src/resources/index.ts';
import type { Catalogue } from '../../src/rule/rule.ts';

/** The catalogue as the program has it: all resource types with AWS's shapes, and all operators. */
export async function loadCatalogue(): Promise<Catalogue> {
  const file = new URL('../../src/resources/shapes.json', import.meta.url);
  const shapes: Readonly<Record<string, Shape>> = JSON.parse(readFileSync(file, 'utf8'));
  return {
    types: await loadResourceTypes(),
    shapes: new Map(Object.entries(shapes)),
    operators: await loadOperators(),
  };
}
