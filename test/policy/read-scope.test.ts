import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ProvisoErrors } from '../../src/errors.ts';
import { validatePolicyDocument } from '../../src/model/validate-policy.generated.ts';
import { loadPolicy } from '../../src/policy/load.ts';

const role = 'arn:aws:iam::444455556666:role/audit/ProvisoAuditor';

function document(accounts: string): string {
  return `title: Acme\nscope:\n  accounts:\n${accounts.replaceAll(/^/gm, '    ')}\n`;
}

async function load(accounts: string) {
  const bytes = new TextEncoder().encode(document(accounts));
  return (await loadPolicy('policies.yaml', async () => bytes)).scope.accounts;
}

async function mistakes(accounts: string): Promise<readonly string[]> {
  const error = await load(accounts).then(
    () => undefined,
    (raised: unknown) => raised,
  );
  if (!(error instanceof ProvisoErrors)) throw new Error(`expected mistakes, got ${String(error)}`);
  return error.errors.map(({ message, where, hint }) => `${where?.line}:${where?.column} ${message} (${hint})`);
}

describe('accounts of the scope', () => {
  it('are ids, or ids with a name and the role that leads there', async () => {
    const accounts = `- "111122223333"
- { id: "444455556666", name: staging, role: "${role}", external-id: acme-1 }
- { id: "777788889999" }`;
    expect(await load(accounts)).toMatchObject([
      { id: '111122223333', at: { line: 4, column: 7 } },
      { id: '444455556666', name: 'staging', role, externalId: 'acme-1' },
      { id: '777788889999' },
    ]);
    expect(validatePolicyDocument(parse(document(accounts)))).toBe(true);
  });

  it.each([
    [
      'a number',
      '- { id: 444455556666 }',
      ['4:13 444455556666 looks like an account id, but YAML reads a number (quote it: "444455556666")'],
    ],
    ['no id', '- { name: staging }', ["4:7 an account lacks 'id' (undefined)"]],
    ['a short id', '- { id: "4444" }', [`4:13 '4444' is not one of AWS's accounts (write it like "111122223333")`]],
    ['an id twice', '- "111122223333"\n- { id: "111122223333" }', ["5:13 '111122223333' is written twice (undefined)"]],
    [
      'an unknown key',
      '- { id: "444455556666", externalId: a-1 }',
      ["4:29 an account has no 'externalId' (did you mean 'external-id'?)"],
    ],
    [
      'the role of another account',
      '- { id: "444455556666", role: "arn:aws:iam::111122223333:role/ProvisoAuditor" }',
      [
        '4:35 the role is one of account 111122223333, and not of 444455556666 ' +
          '(write it like arn:aws:iam::444455556666:role/ProvisoAuditor)',
      ],
    ],
    [
      "a role's name",
      '- { id: "444455556666", role: ProvisoAuditor }',
      ['4:35 this is not the ARN of a role (write it like arn:aws:iam::444455556666:role/ProvisoAuditor)'],
    ],
    [
      'an external id without a role',
      '- { id: "444455556666", external-id: acme-1 }',
      ["4:42 an external id is of use with a role alone (add 'role')"],
    ],
    [
      'no list',
      '"111122223333"',
      ['4:5 accounts must be a list with at least one item (leave it out if there is none)'],
    ],
  ])('%s is a mistake', async (_name, accounts, expected) => {
    expect(await mistakes(accounts)).toEqual(expected);
    expect(validatePolicyDocument(parse(document(accounts)))).toBe(
      expected.join('').includes('twice') || isOfAnother(accounts),
    );
  });

  it('an external id that cannot be one is refused without being repeated', async () => {
    const secret = 'not an id';
    const found = await mistakes(`- { id: "444455556666", role: "${role}", external-id: "${secret}" }`);
    expect(found).toEqual(['4:103 this is no external id (it has 2 to 1224 letters, digits and +=,.@:/-_)']);
    expect(found.join('')).not.toContain(secret);
  });
});

/** What a schema cannot say: that two of its values must fit. */
function isOfAnother(accounts: string): boolean {
  return accounts.includes('role/') && !accounts.includes('444455556666:role');
}
