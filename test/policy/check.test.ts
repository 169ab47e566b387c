import { expect, it } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { checkPolicy, type Misgiven } from '../../src/policy/check.ts';
import { loadPolicy } from '../../src/policy/load.ts';

const rules = [{ id: 'sg-no-public-ssh' }, { id: 'bastion-ingress-restricted' }];

/** Stands for the rules' own check: everything named `bad...` is wrong where its first list item or member is. */
function check(_: { readonly id: string }, values: Readonly<Record<string, Json>>): readonly Misgiven[] {
  return Object.keys(values).flatMap((name): Misgiven[] => {
    if (name === 'badName') return [{ name, at: [], key: name, message: 'no such parameter', hint: 'try another' }];
    if (name === 'badItem') return [{ name, at: [1], message: 'not this one' }];
    if (name === 'badMember') return [{ name, at: [0], key: 'to', message: 'no such member' }];
    return [];
  });
}

async function mistakes(text: string): Promise<readonly string[]> {
  const policy = await loadPolicy('policies.yaml', async () => new TextEncoder().encode(text));
  return checkPolicy(policy, rules, check).map(
    ({ where, message, hint }) => `${where?.line}:${where?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

it('a policy that names what exists is right', async () => {
  const text = `title: Acme
parameters: { bastion-ingress-restricted: { allowedCidrs: [] } }
clauses: { x: { claim: c, verified: [rules], rules: [sg-no-public-ssh] } }`;
  expect(await mistakes(text)).toEqual([]);
});

it.each([
  [
    'a rule of a clause',
    'clauses: { x: { claim: c, verified: [rules], rules: [sg-no-public-shs] } }',
    "2:54 there is no rule 'sg-no-public-shs' (did you mean 'sg-no-public-ssh'?)",
  ],
  [
    'a rule with parameters',
    'parameters: { bastion-ingres-restricted: { a: 1 } }',
    "2:15 there is no rule 'bastion-ingres-restricted' (did you mean 'bastion-ingress-restricted'?)",
  ],
  [
    'a parameter',
    'parameters: { sg-no-public-ssh: { good: 1, badName: 2 } }',
    '2:44 sg-no-public-ssh: no such parameter (try another)',
  ],
  [
    'an item of a value',
    'parameters: { sg-no-public-ssh: { badItem: [1, 2] } }',
    '2:48 sg-no-public-ssh: not this one',
  ],
  [
    'a member of a value',
    'parameters: { sg-no-public-ssh: { badMember: [{ from: 1, to: 2 }] } }',
    '2:58 sg-no-public-ssh: no such member',
  ],
])('%s that is wrong is reported where it stands', async (_, text, expected) => {
  expect(await mistakes(`title: Acme\n${text}`)).toEqual([expected]);
});
