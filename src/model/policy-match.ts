import type { Patterns, Statement } from './policy-document.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from './truth.ts';
import { coversWildcard, overlapsWildcard, parseWildcard, type Wildcard } from './wildcard.ts';

/** Kleene's "and". */
export function both(a: Truth, b: Truth): Truth {
  return a < b ? a : b;
}

/** Kleene's "or". */
export function either(a: Truth, b: Truth): Truth {
  return a > b ? a : b;
}

export function isEffect(statement: Statement, effect: 'Allow' | 'Deny'): Truth {
  if (statement.effect === 'Allow' || statement.effect === 'Deny') return statement.effect === effect ? TRUE : FALSE;
  return UNKNOWN;
}

/** Whether patterns, or what their `Not` form leaves, hold everything that a pattern stands for. */
export function coversAll(set: Patterns, target: Wildcard): Truth {
  return set.not ? not(meetsAny(set, target)) : coversByOne(set, target);
}

function coversByOne(set: Patterns, target: Wildcard): Truth {
  let most: Truth = set.doubt === undefined ? FALSE : UNKNOWN;
  for (const pattern of set.patterns) {
    most = either(most, coversWildcard(pattern, target));
    if (most === TRUE) break;
  }
  return most;
}

function meetsAny(set: Patterns, target: Wildcard): Truth {
  let most: Truth = set.doubt === undefined ? FALSE : UNKNOWN;
  for (const pattern of set.patterns) {
    most = either(most, overlapsWildcard(pattern, target));
    if (most === TRUE) break;
  }
  return most;
}

type Covers = (target: Wildcard) => Truth;

const letters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');

/** Every action of every service. */
const allActions = parseWildcard('?*:?*');
const byName = once(() => letters.map((letter) => parseWildcard(`?*:${letter}*`)));
const byService = once(() => letters.map((letter) => parseWildcard(`${letter}*:?*`)));

/**
 * Whoever may do everything in each of these is an administrator in all but name: the identities, the keys, the code,
 * the data, the network and the trail of it all.
 */
const mainServices = once(() =>
  [
    ...['iam', 'sts', 'organizations', 'kms', 'secretsmanager', 'ssm', 'ec2', 's3', 'rds', 'dynamodb', 'lambda'],
    ...['cloudformation', 'cloudtrail', 'cloudwatch', 'logs', 'config'],
  ].map((service) => parseWildcard(`${service}:?*`)),
);

/** Patterns that most runs of the program never need. */
function once(make: () => readonly Wildcard[]): () => readonly Wildcard[] {
  let made: readonly Wildcard[] | undefined;
  return () => (made ??= make());
}

/**
 * Whether actions are all there are: by one pattern (`*`, `*:*`), by patterns for every first letter of a service or of
 * an action, or by the whole of every main service.
 */
export function coversAllActions(covers: Covers): Truth {
  return either(
    covers(allActions),
    either(coversEach(byName(), covers), either(coversEach(byService(), covers), coversEach(mainServices(), covers))),
  );
}

/** Whether an action pattern is covered, in one piece or letter by letter. */
export function coversAction(set: Patterns, target: Wildcard): Truth {
  const whole = coversAll(set, target);
  if (whole === TRUE || set.not || set.patterns.length < letters.length || !target.text.endsWith('*')) return whole;
  const stem = target.text.replace(/\??\*$/, '');
  const pieces = letters.map((letter) => parseWildcard(`${stem}${letter}*`));
  if (!target.text.endsWith('?*')) pieces.push(parseWildcard(stem));
  return either(
    whole,
    coversEach(pieces, (piece) => coversByOne(set, piece)),
  );
}

function coversEach(targets: readonly Wildcard[], covers: Covers): Truth {
  let least: Truth = TRUE;
  for (const target of targets) {
    least = both(least, covers(target));
    if (least === FALSE) break;
  }
  return least;
}

/** An action pattern of a rule: `*` is every action. */
export function actionTarget(action: string): Wildcard {
  return action === '*' ? allActions : parseWildcard(action.toLowerCase().replace(/:\*$/, ':?*'));
}

export const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];

/** Every resource of an account, and all of the main services, by partition. */
interface AccountTargets {
  readonly all: readonly Wildcard[];
  readonly main: readonly (readonly Wildcard[])[];
}

function accountTargets(account: string): AccountTargets {
  const main = ['iam::ACCOUNT:?*', 's3:::?*', 'ec2:*:ACCOUNT:?*'].map((text) => text.replace('ACCOUNT', account));
  return {
    all: partitions.map((partition) => parseWildcard(`arn:${partition}:?*:*:${account}:?*`)),
    main: partitions.map((partition) => main.map((text) => parseWildcard(`arn:${partition}:${text}`))),
  };
}

const targetsByAccount = new Map<string, AccountTargets>();

/**
 * Whether patterns are all resources of an account, in whichever partition it lies. Their `Not` form leaves so much
 * that it counts as all, unless what it leaves out is all.
 */
export function coversAccount(set: Patterns, account: string): Truth {
  let targets = targetsByAccount.get(account);
  if (targets === undefined) {
    targets = accountTargets(account);
    if (targetsByAccount.size >= 10_000) targetsByAccount.clear();
    targetsByAccount.set(account, targets);
  }
  let most: Truth = mayCoverTogether(set, targets) ? UNKNOWN : FALSE;
  let least: Truth = TRUE;
  for (const target of targets.all) {
    const one = coversByOne(set, target);
    most = either(most, one);
    least = both(least, one);
  }
  if (!set.not) return most;
  return most === TRUE && least !== TRUE ? UNKNOWN : not(most);
}

/**
 * Whether patterns, none of which is everything, may be it together: several that stand for more than one service
 * (`arn:aws:a*`, `arn:aws:b*`, ...), or those of all resources of the main services.
 */
function mayCoverTogether(set: Patterns, { main }: AccountTargets): boolean {
  if (set.patterns.length < 2) return false;
  const wide = set.patterns.filter(({ text }) => {
    const [first = '', , service = '*'] = text.split(':', 3);
    return /[*?]/.test(first + service);
  });
  return wide.length > 1 || main.some((targets) => targets.every((target) => coversByOne(set, target) === TRUE));
}
