import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { planned } from '../../src/model/planned.ts';
import type { Json } from '../../src/model/value.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { aroundPath, pathsIn } from '../sources/known-later.ts';
import { judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const place = { account: '111122223333', region: 'eu-west-1' };
const fixtures = new URL('../fixtures/', import.meta.url);
const parity = readdirSync(new URL('parity', fixtures)).map((folder) => `parity/${folder}/plan.json`);
const plans = [
  ...parity.filter((file) => existsSync(new URL(file, fixtures))),
  'plans/create.json',
  'plans/change.json',
];

interface Plan {
  readonly resource_changes: readonly { readonly change: { readonly after: Json } }[];
}

let question: Question;

beforeAll(async () => {
  question = await shippedQuestion();
});

async function verdictsOn(plan: Plan): Promise<ReadonlyMap<string, string>> {
  const bytes = Buffer.from(JSON.stringify(plan));
  const proposal = readTerraformPlan(bytes, 'plan.json', { ...question.catalogue, ...place, now });
  const { results } = await judge(question, planned(proposal, question.catalogue.types).after, now);
  return new Map(
    results.map(({ rule, resource, region, outcome }) => [`${rule} ${resource?.declared?.address ?? region}`, outcome]),
  );
}

/** Every value of what a plan leaves, one after the other, put to something else. */
function* distorted(text: string, distort: (around: Record<string | number, Json>, step: string | number) => void) {
  for (const [index, { change }] of (JSON.parse(text) as Plan).resource_changes.entries())
    for (const path of pathsIn(change.after)) {
      const plan = JSON.parse(text) as Plan;
      distort(aroundPath(plan.resource_changes[index]?.change.after ?? null, path), path.at(-1) ?? '');
      yield { plan, what: `${index} ${path.join('.')}` };
    }
}

describe('a plan whose values are of another kind', () => {
  test.each(plans)('passes nothing of %s that did not pass before', async (file) => {
    const text = readFileSync(new URL(file, fixtures), 'utf8');
    const before = await verdictsOn(JSON.parse(text));
    const swap = (around: Record<string | number, Json>, step: string | number) => {
      around[step] = typeof around[step] === 'object' && around[step] !== null ? 7 : { odd: [true] };
    };
    const turned: string[] = [];
    for (const { plan, what } of distorted(text, swap))
      for (const [key, outcome] of await verdictsOn(plan))
        if (outcome === 'pass' && (before.get(key) ?? 'pass') !== 'pass') turned.push(`${key} when ${what} is odd`);
    expect(turned).toEqual([]);
  });
});

describe('a plan that lacks a value', () => {
  test.each(plans)('is judged all the same: %s', async (file) => {
    const text = readFileSync(new URL(file, fixtures), 'utf8');
    const drop = (around: Record<string | number, Json>, step: string | number) => {
      if (Array.isArray(around)) around.splice(Number(step), 1);
      else delete around[step];
    };
    for (const { plan, what } of distorted(text, drop)) expect((await verdictsOn(plan)).size, what).toBeGreaterThan(0);
  });
});
