import type { YamlNode } from '../model/yaml.ts';
import type { Scope, ScopedAccount } from './policy.ts';
import { complain, known, type Placed, type Problems, textOf, textsOf } from './reading.ts';

const accountId = /^\d{12}$/;
const regionName = /^[a-z]{2,5}(?:-[a-z]{2,20}){1,3}-\d{1,2}$/;
const roleArn = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):role\/(?:[!-.0-~]{1,510}\/)?[\w+=,.@-]{1,64}$/;
/** AWS's own form of an external id. */
const externalIdForm = /^[\w+=,.@:/-]{2,1224}$/;
const accountKeys = ['id', 'name', 'role', 'external-id'];

/** An error about the form of something names it as written. */
function demand(item: Placed, form: RegExp, what: string, example: string, problems: Problems): void {
  if (!form.test(item.text))
    complain(problems, item.at, `'${item.text}' is not one of AWS's ${what}`, `write it like ${example}`);
}

/** The role must lead into the account that it stands beside. */
function checkRole(role: Placed, id: string, problems: Problems): void {
  const account = roleArn.exec(role.text)?.[1];
  const example = `arn:aws:iam::${accountId.test(id) ? id : '111122223333'}:role/ProvisoAuditor`;
  if (account === undefined) complain(problems, role.at, 'this is not the ARN of a role', `write it like ${example}`);
  else if (accountId.test(id) && account !== id)
    complain(problems, role.at, `the role is one of account ${account}, and not of ${id}`, `write it like ${example}`);
}

function accountOf(node: YamlNode, problems: Problems): ScopedAccount | undefined {
  if (node.kind === 'map') return describedAccount(node, problems);
  const id = textOf(node, 'each item of accounts', problems);
  if (id === undefined) return undefined;
  demand({ text: id, at: node.at }, accountId, 'accounts', '"111122223333"', problems);
  return { id, at: node.at };
}

function describedAccount(node: YamlNode, problems: Problems): ScopedAccount {
  const entries = known(node, 'an account', accountKeys, problems);
  const placed = (key: string): Placed | undefined => {
    const value = entries.get(key)?.value;
    const text = value && textOf(value, `${key} of an account`, problems);
    return value === undefined || text === undefined ? undefined : { text, at: value.at };
  };
  const [id, name, role, externalId] = [placed('id'), placed('name'), placed('role'), placed('external-id')];
  if (!entries.has('id')) complain(problems, node.at, "an account lacks 'id'");
  if (id !== undefined) demand(id, accountId, 'accounts', '"111122223333"', problems);
  if (role !== undefined) checkRole(role, id?.text ?? '', problems);
  if (externalId !== undefined) checkExternalId(externalId, entries.has('role'), problems);
  return {
    id: id?.text ?? '',
    ...(name && { name: name.text }),
    ...(role && { role: role.text }),
    ...(externalId && { externalId: externalId.text }),
    at: id?.at ?? node.at,
  };
}

/** The message does not repeat it: it belongs to two parties alone. */
function checkExternalId({ text, at }: Placed, hasRole: boolean, problems: Problems): void {
  if (!externalIdForm.test(text))
    complain(problems, at, 'this is no external id', 'it has 2 to 1224 letters, digits and +=,.@:/-_');
  if (!hasRole) complain(problems, at, 'an external id is of use with a role alone', "add 'role'");
}

function accountsOf(node: YamlNode, problems: Problems): readonly ScopedAccount[] {
  if (node.kind !== 'list' || node.items.length === 0) {
    complain(problems, node.at, 'accounts must be a list with at least one item', 'leave it out if there is none');
    return [];
  }
  const seen = new Set<string>();
  return node.items.flatMap((item) => {
    const account = accountOf(item, problems);
    if (account === undefined) return [];
    if (account.id !== '' && seen.has(account.id)) complain(problems, account.at, `'${account.id}' is written twice`);
    seen.add(account.id);
    return [account];
  });
}

/** Reads what a policy applies to, and how each of its accounts is reached; what is wrong goes to `problems`. */
export function readScope(node: YamlNode | undefined, problems: Problems): Scope {
  if (node === undefined) return {};
  const entries = known(node, 'scope', ['accounts', 'regions'], problems);
  const accounts = entries.get('accounts');
  const regions = entries.has('regions') ? textsOf(entries.get('regions')?.value, 'regions', problems) : undefined;
  for (const region of regions ?? []) demand(region, regionName, 'regions', 'eu-west-1', problems);
  return {
    ...(accounts === undefined ? {} : { accounts: accountsOf(accounts.value, problems) }),
    ...(regions === undefined ? {} : { regions: regions.map(({ text }) => text) }),
  };
}
