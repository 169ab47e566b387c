import { Malformed, parseTexts } from './policy-texts.ts';
import { isObject, isUnknown, type Json, type JsonObject, type TextPart, type Unknown, unknown } from './value.ts';
import { parseWildcard, type Wildcard } from './wildcard.ts';

/** An IAM policy document, identity-based or of a resource, taken apart. */
export interface PolicyDocument {
  readonly statements: readonly Statement[];
  /** Why nothing can be said about the document: AWS would not have accepted it. */
  readonly malformed: Flaw | undefined;
}

/** What is wrong, and the path below the document at which. */
export interface Flaw {
  readonly path: string;
  readonly why: Unknown;
}

export interface Statement {
  /** Path below the document: `Statement`, `Statement[2]`. */
  readonly path: string;
  readonly effect: 'Allow' | 'Deny' | Unknown;
  /** Action patterns are in lower case. */
  readonly actions: Patterns;
  /** Undefined where the statement names none: in trust policies. */
  readonly resources: Patterns | undefined;
  /** Undefined where the statement names none: in identity policies. */
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
  /** Why there may be other conditions. */
  readonly conditionsDoubt: Unknown | undefined;
}

/** What matches one of the patterns; with `not` (`NotAction`), what matches none. */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly Wildcard[];
  /** Why there may be other patterns. */
  readonly doubt: Unknown | undefined;
  /** What patterns are made of of which only parts are known; they are a doubt, too. */
  readonly open?: readonly (readonly TextPart[])[];
  /** Whether there can be no others than those. */
  readonly isClosed?: boolean;
}

export interface Principals {
  readonly not: boolean;
  readonly everyone: boolean;
  /** Accounts as the ARN of their root, users, roles, services, providers, canonical ids. */
  readonly names: readonly string[];
  readonly doubt: Unknown | undefined;
}

export interface Condition {
  /** In lower case, without set prefix and `IfExists`: `stringlike`. */
  readonly operator: string;
  readonly set: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
  readonly doubt: Unknown | undefined;
}

const parsed = new WeakMap<object, PolicyDocument>();

/**
 * Takes a decoded document apart. Strings stand for lists of one everywhere, and a single statement for a list of one.
 * Whatever AWS would refuse makes the document malformed; an unknown marker makes the part in which it stands doubtful.
 */
export function parsePolicy(value: Json): PolicyDocument {
  if (typeof value !== 'object' || value === null) return malformed('', 'a policy document is an object');
  const known = parsed.get(value);
  if (known !== undefined) return known;
  const document = tryParse(value);
  parsed.set(value, document);
  return document;
}

function malformed(path: string, message: string): PolicyDocument {
  return { statements: [], malformed: { path, why: unknown('type', `not a policy that AWS accepts: ${message}`) } };
}

function tryParse(value: Json): PolicyDocument {
  try {
    return { statements: parseDocument(value), malformed: undefined };
  } catch (error) {
    if (error instanceof Malformed) return malformed(error.path, error.message);
    throw error;
  }
}

function parseDocument(value: Json): readonly Statement[] {
  if (isUnknown(value)) return [doubtful(value, '')];
  if (!isObject(value)) throw new Malformed('', 'a policy document is an object');
  refuseOthers(value, ['Version', 'Id', 'Statement'], '');
  const version = value.Version ?? '2008-10-17';
  if (!isUnknown(version) && version !== '2012-10-17' && version !== '2008-10-17')
    throw new Malformed('Version', 'its version is none of the policy language');
  const variables = version !== '2008-10-17';
  const statement = value.Statement;
  if (statement === undefined || statement === null) throw new Malformed('Statement', 'it has no statement');
  if (!Array.isArray(statement)) return [parseStatement(statement, 'Statement', variables)];
  return (statement as readonly Json[]).map((one, index) => parseStatement(one, `Statement[${index}]`, variables));
}

/** A statement, or any number of them, of which nothing is known. */
function doubtful(why: Unknown, path: string): Statement {
  const patterns = { not: false, patterns: [], doubt: why };
  const principals = { not: false, everyone: false, names: [], doubt: why };
  return {
    path,
    effect: why,
    actions: patterns,
    resources: patterns,
    principals,
    conditions: [],
    conditionsDoubt: why,
  };
}

const members = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

function parseStatement(value: Json, path: string, variables: boolean): Statement {
  if (isUnknown(value)) return doubtful(value, path);
  if (!isObject(value)) throw new Malformed(path, 'a statement is an object');
  refuseOthers(value, members, path);
  const actions = parsePatterns(value, 'Action', path, parseAction);
  if (actions === undefined) throw new Malformed(path, 'the statement names no action');
  return {
    path,
    effect: parseEffect(value.Effect, `${path}.Effect`),
    actions,
    resources: parsePatterns(value, 'Resource', path, variables ? parseOpen : parsePlain),
    principals: parsePrincipals(value, path),
    ...parseConditions(value.Condition, `${path}.Condition`),
  };
}

function refuseOthers(value: JsonObject, allowed: readonly string[], path: string): void {
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) throw new Malformed(path, `it has no member '${key.slice(0, 40)}'`);
  }
}

function parseEffect(effect: Json | undefined, path: string): Statement['effect'] {
  if (effect === 'Allow' || effect === 'Deny') return effect;
  if (isUnknown(effect)) return effect;
  throw new Malformed(path, 'an effect is Allow or Deny');
}

/** The member or its `Not` form, of which there can be one. */
function either(value: JsonObject, name: string, path: string): { not: boolean; found: Json; at: string } | undefined {
  const plain = value[name] ?? undefined;
  const not = value[`Not${name}`] ?? undefined;
  if (plain !== undefined && not !== undefined) throw new Malformed(path, `it has both ${name} and Not${name}`);
  if (plain !== undefined) return { not: false, found: plain, at: `${path}.${name}` };
  return not === undefined ? undefined : { not: true, found: not, at: `${path}.Not${name}` };
}

function parsePatterns(
  value: JsonObject,
  name: string,
  path: string,
  parse: (text: string, at: string) => Wildcard,
): Patterns | undefined {
  const chosen = either(value, name, path);
  if (chosen === undefined) return undefined;
  const { texts, doubt } = parseTexts(chosen.found, chosen.at);
  const patterns: Wildcard[] = [];
  for (const text of texts) patterns.push(parse(text, chosen.at));
  return { not: chosen.not, patterns, doubt, ...(doubt === undefined ? {} : openIn(chosen.found)) };
}

/** What is known of texts that are not known as a whole. */
function openIn(value: Json): Pick<Patterns, 'open' | 'isClosed'> {
  const markers = (Array.isArray(value) ? (value as readonly Json[]) : [value]).filter(isUnknown);
  return {
    open: markers.flatMap(({ parts }) => (parts ? [parts] : [])),
    isClosed: markers.every(({ parts }) => parts),
  };
}

const parsePlain = (text: string) => parseWildcard(text, false);
const parseOpen = (text: string) => parseWildcard(text, true);

function parseAction(text: string, path: string): Wildcard {
  if (!/^(?:\*|[!-9;-~]+:[!-9;-~]+)$/.test(text))
    throw new Malformed(path, `'${text.slice(0, 40)}' is no action: a service's prefix, a colon and a name`);
  return parseWildcard(text.toLowerCase());
}

const principalKinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

function parsePrincipals(value: JsonObject, path: string): Principals | undefined {
  const chosen = either(value, 'Principal', path);
  if (chosen === undefined) return undefined;
  const { not, found, at } = chosen;
  if (found === '*') return { not, everyone: true, names: [], doubt: undefined };
  if (isUnknown(found)) return { not, everyone: false, names: [], doubt: found };
  if (!isObject(found)) throw new Malformed(at, 'principals are * or an object');
  refuseOthers(found, principalKinds, at);
  const names: string[] = [];
  let everyone = false;
  let first: Unknown | undefined;
  let kinds = 0;
  for (const [kind, listed] of Object.entries(found)) {
    kinds += 1;
    const { texts, doubt } = parseTexts(listed ?? null, `${at}.${kind}`);
    first ??= doubt;
    for (const text of texts) {
      if (kind === 'AWS' && text === '*') everyone = true;
      else names.push(text);
    }
  }
  if (names.some(hasWildcard)) throw new Malformed(at, 'a principal has no wildcards');
  if (kinds === 0) throw new Malformed(at, 'it names no principal');
  return { not, everyone, names: names.map(principalName), doubt: first };
}

const hasWildcard = (name: string) => /[*?]/.test(name);

/** AWS takes the number of an account and the ARN of its root for the same. */
export function principalName(text: string): string {
  return /^[0-9]{12}$/.test(text) ? `arn:aws:iam::${text}:root` : text;
}

const operators = new Set([
  ...['stringequals', 'stringnotequals', 'stringequalsignorecase', 'stringnotequalsignorecase'],
  ...['stringlike', 'stringnotlike', 'numericequals', 'numericnotequals', 'numericlessthan'],
  ...['numericlessthanequals', 'numericgreaterthan', 'numericgreaterthanequals', 'dateequals', 'datenotequals'],
  ...['datelessthan', 'datelessthanequals', 'dategreaterthan', 'dategreaterthanequals', 'bool', 'binaryequals'],
  ...['ipaddress', 'notipaddress', 'arnequals', 'arnlike', 'arnnotequals', 'arnnotlike', 'null'],
]);

function parseConditions(block: Json | undefined, path: string): Pick<Statement, 'conditions' | 'conditionsDoubt'> {
  if (block === undefined || block === null) return { conditions: [], conditionsDoubt: undefined };
  if (isUnknown(block)) return { conditions: [], conditionsDoubt: block };
  if (!isObject(block)) throw new Malformed(path, 'conditions are an object');
  const conditions: Condition[] = [];
  let conditionsDoubt: Unknown | undefined;
  for (const [name, keys] of Object.entries(block)) {
    const at = `${path}.${name}`;
    if (isUnknown(keys)) conditionsDoubt ??= keys;
    else if (!isObject(keys)) throw new Malformed(at, 'a condition compares keys with values');
    else for (const [key, values] of Object.entries(keys)) conditions.push(parseCondition(name, key, values, at));
  }
  return { conditions, conditionsDoubt };
}

function parseCondition(name: string, key: string, values: Json | undefined, path: string): Condition {
  const parts = /^(?:for(all|any)values?:)?([a-z]+?)(ifexists)?$/.exec(name.toLowerCase());
  const operator = parts?.[2];
  if (operator === undefined || !operators.has(operator))
    throw new Malformed(path, 'there is no such condition operator');
  const set = parts?.[1] === 'all' || parts?.[1] === 'any' ? parts[1] : undefined;
  const ifExists = parts?.[3] !== undefined;
  const plain = (value: Json): Json =>
    typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
  const texts = Array.isArray(values) ? (values as readonly Json[]).map(plain) : plain(values ?? null);
  const { texts: listed, doubt } = parseTexts(texts, `${path}.${key}`);
  return { operator, set, ifExists, key: key.toLowerCase(), values: listed, doubt };
}
