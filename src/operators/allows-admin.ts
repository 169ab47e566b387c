import { booleanOperand } from '../model/operand.ts';
import type { Operator } from '../model/operator.ts';
import { allowsAtLarge, deniesAtLarge } from '../model/policy-condition.ts';
import { type PolicyDocument, parsePolicy, type Statement } from '../model/policy-document.ts';
import { both, coversAccount, coversAll, coversAllActions, either, isEffect } from '../model/policy-match.ts';
import { policyDoubts, statementLeaves } from '../model/policy-observations.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from '../model/truth.ts';
import { overlapsWildcard, parseWildcard, type Wildcard } from '../model/wildcard.ts';

/** A statement that concerns all resources, and how surely it takes effect. */
interface Effective {
  readonly statement: Statement;
  readonly weight: Truth;
}

/**
 * Whether a policy document makes an administrator: all actions on all resources, or on all of the account. What its
 * statements allow is taken together. `NotAction` and `NotResource` leave everything but a list, which is an
 * administrator too, unless the list is everything. A condition that certainly restricts an Allow takes it out; a Deny
 * undoes the whole only when it denies everything, or everything but a list that is not everything itself.
 */
export const operator: Operator = {
  name: 'allowsAdmin',
  summary: 'Is a policy document that allows all actions on all resources, in whatever way it is written.',
  operand: { type: 'boolean', examples: [true, false] },
  kinds: ['policy'],
  whenAbsent: FALSE,
  prepare(operand) {
    const wanted = booleanOperand(operand);
    return {
      absent: wanted ? FALSE : TRUE,
      test(value, resource) {
        const answer = judge(parsePolicy(value), resource.account);
        return wanted ? answer : not(answer);
      },
      explain(value, resource, _run, path, answer) {
        const document = parsePolicy(value);
        const expected =
          (answer === TRUE) === wanted ? 'less than all actions on all resources' : 'all actions on all resources';
        if (answer === UNKNOWN) {
          const open = document.statements.filter(
            (statement) =>
              either(allowsAtLarge(statement, 'identity'), deniesAtLarge(statement, 'identity')) === UNKNOWN,
          );
          return policyDoubts(value, path, document, open, `knowing whether it allows all actions on all resources`);
        }
        const allows = (answer === TRUE) === wanted ? deciding(document, resource.account) : [];
        return statementLeaves(value, path, allows, expected);
      },
    };
  },
  words(operand, negated) {
    return (operand === false) !== negated
      ? 'does not allow all actions on all resources'
      : 'allows all actions on all resources';
  },
};

function judge(document: PolicyDocument, account: string): Truth {
  if (document.malformed !== undefined) return UNKNOWN;
  if (!document.statements.some(mayAllowIdentities)) return FALSE;
  const allows = effective(document, account, 'Allow');
  const allowed = either(
    either(
      coversEverything(allows),
      any(allows, ({ statement }) => leavesMost(statement)),
    ),
    both(
      UNKNOWN,
      either(
        scattered(document, account),
        any(allows, ({ statement }) => mayBeMost(statement)),
      ),
    ),
  );
  if (allowed === FALSE) return FALSE;
  const denies = effective(document, account, 'Deny');
  const undone = either(
    coversEverything(denies),
    any(denies, ({ statement }) => leavesMost(statement)),
  );
  return both(allowed, not(undone));
}

const identities = parseWildcard('iam:?*');

/** An administrator may do something in IAM, which settles most documents at once. */
function mayAllowIdentities({ effect, actions }: Statement): boolean {
  if (effect === 'Deny') return false;
  if (actions.not || actions.doubt !== undefined) return true;
  return actions.patterns.some((pattern) => overlapsWildcard(pattern, identities) !== FALSE);
}

/** An action such as `*:*e*`, of most services and with most names: nobody can tell what it leaves out. */
function mayBeMost({ actions }: Statement): Truth {
  return !actions.not && actions.patterns.some(({ text }) => /^[*?][^:]*:[*?]/.test(text)) ? UNKNOWN : FALSE;
}

/** All actions, each statement on a part of the resources: whether the parts are all there are. */
function scattered(document: PolicyDocument, account: string): Truth {
  const parts = document.statements.filter(
    (statement) =>
      statement.resources?.not === false &&
      both(isEffect(statement, 'Allow'), allowsAtLarge(statement, 'identity')) !== FALSE &&
      either(coversEverything([{ statement, weight: TRUE }]), leavesMost(statement)) !== FALSE,
  );
  const patterns = parts.flatMap(({ resources }) => resources?.patterns ?? []);
  return coversAccount({ not: false, patterns, doubt: undefined }, account);
}

function effective(document: PolicyDocument, account: string, effect: 'Allow' | 'Deny'): readonly Effective[] {
  const found: Effective[] = [];
  const atLarge = effect === 'Allow' ? allowsAtLarge : deniesAtLarge;
  for (const statement of document.statements) {
    const is = isEffect(statement, effect);
    if (is === FALSE) continue;
    // An identity policy without a resource is none that AWS accepts; a trust policy is about no resource but its own.
    const everywhere = statement.resources === undefined ? UNKNOWN : coversAccount(statement.resources, account);
    const weight = both(is, both(everywhere, atLarge(statement, 'identity')));
    if (weight !== FALSE) found.push({ statement, weight });
  }
  return found;
}

function any(statements: readonly Effective[], judgeOne: (one: Effective) => Truth): Truth {
  let most: Truth = FALSE;
  for (const one of statements) {
    most = either(most, both(one.weight, judgeOne(one)));
    if (most === TRUE) break;
  }
  return most;
}

/** The actions that the statements name are, taken together, all there are. */
function coversEverything(statements: readonly Effective[]): Truth {
  const positive = statements.filter(({ statement }) => !statement.actions.not);
  return coversAllActions((target: Wildcard) => any(positive, ({ statement }) => coversAll(statement.actions, target)));
}

/** A `NotAction` that does not leave out everything. */
function leavesMost({ actions }: Statement): Truth {
  if (!actions.not) return FALSE;
  return not(coversAllActions((target) => coversAll({ ...actions, not: false }, target)));
}

/** The statements that are enough by themselves, or else all that have a part in it. */
function deciding(document: PolicyDocument, account: string): readonly Statement[] {
  const allows = effective(document, account, 'Allow');
  const enough = allows.filter(
    (one) =>
      either(
        coversEverything([one]),
        any([one], () => leavesMost(one.statement)),
      ) === TRUE,
  );
  return (enough.length > 0 ? enough : allows).map(({ statement }) => statement);
}
