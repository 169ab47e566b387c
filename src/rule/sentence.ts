import type { Json } from '../model/value.ts';
import { say } from '../model/words.ts';
import { fillIn } from './parameters.ts';
import type { Condition, Rule } from './rule.ts';

/** The value of a parameter where one is known; undefined names the parameter instead. */
type Value = (name: string) => Json | undefined;

/** A rule in one English sentence, for a reader who knows AWS's words but not the rule language. */
export function sentence(rule: Rule, values: Readonly<Record<string, Json>> = {}): string {
  const valueOf = (name: string) =>
    Object.hasOwn(values, name)
      ? values[name]
      : Object.hasOwn(rule.parameters, name)
        ? rule.parameters[name]?.default
        : undefined;
  const subject = rule.resource === undefined ? `Every ${rule.scope}` : `Every ${rule.resource.noun}`;
  const when = rule.when === undefined ? '' : ` of which it is true that ${phrase(rule.when, false, valueOf)}`;
  return `${subject}${when}: ${phrase(rule.assert, false, valueOf)}.`;
}

/** A condition, or its opposite, in words. */
export function phrase(condition: Condition, negated: boolean, valueOf: Value): string {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const conjunction = (condition.kind === 'all') === negated ? 'or' : 'and';
      return join(condition.conditions, conjunction, negated, valueOf);
    }
    case 'not':
      return phrase(condition.condition, !negated, valueOf);
    case 'if':
      return implication(condition, negated, valueOf);
    case 'quantifier':
      return quantification(condition, negated, valueOf);
    case 'count':
      return countWords(condition, negated, valueOf);
    case 'unknown':
      return `nobody can tell (${condition.why})`;
    case 'test':
      return test(condition, negated, valueOf);
  }
}

function join(conditions: readonly Condition[], conjunction: 'and' | 'or', negated: boolean, valueOf: Value): string {
  const parts = conditions.map((part) => {
    const words = phrase(part, negated, valueOf);
    return part.kind === 'test' || conditions.length === 1 ? words : `(${words})`;
  });
  return parts.join(` ${conjunction} `);
}

function implication(condition: Extract<Condition, { kind: 'if' }>, negated: boolean, valueOf: Value): string {
  const when = phrase(condition.if, false, valueOf);
  const then = phrase(condition.then, negated, valueOf);
  if (condition.else === undefined) return negated ? `${when} and ${then}` : `if ${when}, then ${then}`;
  return `if ${when}, then ${then}, otherwise ${phrase(condition.else, negated, valueOf)}`;
}

type Quantifier = Extract<Condition, { kind: 'quantifier' }>;

function quantification(condition: Quantifier, negated: boolean, valueOf: Value): string {
  const said = quantifierWords(condition, negated, valueOf);
  return negated ? said : said + emptyWords(condition);
}

/** What a quantifier asks of the items that there are, without what it says of there being none. */
export function quantifierWords(condition: Quantifier, negated: boolean, valueOf: Value): string {
  const { quantifier, where } = condition;
  const things = rangeWords(condition, valueOf);
  // The opposite of `every` is that some item does not.
  const opposite = quantifier === 'every' ? 'some' : quantifier === 'some' ? 'no' : 'some';
  const word = negated ? opposite : quantifier === 'none' ? 'no' : quantifier;
  const inner = where && phrase(where, negated && quantifier === 'every', valueOf);
  if (inner === undefined) return `there is ${word === 'no' ? 'no' : 'at least one'} ${things}`;
  return `for ${word} ${things}, ${inner}`;
}

function emptyWords({ quantifier, allowEmpty }: Quantifier): string {
  if (allowEmpty === 'unknown') return ' (without one, nobody can tell)';
  if (quantifier === 'every') return allowEmpty ? '' : ', and there is at least one';
  if (quantifier === 'none') return allowEmpty ? '' : ', and there is at least one that could be';
  return allowEmpty ? ', or there is none at all' : '';
}

/** How many of what there are to be: `at most 5 (each IAM user of the account)`. */
export function countWords(condition: Extract<Condition, { kind: 'count' }>, negated: boolean, valueOf: Value): string {
  const { among, plus, atMost, atLeast } = condition;
  const bound = (word: string, opposite: string, operand: Json) =>
    `${negated ? opposite : word} ${say(fillIn(operand, valueOf) ?? operand)}`;
  const bounds = [
    ...(atLeast === undefined ? [] : [bound('at least', 'fewer than', atLeast)]),
    ...(atMost === undefined ? [] : [bound('at most', 'more than', atMost)]),
  ].join(negated ? ' or ' : ' and ');
  const things = among.map(({ range, where, distinct }) => {
    const filter = where === undefined ? {} : { filter: where };
    const each = rangeWords({ range, ...filter }, valueOf);
    return distinct === undefined ? `each ${each}` : `each different ${distinct} of each ${each}`;
  });
  const more = plus === undefined ? [] : [`${say(fillIn(plus, valueOf) ?? plus)} more`];
  return `there are ${bounds} of what is counted: ${[...things, ...more].join('; ')}`;
}

/** What is ranged over, in the singular. */
export function rangeWords(condition: Pick<Quantifier, 'range' | 'filter' | 'newest'>, valueOf: Value): string {
  const { range, filter, newest } = condition;
  const things =
    range.kind === 'list'
      ? `item of ${range.path}`
      : range.kind === 'follow'
        ? `${range.target.noun} among its ${range.name}`
        : `${range.target.noun} of the ${range.scope}`;
  const filtered = filter === undefined ? things : `${things} of which ${phrase(filter, false, valueOf)}`;
  return newest === undefined ? filtered : `${filtered} with the latest ${newest.path}`;
}

function test(condition: Extract<Condition, { kind: 'test' }>, negated: boolean, valueOf: Value): string {
  const { subject, operator, operand } = condition;
  const name = subject.kind === 'path' ? subject.path : subject.kind === 'tag' ? `the tag ${subject.key}` : 'it';
  return `${name} ${operator.words(fillIn(operand, valueOf) ?? operand, negated)}`;
}
