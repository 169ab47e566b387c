import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkRuleFile } from '../../src/rule/load.ts';
import type { Vocabulary } from '../../src/rule/rule.ts';
import { loadCatalogue } from './catalogue.ts';

const facts: Readonly<Record<string, { readonly type: string }>> = JSON.parse(
  readFileSync(new URL('../../src/resources/facts.json', import.meta.url), 'utf8'),
);

/** All that there is to say of a type in data but how it is collected, declared, and kept from change. */
const elsewhere = ['listing', 'derived', 'frozen', 'brings', 'invented', 'terraform', 'cloudformation'];

test('the facts by which rules are checked are those of the resource types, all of them and in their order', async () => {
  const { types } = await loadCatalogue();
  expect(Object.keys(facts)).toEqual([...types.keys()]);
  for (const [name, type] of types) {
    const own = Object.entries(type).filter(([key]) => !elsewhere.includes(key));
    const groups =
      type.groups === undefined
        ? {}
        : { groups: Object.fromEntries(Object.keys(type.groups).map((group) => [group, true])) };
    expect(facts[name], name).toEqual({ ...Object.fromEntries(own), ...groups });
  }
});

const rule = (assert: string) =>
  Buffer.from(`title: One
severity: low
resource: AWS::EC2::Instance
why: So.
fix: { console: Do. }
assert: ${assert}
pass: { a: {} }
fail: { b: {} }
unknown: { c: { InstanceId: { $unknown: denied } } }
`);

test.each([
  '{ InstanceId: x }',
  '{ InstanceIdd: x }',
  '{ tag.Owner: { exists: true } }',
  '{ some: { follow: securityGroups, where: { GroupName: x } } }',
  '{ some: { follow: securityGroup, where: { GroupName: x } } }',
  '{ some: { of: AWS::EC2::SecurityGroups } }',
])('what is wrong with %s is told by the facts as it is by the types', async (assert) => {
  const catalogue = await loadCatalogue();
  const lean = { ...catalogue, types: new Map(Object.entries(facts)) } as unknown as Vocabulary;
  const outcome = (vocabulary: Vocabulary) =>
    checkRuleFile('rules/one.yaml', rule(assert), vocabulary).then(
      ({ reads }) => [...reads],
      (error: unknown) => error,
    );
  expect(await outcome(lean)).toEqual(await outcome(catalogue));
});
