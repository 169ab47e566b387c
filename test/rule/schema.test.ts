import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, expect, it } from 'vitest';
import { toJson } from '../../src/model/yaml.ts';
import { parseYaml } from '../../src/model/yaml-document.ts';
import { ruleSchema } from '../../src/rule/schema.ts';
import { ruleText } from './acme.ts';
import { loadCatalogue } from './catalogue.ts';

let validate: ValidateFunction;
beforeAll(async () => {
  const schema = ruleSchema(await loadCatalogue());
  validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
});

const folder = new URL('../../rules/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

it.each(files)('%s fits the schema', (file) => {
  const { root } = parseYaml(readFileSync(new URL(file, folder), 'utf8'), file, 'rule');
  expect(validate(toJson(root)), JSON.stringify(validate.errors)).toBe(true);
});

it.each([
  ['a misspelt key', 'asert: { Port: 22 }'],
  ['a misspelt operator', 'assert: { Port: { ltee: 22 } }'],
  ['an operand of another type', 'assert: { Port: { lte: "22" } }'],
  ['every without allow-empty', 'assert: { every: { in: Disks } }'],
  ['if without then', 'assert: { if: { Port: 22 } }'],
  ['a count without a bound', 'assert: { count: { among: [{ of: AWS::IAM::User }] } }'],
  ['a count of nothing', 'assert: { count: { among: [], at-most: 1 } }'],
  ['an unknown without a reason', 'assert: { unknown: true }'],
  ['two ranges', 'assert: { some: { in: Disks, follow: volumes } }'],
  ['a parameter without a type', 'params: { most: { description: x, schema: {} } }\nassert: { Port: 22 }'],
  ['no case', 'pass: {}\nassert: { Port: 22 }'],
  ['a number as control id', 'controls: { fsbp: [5.3] }\nassert: { Port: 22 }'],
])('%s does not', (_, lines) => {
  const text = ruleText(lines).replace('Acme::Server', 'AWS::EC2::SecurityGroup');
  expect(validate(toJson(parseYaml(text, 'f', 'rule').root))).toBe(false);
});

it('a parameter may stand for an operand or a part of it', () => {
  const lines =
    'assert: { Port: { lte: { param: a } }, Name: { in: [x, { param: b }] }, permits: { port: { param: c }, from: any } }';
  const text = ruleText(lines).replace('Acme::Server', 'AWS::EC2::SecurityGroup');
  expect(validate(toJson(parseYaml(text, 'f', 'rule').root)), JSON.stringify(validate.errors)).toBe(true);
});
