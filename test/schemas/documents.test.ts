import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { assess } from '../../src/assess.ts';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { ProvisoErrors } from '../../src/errors.ts';
import { severities, verifications } from '../../src/finding/finding.ts';
import { resultLine } from '../../src/finding/result-line.ts';
import { memorySnapshot } from '../../src/model/memory-snapshot.ts';
import { schemaErrors, schemaMistakes, type Validate } from '../../src/model/schema-errors.ts';
import { validateAssessment } from '../../src/model/validate-assessment.generated.ts';
import { validateAssessmentResult } from '../../src/model/validate-assessment-result.generated.ts';
import { validatePolicyDocument } from '../../src/model/validate-policy.generated.ts';
import { validateRuleDocument } from '../../src/model/validate-rule.generated.ts';
import { validateSnapshotCall } from '../../src/model/validate-snapshot-call.generated.ts';
import { validateSnapshotManifest } from '../../src/model/validate-snapshot-manifest.generated.ts';
import { validateSnapshotRecord } from '../../src/model/validate-snapshot-record.generated.ts';
import { canonicalJson, unknownReasons } from '../../src/model/value.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { fixKeys, ruleKeys } from '../../src/rule/check.ts';
import { loadRule } from '../../src/rule/load.ts';
import { ruleSchema } from '../../src/rule/schema.ts';
import { ends, facts, ledger, mallory, records } from '../model/snapshot-fixture.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8');

async function ruleFiles(): Promise<readonly string[]> {
  const files = await readdir(join(root, 'rules'), { recursive: true });
  return files.filter((file) => file.endsWith('.yaml')).sort();
}

const policyText = `title: Acme
scope: { accounts: ["111122223333"], regions: [eu-west-1] }
include: [cis.yaml]
parameters: { sg-no-public-ssh: { ports: [22] } }
clauses:
  "1.1": { section: Doors, claim: Nobody reaches SSH, owner: platform, verified: [rules, attested], rules: [sg-no-public-ssh] }
  "1.2": { claim: Guards stand at the door, verified: [inherited] }
  "1.3": { claim: No rule is bound to it yet, verified: [rules] }
`;

const ruleText = `$schema: ../../schemas/rule.schema.json
title: No group is open
severity: high
resource: AWS::EC2::SecurityGroup
why: Because.
fix: { cli: aws ec2 help }
controls: { fsbp: [EC2.13] }
params: { most: { description: How many, schema: { type: integer, minimum: 0, maximum: 9 }, default: 1 } }
when: { VpcId: { exists: true } }
assert: { GroupName: web }
message: "{GroupName} is open"
pass: { a: { GroupName: web } }
fail: { b: { GroupName: app } }
unknown: { c: { GroupName: { $unknown: denied } } }
not-applicable: { d: {} }
`;

describe('our own documents are valid', () => {
  test('the policy', async () => {
    expect(schemaMistakes(validatePolicyDocument, parse(await read('policies.yaml')))).toEqual([]);
    expect(schemaMistakes(validatePolicyDocument, parse(policyText))).toEqual([]);
  });

  test('every rule', async () => {
    const files = await ruleFiles();
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect([file, schemaMistakes(validateRuleDocument, parse(await read(`rules/${file}`)))]).toEqual([file, []]);
    }
    expect(schemaMistakes(validateRuleDocument, parse(ruleText))).toEqual([]);
  });

  test('a snapshot', () => {
    const { manifest } = memorySnapshot(facts, ledger, records, ends);
    expect(schemaMistakes(validateSnapshotManifest, JSON.parse(canonicalJson(manifest)))).toEqual([]);
    for (const record of records) expect(schemaMistakes(validateSnapshotRecord, record)).toEqual([]);
    for (const call of ledger) expect(schemaMistakes(validateSnapshotCall, call)).toEqual([]);
  });

  test('an assessment by all rules', async () => {
    const catalogue = await loadCatalogue();
    const rules = await Promise.all(
      (await ruleFiles()).map(async (file) => loadRule(file, await readFile(join(root, `rules/${file}`)), catalogue)),
    );
    const policy = await loadPolicy('policies.yaml', (file) => readFile(join(root, file)));
    const snapshot = memorySnapshot(facts, ledger, records, ends);
    const run = assess({ snapshot, policy, rules, catalogue, now: Date.UTC(2026, 10, 24) });
    let results = 0;
    for (let step = await run.next(); ; step = await run.next()) {
      if (step.done === true) {
        const summary = JSON.parse(canonicalJson(step.value));
        expect(schemaMistakes(validateAssessment, summary)).toEqual([]);
        break;
      }
      for (const result of step.value) {
        expect(schemaMistakes(validateAssessmentResult, JSON.parse(resultLine(result)))).toEqual([]);
        results += 1;
      }
    }
    expect(results).toBeGreaterThan(rules.length);
  });
});

interface Node {
  readonly at: readonly (string | number)[];
  readonly key: string;
}

/** Every key of a document, but those of maps whose keys are free. */
function keysOf(value: unknown, free: (at: string) => boolean, at: readonly (string | number)[] = []): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = !Array.isArray(value) && !free(at.join('.')) ? Object.keys(value).map((key) => ({ at, key })) : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, inner]) =>
      keysOf(inner, free, [...at, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** The document with one key misspelt by its last letter. */
function misspell(document: unknown, { at, key }: Node): unknown {
  const copy = structuredClone(document);
  // biome-ignore lint/suspicious/noExplicitAny: the document may have any form
  const parent = at.reduce<any>((inner, step) => inner[step], copy);
  parent[`${key}x`] = parent[key];
  delete parent[key];
  return copy;
}

const manifest = JSON.parse(canonicalJson(memorySnapshot(facts, ledger, records, ends).manifest));
const documents: readonly [name: string, Validate, document: unknown, free: RegExp][] = [
  ['manifest', validateSnapshotManifest, manifest, /^$^/],
  ['record', validateSnapshotRecord, mallory, /^(properties|calls|gaps)(\..*)?$/],
  ['call', validateSnapshotCall, ledger[0], /^input/],
  ['policy', validatePolicyDocument, parse(policyText), /^(parameters.*|clauses)$/],
  [
    'rule',
    validateRuleDocument,
    parse(ruleText),
    /^(params|controls|(when|assert|pass|fail|unknown|not-applicable)(\..*)?)$/,
  ],
];

test.each(documents)(
  'each misspelt key of a %s is one mistake that names the right one',
  (_, validate, document, free) => {
    const keys = keysOf(document, (at) => free.test(at));
    expect(keys.length).toBeGreaterThan(5);
    for (const node of keys) {
      const mistakes = schemaMistakes(validate, misspell(document, node));
      const [wrong] = mistakes.filter(({ at }) => at.at(-1) === `${node.key}x`);
      expect([node.key, wrong?.hint]).toEqual([node.key, `did you mean '${node.key}'?`]);
      // Beside it, only the complaint that something required is missing.
      expect(
        mistakes.filter((mistake) => mistake !== wrong && !/is missing|cannot stand/.test(mistake.message)),
      ).toEqual([]);
    }
  },
);

describe('the policy schema and the policy reader refuse the same', () => {
  const cases: readonly [name: string, text: string][] = [
    ['no title', 'clauses: {}'],
    ['a title of blanks', 'title: "  "'],
    ['a clause without a claim', 'title: A\nclauses: { "1": { verified: [inherited] } }'],
    ['a clause without a way', 'title: A\nclauses: { "1": { claim: B } }'],
    ['an unknown way', 'title: A\nclauses: { "1": { claim: B, verified: [trust] } }'],
    ['a way twice', 'title: A\nclauses: { "1": { claim: B, verified: [inherited, inherited] } }'],
    ['no way', 'title: A\nclauses: { "1": { claim: B, verified: [] } }'],
    ['a section of blanks', 'title: A\nclauses: { "1": { section: " ", claim: B, verified: [inherited] } }'],
    ['rules that do not verify', 'title: A\nclauses: { "1": { claim: B, verified: [attested], rules: [c] } }'],
    ['a short account', 'title: A\nscope: { accounts: ["1234"] }'],
    ['an account that is a number', 'title: A\nscope: { accounts: [111122223333] }'],
    ['a region in words', 'title: A\nscope: { regions: [Ireland] }'],
    ['an empty scope list', 'title: A\nscope: { regions: [] }'],
    ['an unknown key', 'title: A\nclause: {}'],
    ['clauses in a list', 'title: A\nclauses: []'],
    ['parameters that are text', 'title: A\nparameters: { a: b }'],
    ['an owner that is a list', 'title: A\nclauses: { "1": { claim: B, verified: [inherited], owner: [x] } }'],
  ];

  test.each(cases)('%s', async (_, text) => {
    expect(schemaMistakes(validatePolicyDocument, parse(text)).length).toBeGreaterThan(0);
    await expect(loadPolicy('p.yaml', async () => Buffer.from(text))).rejects.toBeInstanceOf(ProvisoErrors);
  });

  test('and take the same', async () => {
    const text = policyText.replace(/include.*\n/, '');
    expect(schemaMistakes(validatePolicyDocument, parse(text))).toEqual([]);
    expect((await loadPolicy('p.yaml', async () => Buffer.from(text))).clauses).toHaveLength(3);
  });
});

describe('the rule schema', () => {
  const rule = parse(ruleText);
  const without = (key: string) => Object.fromEntries(Object.entries(rule).filter(([name]) => name !== key));
  const messages = (value: unknown) => schemaMistakes(validateRuleDocument, value).map(({ message }) => message);

  test.each([
    ['neither resource nor scope', without('resource'), "'resource' is missing from the document"],
    ['both', { ...rule, scope: 'account' }, 'resource cannot stand here, given what stands beside it'],
    ['no unknown case', { ...rule, unknown: {} }, 'unknown must have at least 1 entry'],
    [
      'another severity',
      { ...rule, severity: 'hihg' },
      'severity must be one of critical, high, medium, low, info, but is "hihg"',
    ],
    ['an id that is a number', { ...rule, controls: { cis: [5.3] } }, 'controls.cis[0] must be text, but is 5.3'],
    ['a parameter with a hyphen', { ...rule, params: { 'a-b': rule.params.most } }, '"a-b" cannot be a name in params'],
    [
      'a parameter of unknown type',
      { ...rule, params: { most: { description: 'x', schema: { type: 'int' } } } },
      'params.most.schema.type must be one of string, number, integer, boolean, array, object, but is "int"',
    ],
    ['an empty fix', { ...rule, fix: {} }, 'fix must have at least 1 entry'],
  ])('refuses %s', (_, document, message) => {
    expect(messages(document)).toEqual([message]);
  });

  test('takes an account as a whole', () => {
    expect(messages({ ...without('resource'), scope: 'account' })).toEqual([]);
  });

  test('has the words of the one that is made from the operators', async () => {
    const schema = JSON.parse(await read('schemas/rule.schema.json'));
    const made = JSON.parse(JSON.stringify(ruleSchema(await loadCatalogue())));
    expect(Object.keys(made.properties).sort()).toEqual(Object.keys(schema.properties).sort());
    expect(new Set(made.required)).toEqual(new Set(schema.required));
  });

  test('knows the words of the rule checker', async () => {
    const schema = JSON.parse(await read('schemas/rule.schema.json'));
    expect(Object.keys(schema.properties).sort()).toEqual([...ruleKeys].sort());
    expect(Object.keys(schema.properties.fix.properties).sort()).toEqual([...fixKeys].sort());
    expect(schema.properties.severity.enum).toEqual(severities);
  });
});

test('schemas list the words that the program knows', async () => {
  const policy = JSON.parse(await read('schemas/policy.schema.json'));
  expect(policy.$defs.clause.properties.verified.items.enum).toEqual(verifications);
  const texts = await Promise.all(
    ['snapshot-manifest', 'snapshot-record', 'assessment', 'assessment-result'].map((name) =>
      read(`schemas/${name}.schema.json`),
    ),
  );
  for (const text of texts) {
    const found: unknown[] = [];
    JSON.parse(text, (_, value) => {
      if (Array.isArray(value?.enum) && value.enum.includes('known-after-apply')) found.push(value.enum);
      return value;
    });
    expect(found.length).toBeGreaterThan(0);
    for (const reasons of found) expect(reasons).toEqual(unknownReasons);
  }
});

test('a mistake becomes an error with its place, and what to do', () => {
  const place = { file: 'p.yaml', line: 3, column: 1 };
  const [error] = schemaErrors('policy', validatePolicyDocument, { titel: 'A', title: 'B' }, () => place, 'read on');
  expect(error).toMatchObject({
    code: 'policy',
    message: '"titel" is not known in the document',
    where: place,
    hint: "did you mean 'title'?",
  });
  const [other] = schemaErrors('policy', validatePolicyDocument, {}, () => undefined, 'read on');
  expect(other).toMatchObject({ message: "'title' is missing from the document", where: undefined, hint: 'read on' });
});

describe('every schema', async () => {
  const files = (await readdir(join(root, 'schemas'))).filter((file) => file.endsWith('.json'));

  test.each(files)('%s names itself, says what it is, and closes each object or says that it is open', async (file) => {
    const schema = JSON.parse(await read(`schemas/${file}`));
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toBe(`urn:proviso:schema:${file.replace('.schema.json', '')}`);
    expect(schema.title).toBeTruthy();
    JSON.parse(JSON.stringify(schema), (_, value) => {
      if (value?.type === 'object' && value.properties !== undefined) {
        expect(value).toHaveProperty('additionalProperties');
        for (const [key, member] of Object.entries<object>(value.properties)) {
          expect([
            key,
            'description' in member ||
              '$ref' in member ||
              'items' in member ||
              'const' in member ||
              'additionalProperties' in member,
          ]).toEqual([key, true]);
        }
      }
      return value;
    });
  });
});
