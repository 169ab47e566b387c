import { compileGlob } from './glob.ts';
import { type Audience, allowsAtLarge, deniesAtLarge } from './policy-condition.ts';
import {
  type Patterns,
  type PolicyDocument,
  type Principals,
  principalName,
  type Statement,
} from './policy-document.ts';
import { both, coversAccount, coversAction, coversAll, either, isEffect } from './policy-match.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from './truth.ts';
import { parseWildcard, type Wildcard } from './wildcard.ts';

/** What is asked of a policy document. */
export interface GrantQuestion {
  readonly action: Wildcard;
  /** `everyone`, or a glob for the names of principals; undefined where it does not matter who. */
  readonly to: string | undefined;
  /** Undefined: any resource. `*` is all of the account. */
  readonly resource: Wildcard | undefined;
}

export interface GrantVerdict {
  readonly answer: Truth;
  /** The statements that allow it, certainly or perhaps, and are not undone. */
  readonly statements: readonly Statement[];
}

/** Pairs of an allowed resource and a Deny that are compared at most. */
const mostPairs = 1_000_000;

/** A statement that concerns the question, and how surely. */
interface Concern {
  readonly statement: Statement;
  readonly weight: Truth;
}

/**
 * Whether some Allow grants the action and no Deny takes it back. A Deny does so only when it covers the whole of what
 * is asked, or all resources that the Allow names.
 */
export function judgeGrant(document: PolicyDocument, question: GrantQuestion, account: string): GrantVerdict {
  if (document.malformed !== undefined) return { answer: UNKNOWN, statements: [] };
  const allows = concerns(document, (statement) => allowWeight(statement, question, account));
  if (allows.length === 0) return { answer: FALSE, statements: [] };
  const denies = concerns(document, (statement) => denyWeight(statement, question, account));
  let pairs = 0;
  let answer: Truth = FALSE;
  const statements: Statement[] = [];
  for (const { statement, weight } of allows) {
    pairs += denies.length * (statement.resources?.patterns.length ?? 1);
    const undone = pairs > mostPairs ? UNKNOWN : undoes(denies, statement, question);
    const granted = both(weight, not(undone));
    if (granted !== FALSE) statements.push(statement);
    answer = either(answer, granted);
  }
  return { answer, statements };
}

function concerns(document: PolicyDocument, weigh: (statement: Statement) => Truth): readonly Concern[] {
  return document.statements.flatMap((statement) => {
    const weight = weigh(statement);
    return weight === FALSE ? [] : [{ statement, weight }];
  });
}

function allowWeight(statement: Statement, question: GrantQuestion, account: string): Truth {
  const what = both(isEffect(statement, 'Allow'), coversAction(statement.actions, question.action));
  if (what === FALSE) return FALSE;
  const whom = both(what, isGranted(statement.principals, question.to));
  const where = both(whom, coversResource(statement.resources, question.resource, account));
  return both(where, allowsAtLarge(statement, audienceOf(question)));
}

function denyWeight(statement: Statement, question: GrantQuestion, account: string): Truth {
  const what = both(isEffect(statement, 'Deny'), coversAction(statement.actions, question.action));
  if (what === FALSE) return FALSE;
  const whom = both(what, isDenied(statement.principals, question.to));
  const where = both(whom, coversResource(statement.resources, question.resource, account));
  return both(where, deniesAtLarge(statement, audienceOf(question)));
}

function audienceOf({ to }: GrantQuestion): Audience {
  return to === 'everyone' ? 'everyone' : 'identity';
}

/** A statement without resources is about the one to which the policy belongs. */
function coversResource(resources: Patterns | undefined, asked: Wildcard | undefined, account: string): Truth {
  if (resources === undefined || asked === undefined) return TRUE;
  return asked.text === '*' ? coversAccount(resources, account) : coversAll(resources, asked);
}

/** Whether the Denies cover every resource that the Allow names. */
function undoes(denies: readonly Concern[], allow: Statement, question: GrantQuestion): Truth {
  const byOne = (target: Wildcard | undefined): Truth => {
    let most: Truth = FALSE;
    for (const { statement, weight } of denies) {
      const resources = statement.resources;
      const covered = resources === undefined || target === undefined ? TRUE : coversAll(resources, target);
      most = either(most, both(weight, covered));
      if (most === TRUE) break;
    }
    return most;
  };
  if (denies.length === 0) return FALSE;
  if (question.resource !== undefined || allow.resources === undefined) return byOne(undefined);
  if (allow.resources.not) return byOne(everyResource);
  let least: Truth = allow.resources.doubt === undefined ? TRUE : either(UNKNOWN, byOne(everyResource));
  for (const pattern of allow.resources.patterns) {
    least = both(least, byOne(pattern));
    if (least === FALSE) break;
  }
  return least;
}

const everyResource = parseWildcard('*');

/** Whether an Allow reaches the principal that is asked about. `NotPrincipal` reaches all others. */
function isGranted(principals: Principals | undefined, to: string | undefined): Truth {
  if (to === undefined) return TRUE;
  if (principals === undefined) return UNKNOWN;
  const named = isNamed(principals, to);
  if (!principals.not) return named;
  if (principals.everyone) return FALSE;
  if (to === 'everyone') return principals.doubt === undefined ? TRUE : UNKNOWN;
  return /[*?]/.test(to) ? UNKNOWN : not(named);
}

function isNamed(principals: Principals, to: string): Truth {
  if (principals.everyone) return TRUE;
  if (to !== 'everyone' && principals.names.some(compileGlob(principalName(to)))) return TRUE;
  return principals.doubt === undefined ? FALSE : UNKNOWN;
}

/** Whether a Deny reaches all of those who are asked about. A stranger is none of those whom `NotPrincipal` spares. */
function isDenied(principals: Principals | undefined, to: string | undefined): Truth {
  if (principals === undefined || (principals.everyone && !principals.not)) return TRUE;
  if (principals.not) return isGranted(principals, to ?? '*');
  if (to !== undefined && to !== 'everyone' && !/[*?]/.test(to)) return isNamed(principals, to);
  return principals.doubt === undefined ? FALSE : UNKNOWN;
}
