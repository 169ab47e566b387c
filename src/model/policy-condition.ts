import { parseCidr } from './cidr.ts';
import { isInternetWide } from './internet-width.ts';
import type { Condition, Statement } from './policy-document.ts';
import { both } from './policy-match.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/**
 * Of whom a condition is judged. `everyone`: a stranger, who can choose what he sends but not who he is or where he
 * comes from. `identity`: the user or role to which the policy is attached, of whom a condition on itself says nothing,
 * for it may always hold.
 */
export type Audience = 'everyone' | 'identity';

/** Keys that say who somebody is, or from which account, organisation or network he comes. */
const bounding = new Set([
  ...['aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount', 'aws:principalarn', 'aws:userid'],
  ...['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceorgpaths'],
  ...['aws:sourcevpc', 'aws:sourcevpce', 's3:dataaccesspointaccount', 's3:dataaccesspointarn', 'kms:calleraccount'],
]);

/** Keys that every request has. */
const alwaysForAnyone = new Set(['aws:requestedregion', 'aws:currenttime', 'aws:epochtime', 'aws:securetransport']);

/** Keys that every request of somebody with an AWS identity has. */
const always = new Set([
  ...alwaysForAnyone,
  ...['aws:principalarn', 'aws:principalaccount', 'aws:principaltype', 'aws:userid'],
]);

/** Keys that describe an identity itself, or that it can set as it likes. */
const own = new Set([
  ...['aws:userid', 'aws:username', 'aws:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths'],
  ...['aws:currenttime', 'aws:epochtime', 'aws:useragent', 'aws:referer', 'aws:securetransport'],
  ...['aws:tokenissuetime', 'aws:federatedprovider', 'aws:sourceidentity'],
]);

const equal = new Set(['stringequals', 'stringequalsignorecase', 'stringlike', 'arnequals', 'arnlike']);
const unequal = new Set([
  'stringnotequals',
  'stringnotequalsignorecase',
  'stringnotlike',
  'arnnotequals',
  'arnnotlike',
]);
/** Operators that read wildcards. */
const likes = new Set(['stringlike', 'stringnotlike', 'arnequals', 'arnlike', 'arnnotequals', 'arnnotlike']);

/**
 * Whether a statement that allows still does so for its audience at large: TRUE when its conditions always hold, FALSE
 * when one of them certainly narrows it down, UNKNOWN when that cannot be decided from the document.
 */
export function allowsAtLarge(statement: Statement, audience: Audience): Truth {
  return all(statement, (condition) => {
    if (isOpen(condition)) return TRUE;
    const narrow = audience === 'everyone' ? narrowsToKnown(condition) : restrictsIdentity(condition);
    return narrow ? FALSE : UNKNOWN;
  });
}

/**
 * Whether a statement that denies does so to its audience at large: TRUE when nobody but a bounded few escapes it,
 * FALSE when it certainly applies to some requests alone.
 */
export function deniesAtLarge(statement: Statement, audience: Audience): Truth {
  const judge = audience === 'everyone' ? strangerIsDenied : identityIsDenied;
  return all(statement, (condition) => {
    if (matchesEveryValue(condition, audience === 'identity')) return TRUE;
    return isAvoidable(condition) ? FALSE : judge(condition);
  });
}

function strangerIsDenied(condition: Condition): Truth {
  if (sparesKnown(condition)) return TRUE;
  return narrowsToKnown(condition) ? FALSE : UNKNOWN;
}

/** A comparison with something outside of the identity is true of some requests and false of others. */
function identityIsDenied(condition: Condition): Truth {
  const { operator, key } = condition;
  const compares = equal.has(operator) || unequal.has(operator) || isAddress(condition);
  return compares && isDecided(condition) && !isOwn(key) ? FALSE : UNKNOWN;
}

function all(statement: Statement, judge: (condition: Condition) => Truth): Truth {
  let least: Truth = statement.conditionsDoubt === undefined ? TRUE : UNKNOWN;
  for (const condition of statement.conditions) least = both(least, judge(condition));
  return least;
}

/** No value is missing, and it is no `ForAllValues`, which holds for a request without the key. */
function isDecided(condition: Condition): boolean {
  return condition.doubt === undefined && condition.set !== 'all';
}

function isOwn(key: string): boolean {
  return own.has(key) || key.startsWith('aws:principal');
}

function isAddress({ operator, key }: Condition): boolean {
  return (operator === 'ipaddress' || operator === 'notipaddress') && key === 'aws:sourceip';
}

/** Whether whoever comes with an AWS identity can meet a condition: by TLS, from the internet, with any value at all. */
function isOpen(condition: Condition): boolean {
  const { operator, key, values, set } = condition;
  if (operator === 'bool' && key === 'aws:securetransport') return set === undefined && values.some(isText('true'));
  if (isAddress(condition) && operator === 'ipaddress')
    return isInternetWide(values.flatMap((value) => parseSource(value) ?? []));
  return matchesEveryValue(condition, true);
}

/** Whether one of the alternatives is `*`, and no request lacks the key. Anonymous ones lack those about identities. */
function matchesEveryValue({ operator, key, values, ifExists, set }: Condition, hasIdentity: boolean): boolean {
  if (!equal.has(operator) || !likes.has(operator) || !values.some((value) => /^\*+$/.test(value))) return false;
  return ifExists || set === 'all' || (hasIdentity ? always : alwaysForAnyone).has(key);
}

function isText(wanted: string): (value: string) => boolean {
  return (value) => value.toLowerCase() === wanted;
}

function parseSource(value: string) {
  return parseCidr(value.includes('/') ? value : `${value}${value.includes(':') ? '/128' : '/32'}`);
}

/** For strangers: the condition holds for a bounded set of principals, accounts or networks alone. */
function narrowsToKnown(condition: Condition): boolean {
  if (!isDecided(condition) || condition.ifExists) return false;
  if (condition.operator === 'ipaddress') return isAddress(condition) && isNarrow(condition.values);
  return equal.has(condition.operator) && hasBoundedValues(condition);
}

/** For strangers: the condition holds for all but a bounded set, those without the key included. */
function sparesKnown(condition: Condition): boolean {
  const { operator, key, values, set, ifExists, doubt } = condition;
  if (doubt !== undefined || set !== undefined) return false;
  if (operator === 'notipaddress') return isAddress(condition) && isNarrow(values);
  const service = key === 'aws:principalisawsservice' || key === 'aws:viaawsservice';
  if (operator === 'bool' && service) return ifExists && values.every(isText('false'));
  return unequal.has(operator) && hasBoundedValues(condition);
}

/** Blocks that all parse and together are not the internet. */
function isNarrow(values: readonly string[]): boolean {
  const blocks = values.map(parseSource);
  const known = blocks.filter((block) => block !== undefined);
  return known.length === blocks.length && !isInternetWide(known);
}

function hasBoundedValues({ key, values, operator }: Condition): boolean {
  return bounding.has(key) && values.every((value) => isBounded(key, value, likes.has(operator)));
}

/** Whether strangers cannot come to have a value: it is one value, or its wildcards stand behind an account or organisation. */
function isBounded(key: string, value: string, wild: boolean): boolean {
  if (value.includes('${')) return false;
  if (!/[*?]/.test(value)) return true;
  if (!wild) return false;
  if (key === 'aws:userid') return /^[A-Z0-9]{16,}:/.test(value);
  if (key.endsWith('orgpaths')) return /^o-[a-z0-9]{10,32}\//.test(value);
  return key.endsWith('arn') && /^arn:[a-z-]+:[a-z0-9-]+:[^:]*:[0-9]{12}:/.test(value);
}

/** For an identity: the condition certainly leaves out requests that the identity could otherwise make. */
function restrictsIdentity(condition: Condition): boolean {
  const { operator, key, values, ifExists } = condition;
  if (!isDecided(condition) || ifExists) return false;
  if (operator === 'bool') return mfaKeys.has(key) && values.every(isText('true'));
  if (key === 'aws:multifactorauthage') return operator.startsWith('numericlessthan');
  if (operator === 'ipaddress') return isAddress(condition) && isNarrow(values);
  if (!equal.has(operator) || isOwn(key)) return false;
  return values.every((value) => !/^[*?]+$/.test(value) && !value.includes('${')) && !mayMatchAll(operator, values);
}

/** Patterns of which one begins with a wildcard (`*-*`), or that are many (`a*`, `b*`, ...), may leave out nothing. */
function mayMatchAll(operator: string, values: readonly string[]): boolean {
  const wild = likes.has(operator) ? values.filter((value) => /[*?]/.test(value)) : [];
  return wild.length > mostPatterns || wild.some((value) => /^[*?]/.test(value));
}

const mostPatterns = 4;

const mfaKeys = new Set(['aws:multifactorauthpresent', 'aws:viaawsservice']);

/** A condition of a Deny that a request escapes by being made properly: over TLS, with a second factor or a header. */
function isAvoidable(condition: Condition): boolean {
  const { operator, key, values, doubt, set } = condition;
  if (doubt !== undefined || set !== undefined) return false;
  if (operator === 'bool' && key === 'aws:securetransport') return values.every(isText('false'));
  if (operator === 'bool' && key === 'aws:multifactorauthpresent') return values.every(isText('false'));
  if (key === 's3:tlsversion') return operator.startsWith('numericlessthan');
  return (
    key.startsWith('s3:x-amz-') && (unequal.has(operator) || (operator === 'null' && values.every(isText('true'))))
  );
}
