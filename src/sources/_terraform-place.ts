import { parseArn } from '../model/arn.ts';
import type { Json } from '../model/value.ts';
import { type Destination, unnamed } from './_declared.ts';
import { own, ownList, ownText } from './_terraform-values.ts';

const accountPattern = /^[0-9]{12}$/;
const regionPattern = /^[a-z]+(?:-[a-z0-9]+){2,4}$/;

function accountOr(text: Json | undefined): string | undefined {
  return typeof text === 'string' && accountPattern.test(text) ? text : undefined;
}

function regionOr(text: Json | undefined): string | undefined {
  return typeof text === 'string' && text.length < 64 && regionPattern.test(text) ? text : undefined;
}

function accountOfArn(arn: Json | undefined): string | undefined {
  return typeof arn === 'string' ? accountOr(parseArn(arn)?.account) : undefined;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Tells where a resource is to be: by itself, by its provider, by the caller, or not at all. */
export interface Places {
  readonly home: Place;
  placeOf(values: Json, provider: string | undefined): Place;
}

/** The account that the plan's credentials belong to, where only one provider asked and told. */
function callerOf(plan: Json, providers: number): string | undefined {
  if (providers > 1) return undefined;
  const found = new Set<string>();
  const modules: Json[] = [own(own(own(plan, 'prior_state'), 'values'), 'root_module') ?? null];
  for (const module of modules) {
    modules.push(...ownList(module, 'child_modules'));
    for (const resource of ownList(module, 'resources')) {
      if (ownText(resource, 'type') !== 'aws_caller_identity') continue;
      const account = accountOr(own(own(resource, 'values'), 'account_id'));
      if (account !== undefined) found.add(account);
    }
  }
  return found.size === 1 ? [...found][0] : undefined;
}

export function readPlaces(plan: Json, destination: Destination): Places {
  const providers = own(own(plan, 'configuration'), 'provider_config');
  const variables = own(plan, 'variables');
  const keys = typeof providers === 'object' && providers !== null ? Object.keys(providers) : [];
  const caller = callerOf(plan, keys.filter((key) => ownText(own(providers, key), 'name') === 'aws').length);

  /** A constant, or the one variable of the root module that stands there alone. */
  function settled(expression: Json | undefined): Json | undefined {
    const constant = own(expression, 'constant_value');
    if (constant !== undefined) return constant;
    const [reference, ...more] = ownList(expression, 'references');
    if (typeof reference !== 'string' || more.length > 0 || !reference.startsWith('var.')) return undefined;
    return own(own(variables, reference.slice('var.'.length)), 'value');
  }

  function providerPlace(key: string | undefined): { account: string | undefined; region: string | undefined } {
    const provider = key === undefined ? undefined : own(providers, key);
    const expressions = own(provider, 'expressions');
    const isInModule = own(provider, 'module_address') !== undefined;
    const read = (expression: Json | undefined) =>
      isInModule ? own(expression, 'constant_value') : settled(expression);
    const [role] = ownList(expressions, 'assume_role');
    const allowed = read(own(expressions, 'allowed_account_ids'));
    const only = Array.isArray(allowed) && allowed.length === 1 ? (allowed as readonly Json[])[0] : undefined;
    const assumed = role === undefined ? caller : undefined;
    return {
      account: accountOfArn(read(own(role, 'role_arn'))) ?? accountOr(only) ?? assumed,
      region: regionOr(read(own(expressions, 'region'))),
    };
  }

  const fallback = {
    account: destination.account ?? unnamed.account,
    region: destination.region ?? unnamed.region,
  };
  const place = (values: Json, key: string | undefined): Place => {
    const provider = providerPlace(key);
    return {
      account:
        accountOfArn(own(values, 'arn')) ?? accountOr(own(values, 'owner_id')) ?? provider.account ?? fallback.account,
      region: regionOr(own(values, 'region')) ?? provider.region ?? fallback.region,
    };
  };
  return { home: place(null, 'aws'), placeOf: place };
}
