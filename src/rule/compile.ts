import type { Leaf, Run } from '../model/operator.ts';
import type { Resource } from '../model/resource.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from '../model/truth.ts';
import { isUnknown, type Json, unknown } from '../model/value.ts';
import { compileCount } from './compile-count.ts';
import { finderFor, judgeItems, type Parts, type Quantifier, tooMany, whenEmpty } from './compile-quantifier.ts';
import { compileTest } from './compile-test.ts';
import { addLeaf, type Evaluator, newLeaves, visitLimit } from './evaluator.ts';
import { explainIf, explainParts, explainQuantifier } from './explain.ts';
import { fillMessage, parseMessage } from './message.ts';
import { fillIn, missingParameters, type ParameterValues, parameterValue } from './parameters.ts';
import { readerAlong } from './read.ts';
import type { Condition, Judge, Rule, Verdict } from './rule.ts';
import { phrase, quantifierWords, rangeWords } from './sentence.ts';

/** Most resources pass or are not meant: those answers cost no memory. */
const pass: Verdict = { outcome: 'pass', leaves: [] };
const notApplicable: Verdict = { outcome: 'not-applicable', leaves: [] };

type Value = (name: string) => Json | undefined;

/** What was made ready last of each rule. A change is judged before and after, and waivers twice, by the same rules. */
const ready = new WeakMap<Rule, { readonly values: ParameterValues; readonly judge: Judge }>();

/**
 * Fills in the parameters and makes a rule ready for judging. For the same rule and values it gives the same judge, whose
 * machine code then need not be made again.
 *
 * @param values the policy's; parameters that are left out have their defaults
 * @throws OperandError when a value fits its schema and yet cannot be: `checkParameters` tells that beforehand
 */
export function compileRule(rule: Rule, values: ParameterValues = noValues): Judge {
  const before = ready.get(rule);
  if (before?.values === values) return before.judge;
  const judge = compileAnew(rule, values);
  ready.set(rule, { values, judge });
  return judge;
}

const noValues: ParameterValues = {};

function compileAnew(rule: Rule, values: ParameterValues): Judge {
  const missing = missingParameters(rule, values);
  if (missing.length > 0) throw new Error(`rule ${rule.id} lacks values for its parameters: ${missing.join(', ')}`);
  const valueOf = (name: string) => parameterValue(rule, values, name);
  const when = rule.when && compileCondition(rule.when, valueOf);
  const assert = compileCondition(rule.assert, valueOf);
  const explain = explainerFor(rule, valueOf);
  return {
    rule,
    judge(resource, run) {
      run.visits = visitLimit;
      const item = resource.properties;
      if (when !== undefined) {
        const meant = when.evaluate(item, resource, run);
        if (meant === FALSE) return notApplicable;
        if (meant === UNKNOWN) return explain(when, UNKNOWN, resource, run);
      }
      const answer = assert.evaluate(item, resource, run);
      return answer === TRUE ? pass : explain(assert, answer, resource, run);
    },
  };
}

type Explainer = (evaluator: Evaluator, answer: Truth, resource: Resource, run: Run) => Verdict;

function explainerFor(rule: Rule, valueOf: Value): Explainer {
  const parts = rule.message === undefined ? undefined : parseMessage(rule.message);
  return (evaluator, answer, resource, run) => {
    const outcome = answer === FALSE ? 'fail' : 'unknown';
    const leaves = newLeaves();
    if (run.visits < 0) addLeaf(leaves, { path: '', observed: tooMany, expected: `at most ${visitLimit} list items` });
    // Explaining looks at everything again, some of it several times; that too must end.
    run.visits = 4 * visitLimit;
    evaluator.explain(resource.properties, '', answer, false, { resource, run, leaves });
    if (leaves.list.length === 0)
      addLeaf(leaves, { path: '', observed: tooMany, expected: phrase(rule.assert, false, valueOf) });
    const more = leaves.more === 0 ? {} : { more: leaves.more };
    if (outcome === 'unknown' || parts === undefined || typeof parts === 'number')
      return { outcome, leaves: leaves.list, ...more };
    const facts = { resource, type: rule.resource, leaves: leaves.list as readonly Leaf[], parameter: valueOf };
    return { outcome, leaves: leaves.list, ...more, message: fillMessage(parts, facts) };
  };
}

function compileCondition(condition: Condition, valueOf: Value): Evaluator {
  switch (condition.kind) {
    case 'all':
      return conjunction(condition.conditions.map((part) => compileCondition(part, valueOf)));
    case 'any':
      return disjunction(condition.conditions.map((part) => compileCondition(part, valueOf)));
    case 'not':
      return negation(compileCondition(condition.condition, valueOf));
    case 'if':
      return implication(
        compileCondition(condition.if, valueOf),
        compileCondition(condition.then, valueOf),
        condition.else && compileCondition(condition.else, valueOf),
      );
    case 'quantifier':
      return quantification(condition, valueOf);
    case 'count':
      return compileCount(condition, valueOf, (part) => compileCondition(part, valueOf));
    case 'unknown':
      return inDoubt(condition.why);
    case 'test': {
      const operand = fillIn(condition.operand, valueOf);
      if (operand === undefined) throw new Error(`${condition.operator.name} lacks the value of a parameter`);
      return compileTest(condition, operand);
    }
  }
}

function conjunction(parts: readonly Evaluator[]): Evaluator {
  return {
    evaluate(item, resource, run) {
      let answer: Truth = TRUE;
      for (let i = 0; i < parts.length; i += 1) {
        const one = parts[i]?.evaluate(item, resource, run) ?? TRUE;
        if (one === FALSE) return FALSE;
        if (one < answer) answer = one;
      }
      return answer;
    },
    explain: (item, path, answer, negated, context) => explainParts(parts, item, path, answer, negated, context),
  };
}

function disjunction(parts: readonly Evaluator[]): Evaluator {
  return {
    evaluate(item, resource, run) {
      let answer: Truth = FALSE;
      for (let i = 0; i < parts.length; i += 1) {
        const one = parts[i]?.evaluate(item, resource, run) ?? FALSE;
        if (one === TRUE) return TRUE;
        if (one > answer) answer = one;
      }
      return answer;
    },
    explain: (item, path, answer, negated, context) => explainParts(parts, item, path, answer, negated, context),
  };
}

function negation(part: Evaluator): Evaluator {
  return {
    evaluate: (item, resource, run) => not(part.evaluate(item, resource, run)),
    explain: (item, path, answer, negated, context) => part.explain(item, path, not(answer), !negated, context),
  };
}

function implication(condition: Evaluator, then: Evaluator, otherwise: Evaluator | undefined): Evaluator {
  const parts = { if: condition, then, else: otherwise };
  return {
    evaluate(item, resource, run) {
      const meant = condition.evaluate(item, resource, run);
      if (meant === TRUE) return then.evaluate(item, resource, run);
      const other = otherwise?.evaluate(item, resource, run) ?? TRUE;
      if (meant === FALSE) return other;
      // Both branches would have to agree.
      return then.evaluate(item, resource, run) === other ? other : UNKNOWN;
    },
    explain: (item, path, answer, negated, context) => explainIf(parts, item, path, answer, negated, context),
  };
}

/** What the author of the rule knows that nobody can tell. */
function inDoubt(why: string): Evaluator {
  const observed = unknown('not-collected', why);
  return {
    evaluate: () => UNKNOWN,
    explain: (_item, path, _answer, _negated, { leaves }) =>
      addLeaf(leaves, { path, observed, expected: 'evidence that decides it' }),
  };
}

function quantification(condition: Quantifier, valueOf: Value): Evaluator {
  const { newest } = condition;
  const parts: Parts = {
    quantifier: condition.quantifier,
    filter: condition.filter && compileCondition(condition.filter, valueOf),
    where: condition.where && compileCondition(condition.where, valueOf),
    newest:
      newest &&
      readerAlong(newest.place.type, newest.place.path.slice(0, -newest.path.length - 1), newest.path.split('.')),
    whenEmpty: whenEmpty(condition.allowEmpty),
  };
  const find = finderFor(condition.range);
  // Failures come in thousands, and their words depend on nothing but the rule.
  const said: [plain?: string, negated?: string] = [];
  const explained = {
    condition,
    parts,
    find,
    words: (negated: boolean) => (said[negated ? 1 : 0] ??= quantifierWords(condition, negated, valueOf)),
    things: rangeWords(condition, valueOf),
  };
  return {
    evaluate(item, resource, run) {
      const ranged = find(item, resource, run);
      return isUnknown(ranged) ? UNKNOWN : judgeItems(parts, ranged, resource, run);
    },
    explain: (item, path, answer, negated, context) =>
      explainQuantifier(explained, item, path, answer, negated, context),
  };
}
