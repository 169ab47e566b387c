import { parseArn } from '../model/arn.ts';
import type { Json, JsonObject } from '../model/value.ts';
import type { Argument } from './_hcl-provider.ts';
import { own, ownList } from './_terraform-values.ts';

/** Whether an argument is one variable and nothing else; undefined where no file tells. */
export type IsVariable = (argument: Argument, variable: string) => boolean | undefined;

/** What of a plan gives the arguments of providers their values. */
export interface Configured {
  /** Values of the root module's variables that are a region, an account or an ARN. */
  readonly variables: ReadonlyMap<string, string>;
  /** `configuration.root_module` */
  readonly rootModule: JsonObject;
  /** What the files behind the plan tell. */
  readonly isVariable?: IsVariable | undefined;
}

const accountPattern = /^[0-9]{12}$/;

export function accountOr(text: Json | undefined): string | undefined {
  return typeof text === 'string' && accountPattern.test(text) ? text : undefined;
}

export function accountOfArn(arn: Json | undefined): string | undefined {
  return typeof arn === 'string' ? accountOr(parseArn(arn)?.account) : undefined;
}

/** A provider of a plan, and the way to it. */
export interface Provider {
  /** `aws`, `aws.backup`, `module.web:aws` */
  readonly key: string;
  readonly calls: readonly string[];
  readonly expressions: Json | undefined;
}

const deepest = 32;
const variableForm = /^var\.([A-Za-z0-9_-]+)$/;

/** A constant, or the one variable that stands there alone, followed through the calls of its module. */
export function settledArgument(
  expression: Json | undefined,
  path: readonly string[],
  { key, calls }: Provider,
  plan: Configured,
): Json | undefined {
  const name = `provider.${key.slice(key.lastIndexOf(':') + 1)}`;
  return settled(expression, { name, path }, calls, plan, key === 'aws');
}

/** @param isLikely whether it counts as the variable alone where no file tells */
function settled(
  expression: Json | undefined,
  argument: Omit<Argument, 'module'>,
  calls: readonly string[],
  plan: Configured,
  isLikely: boolean,
): Json | undefined {
  const constant = own(expression, 'constant_value');
  if (constant !== undefined) return constant;
  const [reference, ...more] = ownList(expression, 'references');
  const [, name] = typeof reference === 'string' && more.length === 0 ? (variableForm.exec(reference) ?? []) : [];
  if (name === undefined || calls.length > deepest) return undefined;
  const module = calls.map((call) => `module.${call}`).join('.');
  if (!(plan.isVariable?.({ ...argument, module }, name) ?? isLikely)) return undefined;
  const [call, body] = moduleOf(calls, plan.rootModule);
  const variable = own(own(body, 'variables'), name);
  // A sensitive value would show in what is placed by it.
  if (own(variable, 'sensitive') === true) return undefined;
  if (calls.length === 0) return plan.variables.get(name);
  const given = own(own(call, 'expressions'), name);
  if (given === undefined) return own(variable, 'default');
  return settled(given, { name: `module.${calls.at(-1)}`, path: [name] }, calls.slice(0, -1), plan, isLikely);
}

function moduleOf(calls: readonly string[], root: Json): readonly [call: Json | undefined, module: Json | undefined] {
  let module: Json | undefined = root;
  let call: Json | undefined;
  for (const step of calls) {
    call = own(own(module, 'module_calls'), step);
    module = own(call, 'module');
  }
  return [call, module];
}

/** What a provider's own arguments say of its account. */
export interface NamedAccount {
  readonly account: string | undefined;
  /** Whether they name one, and nobody can tell which. */
  readonly isOpen: boolean;
}

/** @param wanted the account that the plan is taken to be for: what only seems to be of it, is of it */
export function namedAccount(provider: Provider, plan: Configured, wanted: string | undefined): NamedAccount {
  const { expressions } = provider;
  const seemsWanted = (expression: Json | undefined) =>
    wanted !== undefined && provider.calls.length === 0 && likelyAccount(expression, plan) === wanted;
  // Of roles that are assumed one after the other, the last one acts.
  const block = ['assume_role', 'assume_role_with_web_identity'].find((name) => ownList(expressions, name).length > 0);
  const role = block === undefined ? undefined : own(ownList(expressions, block).at(-1), 'role_arn');
  const arn = settledArgument(role, [block ?? '', 'role_arn'], provider, plan);
  const assumed = accountOfArn(arn) ?? (seemsWanted(role) ? wanted : undefined);
  const list = own(expressions, 'allowed_account_ids');
  const allowed = own(list, 'constant_value');
  const ids: readonly Json[] = Array.isArray(allowed) ? allowed : [];
  const only = ids.length === 1 ? accountOr(ids[0]) : undefined;
  const isAllowed = seemsWanted(list) || (wanted !== undefined && ids.includes(wanted));
  // A role that is open may be of any of several accounts that are allowed.
  const account = assumed ?? only ?? (isAllowed && !isGiven(role) ? wanted : undefined);
  return { account, isOpen: account === undefined && (isGiven(role) || isGiven(list)) };
}

/** Whether an argument says something: a null leaves it out. */
function isGiven(expression: Json | undefined): boolean {
  const constant = own(expression, 'constant_value');
  return expression !== undefined && constant !== null && constant !== '';
}

/** The only account among the variables of an expression that has nothing else: `arn:aws:iam::${var.account}:role/deploy`. */
function likelyAccount(expression: Json | undefined, { variables, rootModule }: Configured): string | undefined {
  const accounts = new Set<string>();
  for (const reference of ownList(expression, 'references')) {
    const [, name] = typeof reference === 'string' ? (variableForm.exec(reference) ?? []) : [];
    if (name === undefined || own(own(own(rootModule, 'variables'), name), 'sensitive') === true) return undefined;
    const value = variables.get(name);
    const account = accountOr(value) ?? accountOfArn(value);
    if (account !== undefined) accounts.add(account);
  }
  return accounts.size === 1 ? [...accounts][0] : undefined;
}
