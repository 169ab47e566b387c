import { describe, expect, it } from 'vitest';
import { ProvisoErrors } from '../../src/errors.ts';
import { fileLimit, loadPolicy } from '../../src/policy/load.ts';

/** A folder in memory. */
function folder(files: Readonly<Record<string, string>>) {
  return async (file: string) => {
    const text = files[file];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${file}'`);
    return new TextEncoder().encode(text);
  };
}

const load = (files: Readonly<Record<string, string>>) => loadPolicy('acme/policies.yaml', folder(files));

/** The mistakes of a policy as `file:line:column message (hint)`. */
async function mistakes(files: Readonly<Record<string, string>> | string): Promise<readonly string[]> {
  const error = await load(typeof files === 'string' ? { 'acme/policies.yaml': files } : files).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProvisoErrors)) throw new Error(`expected mistakes, got ${String(error)}`);
  return error.errors.map(({ message, where, hint, code }) => {
    expect(code).toBe('policy');
    const place = where === undefined ? '' : `${where.file.replace('acme/', '')}:${where.line}:${where.column} `;
    return `${place}${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

const clause = `
clauses:
  1.1-data-1:
    section: 1.1 Data
    claim: Console users sign in with two factors.
    owner: platform
    verified: [rules, attested]
    rules: [iam-console-user-mfa]
`;

describe('a policy', () => {
  it('is read with its scope, parameters and clauses', async () => {
    const policy = await load({
      'acme/policies.yaml': `title: Acme
scope: { accounts: ["111122223333"], regions: [eu-west-1, us-gov-west-1] }
parameters: { bastion-ingress-restricted: { allowedCidrs: [198.51.100.0/24] } }
${clause}`,
    });
    expect(policy.title).toBe('Acme');
    expect(policy.scope).toMatchObject({ accounts: [{ id: '111122223333' }], regions: ['eu-west-1', 'us-gov-west-1'] });
    expect(policy.parameters.get('bastion-ingress-restricted')?.values).toEqual({ allowedCidrs: ['198.51.100.0/24'] });
    expect(policy.clauses).toMatchObject([
      {
        id: '1.1-data-1',
        section: '1.1 Data',
        claim: 'Console users sign in with two factors.',
        owner: 'platform',
        verification: ['rules', 'attested'],
        rules: ['iam-console-user-mfa'],
        at: { file: 'acme/policies.yaml', line: 6, column: 3 },
      },
    ]);
  });

  it('may have a clause that rules are to prove and none is bound to yet', async () => {
    const { clauses } = await load({
      'acme/policies.yaml': 'title: Acme\nclauses: { x: { claim: c, verified: [rules] } }',
    });
    expect(clauses).toMatchObject([{ id: 'x', verification: ['rules'], rules: [], rulesAt: [] }]);
  });

  it('merges the clauses of what it includes, from folders below, too', async () => {
    const policy = await load({
      'acme/policies.yaml': `title: Acme\ninclude: [frameworks/cis.yaml]${clause}`,
      'acme/frameworks/cis.yaml':
        'title: CIS\ninclude: [../more.yaml]\nclauses: { "1.10": { claim: c, verified: [rules], rules: [a] } }',
      'acme/more.yaml': 'title: More\nclauses: { "9": { claim: c, verified: [inherited] } }',
    });
    expect(policy.clauses.map(({ id }) => id)).toEqual(['1.1-data-1', '1.10', '9']);
    expect(policy.title).toBe('Acme');
  });

  it('has a digest that every one of its bytes changes, and its folder does not', async () => {
    const digest = async (root: string, cis: string) =>
      (
        await loadPolicy(
          `${root}policies.yaml`,
          folder({ [`${root}policies.yaml`]: 'title: Acme\ninclude: [cis.yaml]', [`${root}cis.yaml`]: cis }),
        )
      ).digest;
    expect(await digest('acme/', 'title: CIS')).toBe(await digest('', 'title: CIS'));
    expect(await digest('acme/', 'title: CIS')).not.toBe(await digest('acme/', 'title: CIS # 5.0'));
  });
});

describe('mistakes', () => {
  it.each([
    [
      'an unknown key',
      'titel: Acme',
      ["1:1 a policy has no 'titel' (did you mean 'title'?)", "1:1 the policy lacks 'title'"],
    ],
    ['a list', '[a]', ['1:1 a policy must be a mapping of names to values']],
    [
      'an unknown clause key',
      `title: A${clause}    rule: [x]`,
      ["9:5 clause 1.1-data-1 has no 'rule' (did you mean 'rules'?)"],
    ],
    [
      'rules that verify nothing',
      'title: A\nclauses: { x: { claim: c, verified: [attested], rules: [a] } }',
      ["2:12 clause x names rules and is not verified by them (add 'rules' to 'verified')"],
    ],
    [
      'an empty list of rules',
      'title: A\nclauses: { x: { claim: c, verified: [rules], rules: [] } }',
      ['2:53 rules must be a list with at least one item (leave it out if there is none)'],
    ],
    [
      'a way that is none',
      'title: A\nclauses: { x: { claim: c, verified: [rule], rules: [a] } }',
      ["2:38 'rule' is not a way to verify a clause (did you mean 'rules'?)"],
    ],
    ['a missing claim', 'title: A\nclauses: { x: { verified: [inherited] } }', ["2:12 clause x lacks 'claim'"]],
    [
      'a rule twice',
      'title: A\nclauses: { x: { claim: c, verified: [rules], rules: [a, a] } }',
      ["2:57 'a' is written twice"],
    ],
    [
      'a clause twice',
      'title: A\nclauses: { x: { claim: c, verified: [inherited] }, x: { claim: c, verified: [inherited] } }',
      ["2:52 'x' is written twice"],
    ],
    [
      'an account as number',
      'title: A\nscope: { accounts: [111122223333] }',
      ['2:21 111122223333 looks like an account id, but YAML reads a number (quote it: "111122223333")'],
    ],
    [
      'an account with a leading zero as number',
      'title: A\nscope: { accounts: [012345678901] }',
      ['2:21 012345678901 looks like an account id, but YAML reads a number (quote it: "012345678901")'],
    ],
    [
      'an account of other form',
      'title: A\nscope: { accounts: ["1111-2222-3333"] }',
      [`2:21 '1111-2222-3333' is not one of AWS's accounts (write it like "111122223333")`],
    ],
    [
      'a region of other form',
      'title: A\nscope: { regions: [Ireland] }',
      ["2:20 'Ireland' is not one of AWS's regions (write it like eu-west-1)"],
    ],
    [
      'an empty scope',
      'title: A\nscope: { regions: [] }',
      ['2:19 regions must be a list with at least one item (leave it out if there is none)'],
    ],
    [
      'parameters without names',
      'title: A\nparameters: { a: [1] }',
      ['2:18 parameters of a must be a mapping of names to values'],
    ],
    ['no text as title', 'title: 5', ['1:8 title must be a text (quote it: "5")']],
    [
      'broken YAML',
      'title: [',
      [
        '1:9 Flow sequence in block collection must be sufficiently indented and end with a ] ' +
          "(put text in quotes that begins with { or [, or that holds ': ' or ' #')",
      ],
    ],
  ])('are reported with their places: %s', async (_, text, expected) => {
    expect(await mistakes(text)).toEqual(expected.map((line) => `policies.yaml:${line}`));
  });

  it('are reported all at once, of all files, sorted by place', async () => {
    const found = await mistakes({
      'acme/policies.yaml':
        'title: A\ninclude: [b.yaml]\nclauses: { x: { claim: c, verified: [inherited], onwer: o } }\nwaiver: 1',
      'acme/b.yaml': 'title: B\nscope: { regions: [eu-west-1] }\nclauses: { x: { claim: c, verified: [inherited] } }',
    });
    expect(found).toEqual([
      "b.yaml:2:1 'scope' cannot stand in an included file (move it to the file that includes this one)",
      'b.yaml:3:12 clause x stands in acme/policies.yaml, too',
      "policies.yaml:3:50 clause x has no 'onwer' (did you mean 'owner'?)",
      "policies.yaml:4:1 a policy has no 'waiver' (did you mean 'waivers'?)",
    ]);
  });

  it.each([
    ['the parent', '../other/policies.yaml'],
    ['the parent by a detour', 'a/../../x.yaml'],
    ['an absolute path', '/etc/passwd'],
    ['another drive', 'C:policies.yaml'],
    ['a backslash', '..\\x.yaml'],
    ['a NUL', 'x.yaml\\0'],
  ])('includes do not lead out of the folder: %s', async (_, include) => {
    const found = await mistakes({
      'acme/policies.yaml': `title: A\ninclude: ["${include.replace(/\\(?!0)/, '\\\\')}"]`,
    });
    expect(found).toEqual([expect.stringContaining("leads out of the policy's folder")]);
  });

  it('includes do not go round in circles', async () => {
    const found = await mistakes({
      'acme/policies.yaml': 'title: A\ninclude: [b.yaml]',
      'acme/b.yaml': 'title: B\ninclude: [c.yaml]',
      'acme/c.yaml': 'title: C\ninclude: [policies.yaml, c.yaml]',
    });
    expect(found).toEqual(["c.yaml:2:11 'policies.yaml' includes itself", "c.yaml:2:26 'c.yaml' includes itself"]);
  });

  it('a file is included once', async () => {
    const found = await mistakes({
      'acme/policies.yaml': 'title: A\ninclude: [b.yaml, ./b.yaml]',
      'acme/b.yaml': 'title: B',
    });
    expect(found).toEqual(["policies.yaml:2:19 './b.yaml' is included twice"]);
  });

  it('a policy is made of a limited number of files', async () => {
    const names = Array.from({ length: fileLimit + 5 }, (_, index) => `f${index}.yaml`);
    const files = Object.fromEntries(names.map((name) => [`acme/${name}`, 'title: F']));
    const found = await mistakes({ ...files, 'acme/policies.yaml': `title: A\ninclude: [${names.join(', ')}]` });
    expect(found).toEqual([expect.stringContaining(`the policy is made of more than ${fileLimit} files`)]);
  });

  it('a file that cannot be read is named where it is included', async () => {
    expect(await mistakes({ 'acme/policies.yaml': 'title: A\ninclude: [gone.yaml]' })).toEqual([
      "policies.yaml:2:11 the policy acme/gone.yaml cannot be read: ENOENT: no such file or directory, open 'acme/gone.yaml'",
    ]);
    expect(await mistakes({})).toEqual([expect.stringContaining('the policy acme/policies.yaml cannot be read')]);
  });
});
