import type { Shape, TypeFacts } from '../model/resource-type.ts';
import { loadOperators } from '../operators/index.ts';
import facts from '../resources/facts.json' with { type: 'json' };
import shapes from '../resources/shapes.json' with { type: 'json' };
import type { Catalogue, Vocabulary } from '../rule/rule.ts';

let vocabulary: Promise<Vocabulary> | undefined;
let catalogue: Promise<Catalogue> | undefined;

async function readVocabulary(): Promise<Vocabulary> {
  return {
    types: new Map(Object.entries(facts as unknown as Readonly<Record<string, TypeFacts>>)),
    operators: await loadOperators(),
    shapes: new Map(Object.entries(shapes as unknown as Readonly<Record<string, Shape>>)),
  };
}

async function readCatalogue(): Promise<Catalogue> {
  const { loadResourceTypes } = await import('../resources/index.ts');
  return { ...(await loadVocabulary()), types: await loadResourceTypes() };
}

/** The resource types and operators that rules may name, which is all that it takes to check them; loaded once. */
export function loadVocabulary(): Promise<Vocabulary> {
  vocabulary ??= readVocabulary();
  return vocabulary;
}

/** The same with how each type is collected and declared; loaded once. */
export function loadCatalogue(): Promise<Catalogue> {
  catalogue ??= readCatalogue();
  return catalogue;
}
