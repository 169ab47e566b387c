import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OperatorPlace } from '../../src/model/operator.ts';
import { runCases } from '../../src/rule/cases.ts';
import { type FrozenRule, freezeRule, thawRule } from '../../src/rule/frozen-rule.ts';
import { loadRule } from '../../src/rule/load.ts';
import type { Catalogue, Rule } from '../../src/rule/rule.ts';
import { loadCatalogue } from './catalogue.ts';

const folder = new URL('../../rules/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

async function load(path: string, shown: string): Promise<Rule> {
  return loadRule(shown, readFileSync(new URL(path, folder)), catalogue);
}

/** As it is written to a file and read from it. */
function written(rule: Rule): FrozenRule {
  return JSON.parse(JSON.stringify(freezeRule(rule, catalogue))) as FrozenRule;
}

/** Two readers are alike if they stand at the same place. */
function withoutReaders(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReaders);
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  if (catalogue.types.get((value as { type: string }).type) === value) return value;
  if (catalogue.operators.get((value as { name: string }).name) === value) return value;
  if ('rootReader' in value) {
    const { type, path, shape } = value as OperatorPlace;
    return { type, path, shape };
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutReaders(member)]));
}

describe.each(files)('%s', (path) => {
  it('is thawed as the rule that its file gives, wherever that lies', async () => {
    const frozen = written(await load(path, `built/${path}`));
    const elsewhere = `/elsewhere/${path}`;
    const thawed = await thawRule(frozen, elsewhere, catalogue);
    const read = await load(path, elsewhere);
    expect(withoutReaders(thawed)).toEqual(withoutReaders(read));
    expect(thawed.resource).toBe(read.resource);
    expect(Object.keys(thawed.parameters)).toEqual(Object.keys(read.parameters));
    expect(JSON.stringify(frozen)).not.toContain('built/');
  });

  it('judges its cases as the rule that its file gives', async () => {
    const read = await load(path, path);
    const thawed = await thawRule(written(read), path, catalogue);
    expect(runCases(thawed, catalogue)).toEqual(runCases(read, catalogue));
  });
});

const text = `title: Groups say what they are for
severity: low
resource: AWS::EC2::SecurityGroup
why: Nobody dares to change what nobody understands.
fix: { console: Describe it. }
assert: { Description: { matches: "^web" } }
pass: { long: { Description: web servers } }
fail: { short: { Description: x } }
unknown: { denied: { Description: { $unknown: denied } } }
`;

const own = () => loadRule('rules/described.yaml', Buffer.from(text), catalogue);

describe('a frozen rule', () => {
  it.each([
    ['a type', { types: new Map() }, 'the resource type AWS::EC2::SecurityGroup'],
    ['an operator', { operators: new Map() }, 'the operator matches'],
  ])('is refused by a catalogue without %s that it names', async (_what, part, message) => {
    const frozen = written(await own());
    await expect(thawRule(frozen, 'rules/described.yaml', { ...catalogue, ...part })).rejects.toThrow(message);
  });

  it('is not made of a rule whose data looks like what stands for something else', async () => {
    const rule = await own();
    const [first, ...rest] = rule.cases;
    const odd = { ...first, properties: { Description: { $type: 'AWS::EC2::SecurityGroup' } } } as Rule['cases'][0];
    expect(() => freezeRule({ ...rule, cases: [odd, ...rest] }, catalogue)).toThrow("'$type' cannot stand in a rule");
  });
});
