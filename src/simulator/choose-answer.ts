import { canonicalJson, type Json, type JsonObject } from '../model/value.ts';
import type { DeclaredAnswer, DeclaredError, SimulatedAccount } from './account.ts';
import type { ReadRequest } from './read-request.ts';
import { outputOf } from './write-answer.ts';

export type Chosen = { readonly value: JsonObject } | { readonly error: DeclaredError };

/**
 * What the account's state says to a request, before it is paged.
 *
 * @param granted what comes of asking for a role
 */
export function chooseAnswer(account: SimulatedAccount, request: ReadRequest, granted: Chosen | undefined): Chosen {
  const declared = declaredFor(account, request);
  if (declared === undefined) return granted ?? undeclared(account, request);
  if (!isList(declared)) return { value: declared };
  const match = declared.find(({ when }) => matches(when, request.input));
  if (match === undefined) return undeclared(account, request);
  return 'error' in match ? { error: match.error } : { value: match.then };
}

function isList(declared: DeclaredAnswer): declared is Exclude<DeclaredAnswer, JsonObject> {
  return Array.isArray(declared);
}

function declaredFor({ answers }: SimulatedAccount, request: ReadRequest): DeclaredAnswer | undefined {
  const service = Object.hasOwn(answers, request.service.service) ? answers[request.service.service] : undefined;
  for (const region of [request.region, 'global', '*']) {
    const operations = service !== undefined && Object.hasOwn(service, region) ? service[region] : undefined;
    if (operations !== undefined && Object.hasOwn(operations, request.name)) return operations[request.name];
  }
  return undefined;
}

function matches(when: JsonObject, input: JsonObject): boolean {
  return Object.entries(when).every(([name, value]) => canonicalJson(value) === canonicalJson(input[name]));
}

/** Empty lists where the answer has lists; else AWS would have said something, and only the declaration knows what. */
function undeclared(account: SimulatedAccount, { service, name, operation }: ReadRequest): Chosen {
  if (service.service === 'sts' && name === 'GetCallerIdentity') {
    return { value: { Account: account.account, Arn: account.caller, UserId: 'AROAEXAMPLE:proviso' } };
  }
  const output = outputOf(operation.schema);
  const lists: Record<string, Json> = {};
  for (const [member, schema] of output.isStructSchema() ? output.structIterator() : []) {
    if (schema.isListSchema()) lists[member] = [];
  }
  if (Object.keys(lists).length > 0) return { value: lists };
  const message = `${service.service}:${name} is not declared for this account`;
  return { error: { name: 'NotImplemented', message, status: 501 } };
}
