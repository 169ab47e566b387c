import type { Block, DeclaredForm } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import { isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

/** What adds to a resource before or after a change. */
export interface Additions {
  readonly certain: readonly Block[];
  readonly doubtful: readonly Block[];
}

export function additionsIn(blocks: readonly Block[]): Additions {
  return { certain: blocks.filter(({ isOptional }) => !isOptional), doubtful: blocks.filter((one) => one.isOptional) };
}

const elsewhere = unknown('not-collected', 'the resource is declared elsewhere');
const others = unknown('not-collected', 'it is declared elsewhere, and may have more of these');

/**
 * What additions decide about a resource that is declared elsewhere: the properties that a form gives otherwise with them
 * than without, before the change or after it. All others are unknown, and so are further items of lists.
 */
export function partialProperties(
  form: DeclaredForm,
  target: Block,
  before: Additions,
  after: Additions,
): { readonly before: JsonObject; readonly after: JsonObject } {
  const bare = form.properties(target, [], []);
  const then = form.properties(target, before.certain, before.doubtful);
  const later = form.properties(target, after.certain, after.doubtful);
  const names = new Set([...Object.keys(bare), ...Object.keys(then), ...Object.keys(later), ...(form.groups ?? [])]);
  const isTold = (name: string) => !same(then[name], bare[name]) || !same(later[name], bare[name]);
  const toldBy = (side: JsonObject, isThere: (name: string) => boolean) =>
    Object.fromEntries(
      [...names].map((name) => [name, isThere(name) ? openEnded(form, name, side[name], bare[name]) : elsewhere]),
    );
  // What nothing here gave before may have been given elsewhere; a list says so by its open end.
  const wasTold = (name: string) => isTold(name) && (isSet(form, name) || !same(then[name], bare[name]));
  return { before: toldBy(then, wasTold), after: toldBy(later, isTold) };
}

function isSet({ sets }: DeclaredForm, name: string): boolean {
  return sets !== undefined && Object.hasOwn(sets, name);
}

/** A list without what stands there only because its resource is declared without a word about it: AWS's defaults. */
function added(value: readonly Json[], bare: Json | undefined): readonly Json[] {
  const defaults: Json[] = Array.isArray(bare) ? [...(bare as readonly Json[])] : [];
  return value.filter((item) => {
    const at = defaults.findIndex((one) => same(one, item));
    if (at >= 0) defaults.splice(at, 1);
    return at < 0;
  });
}

function openEnded(
  form: DeclaredForm,
  name: string,
  value: Json | undefined,
  bare: Json | undefined,
): Json | undefined {
  if (!isSet(form, name) || isUnknown(value)) return value;
  return [...(Array.isArray(value) ? added(value as readonly Json[], bare) : []), others];
}
