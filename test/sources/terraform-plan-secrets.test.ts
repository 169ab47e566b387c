import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Json } from '../../src/model/value.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { aroundPath, type Path, pathsIn } from './known-later.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const text = readFileSync(new URL('../fixtures/plans/change.json', import.meta.url), 'utf8');

type Change = Record<'before' | 'after' | 'before_sensitive' | 'after_sensitive', Json>;

function changesOf(plan: { resource_changes: { change: Change }[] }): readonly Change[] {
  return plan.resource_changes.map(({ change }) => change);
}

function valueAt(value: Json, path: Path): Json | undefined {
  return aroundPath(value, path)[path.at(-1) ?? ''];
}

/** Marks a place in a map, with the shape of the value around it. */
function mark(map: Json, value: Json, path: Path): Json {
  const root: Json = typeof map === 'object' && map !== null ? structuredClone(map) : {};
  let inner = root as Record<string | number, Json>;
  for (const [index, step] of path.entries()) {
    if (index === path.length - 1) inner[step] = true;
    else {
      const next = valueAt(value, path.slice(0, index + 1));
      if (typeof inner[step] !== 'object') inner[step] = Array.isArray(next) ? [] : {};
      inner = inner[step] as unknown as typeof inner;
    }
  }
  return root;
}

/** All places of a plan in which a text stands. */
const places = changesOf(JSON.parse(text)).flatMap((change, index) =>
  (['before', 'after'] as const).flatMap((side) =>
    pathsIn(change[side])
      .filter((path) => typeof valueAt(change[side], path) === 'string')
      .map((path) => ({ index, side, path })),
  ),
);

test('no text that a plan marks as sensitive is in what is read from it, wherever it stands', () => {
  expect(places.length).toBeGreaterThan(200);
  fc.assert(
    fc.property(fc.shuffledSubarray(places, { minLength: 1, maxLength: 12 }), (chosen) => {
      const plan = JSON.parse(text) as Parameters<typeof changesOf>[0] & { variables: object };
      plan.variables = { ...plan.variables, hidden: { value: 'secret-of-a-variable' } };
      for (const [number, { index, side, path }] of chosen.entries()) {
        const change = changesOf(plan)[index];
        if (change === undefined) continue;
        aroundPath(change[side], path)[path.at(-1) ?? ''] = `secret-${number}-${path.join('-')}`;
        change[`${side}_sensitive`] = mark(change[`${side}_sensitive`], change[side], path);
      }
      const proposal = readTerraformPlan(Buffer.from(JSON.stringify(plan)), 'plan.json', { ...catalogue, now: 0 });
      const steps = proposal.changes.flatMap(({ parts }) =>
        parts.flatMap((part) => proposal.trace(part, 'description')),
      );
      expect(JSON.stringify([proposal, steps, [...proposal.types]])).not.toMatch(/secret-/);
    }),
    { numRuns: 40 },
  );
});
