import type { SimulatedAccount, SimulatedRole } from './account.ts';
import type { Chosen } from './choose-answer.ts';
import type { ReadRequest } from './read-request.ts';

/** Long after every test and demo. */
const never = '2099-01-01T00:00:00.000Z';

/** The access key of a role's sessions names the account, so that each later request shows whose it is. */
function accessKey(account: string, index: number): string {
  return `ASIA${account}${String(index).padStart(4, '0')}`;
}

/** The account whose credentials signed a request: that of a role's sessions, else the first, whoever asks. */
export function accountOf(
  accounts: readonly SimulatedAccount[],
  accessKeyId: string | undefined,
): SimulatedAccount | undefined {
  const named = /^ASIA(\d{12})\d{4}$/.exec(accessKeyId ?? '')?.[1];
  return accounts.find(({ account }) => account === named) ?? accounts[0];
}

function findRole(
  accounts: readonly SimulatedAccount[],
  arn: unknown,
): { readonly role: SimulatedRole; readonly key: string } | undefined {
  for (const { account, roles = [] } of accounts) {
    const index = roles.findIndex((role) => role.arn === arn);
    const role = roles[index];
    if (role !== undefined) return { role, key: accessKey(account, index) };
  }
  return undefined;
}

/** What comes of asking for a role; undefined for any other request. A role that is not there is denied, as by AWS. */
export function grantRole(
  accounts: readonly SimulatedAccount[],
  caller: SimulatedAccount,
  { service, name, input }: ReadRequest,
): Chosen | undefined {
  if (service.service !== 'sts' || name !== 'AssumeRole') return undefined;
  const found = findRole(accounts, input.RoleArn);
  if (found === undefined || found.role.externalId !== input.ExternalId) {
    const role = JSON.stringify(input.RoleArn ?? '');
    const message = `User: ${caller.caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`;
    return { error: { name: 'AccessDenied', status: 403, message } };
  }
  const { key, role } = found;
  const session = { SecretAccessKey: 'example', SessionToken: 'example', Expiration: role.expires ?? never };
  return { value: { Credentials: { AccessKeyId: key, ...session } } };
}
