import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from './plan-of.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const secret = 'hunter2';

/** The way from an attribute of the one group of a plan, which is in the module `module.outer["a"].module.inner`. */
function trace(expressions: object, attribute: string): readonly string[] {
  const type = 'aws_security_group';
  const resource = {
    mode: 'managed',
    type,
    name: 'web',
    expressions,
    for_each_expression: { references: ['var.areas'] },
  };
  const inner = {
    resources: [resource],
    variables: { cidrs: {}, areas: {}, fixed: {}, round: {} },
  };
  const outer = {
    module_calls: {
      inner: {
        expressions: {
          cidrs: { references: ['module.cidrs.all', 'module.cidrs', 'each.value'] },
          areas: { references: ['local.areas'] },
          fixed: { constant_value: secret },
          round: { references: ['var.round'] },
        },
        module: inner,
      },
      cidrs: {
        // A circle, which Terraform would refuse.
        expressions: { round: { references: ['module.cidrs.all', 'module.cidrs'] } },
        module: {
          outputs: {
            all: { expression: { references: ['var.round', 'data.aws_vpc.main.cidr_block', 'data.aws_vpc.main'] } },
          },
        },
      },
    },
  };
  const root_module = {
    variables: { office: {}, branches: {} },
    module_calls: {
      outer: {
        expressions: { round: { references: ['var.office[0].cidr', 'var.office[0]', 'var.office'] } },
        for_each_expression: { references: ['var.branches'] },
        module: outer,
      },
    },
  };
  const module = 'module.outer["a"].module.inner';
  const address = `${module}.${type}.web["x"]`;
  const change = { actions: ['create'], before: null, after: { name: secret }, after_sensitive: { name: true } };
  const entry = { address, module_address: module, mode: 'managed', type, name: 'web', index: 'x', change };
  const bytes = planOf(
    {},
    { resource_changes: [entry], configuration: { root_module }, variables: { office: { value: secret } } },
  );
  const proposal = readTerraformPlan(bytes, 'plan.json', { ...catalogue, now: 0 });
  const [part] = proposal.changes[0]?.parts ?? [];
  if (part === undefined) throw new Error('the plan has no group');
  const steps = proposal.trace(part, attribute);
  expect(JSON.stringify(steps)).not.toContain(secret);
  return steps.map(({ expression }) => expression);
}

const cidrs = { references: ['var.cidrs'] };
const throughOutput = [
  'module.outer.module.inner.var.cidrs',
  'module.outer.module.cidrs.all',
  'module.outer.module.cidrs.var.round',
  'module.outer.module.cidrs.data.aws_vpc.main.cidr_block',
  'module.outer.each.value',
];

describe('the way from an attribute', () => {
  test.each<[string, object, string, readonly string[]]>([
    ['leads through calls and outputs, and not round in a circle', { name: cidrs }, 'name', throughOutput],
    [
      'begins at an attribute of a block',
      { ingress: [{ protocol: {}, cidr_blocks: cidrs }] },
      'ingress.cidr_blocks',
      throughOutput,
    ],
    [
      'begins at all attributes of a block',
      { ingress: [{ protocol: {}, cidr_blocks: cidrs }] },
      'ingress',
      throughOutput,
    ],
    ['begins at an item by its number', { ingress: [{ cidr_blocks: cidrs }] }, 'ingress[0].cidr_blocks', throughOutput],
    [
      'leads on from a variable that is passed on',
      { name: { references: ['var.round'] } },
      'name',
      ['module.outer.module.inner.var.round', 'module.outer.var.round', 'var.office[0].cidr'],
    ],
    [
      'leads from each.key to what is repeated',
      { name: { references: ['each.key'] } },
      'name',
      ['module.outer.module.inner.each.key', 'module.outer.module.inner.var.areas', 'module.outer.local.areas'],
    ],
    [
      'ends at what is written in a call',
      { name: { references: ['var.fixed'] } },
      'name',
      ['module.outer.module.inner.var.fixed'],
    ],
    [
      'ends at another resource',
      { name: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } },
      'name',
      ['module.outer.module.inner.aws_vpc.main.id'],
    ],
    ['has no steps for what is written there', { name: { constant_value: secret } }, 'name', []],
    ['has no steps for what is not written', {}, 'name', []],
    ['has no steps for names that every object has', {}, 'constructor', []],
  ])('%s', (_, expressions, attribute, steps) => {
    expect(trace(expressions, attribute)).toEqual(steps);
  });

  test('is never long', () => {
    const many = Array.from({ length: 100 }, (_, index) => `local.number_${index}`);
    expect(trace({ name: { references: many } }, 'name')).toHaveLength(24);
  });
});
