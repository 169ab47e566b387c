import type { Declared } from '../model/resource-type.ts';
import { withoutParts } from '../model/text-parts.ts';
import { isObject, isUnknown, type Json, type Unknown } from '../model/value.ts';
import {
  furthest,
  isRewritten,
  later,
  listOf,
  ownMember,
  type TemplateScope,
  textOf,
  unsureText,
} from './_template-scope.ts';

/** Whether a condition is met; undefined where that is known only at deployment. */
export function isMet(name: string, scope: TemplateScope, depth = 0): boolean | undefined {
  const { met, template } = scope;
  if (met.has(name)) return met.get(name);
  if (depth > furthest || isRewritten(ownMember(template, 'Conditions'))) return undefined;
  // Until it is known: a condition that refers to itself is never met, nor not met.
  met.set(name, undefined);
  const answer = holds(ownMember(ownMember(template, 'Conditions'), name), scope, depth);
  met.set(name, answer);
  return answer;
}

function holds(condition: Json | undefined, scope: TemplateScope, depth: number): boolean | undefined {
  const [name = '', ...others] = isObject(condition) ? Object.keys(condition) : [];
  if (others.length > 0) return undefined;
  const argument = ownMember(condition, name);
  if (name === 'Condition') return typeof argument === 'string' ? isMet(argument, scope, depth + 1) : undefined;
  const parts = Array.isArray(argument) ? (argument as readonly Json[]) : [];
  if (name === 'Fn::Equals')
    return parts.length === 2 ? areEqual(parts.map((part) => unsureText(part) ?? scope.evaluate(part))) : undefined;
  return combine(
    name,
    parts.map((part) => holds(part, scope, depth)),
  );
}

function combine(name: string, answers: readonly (boolean | undefined)[]): boolean | undefined {
  const isOpen = answers.length === 0 || answers.includes(undefined);
  if (name === 'Fn::Not') return isOpen || answers.length > 1 ? undefined : answers[0] === false;
  if (name !== 'Fn::And' && name !== 'Fn::Or') return undefined;
  // One answer that decides is enough, whatever the others are.
  const decisive = name === 'Fn::Or';
  if (answers.includes(decisive)) return decisive;
  return isOpen ? undefined : !decisive;
}

/** Why a condition is open, as whatever it hangs on says it: a parameter without a value, mostly. */
export function openCause(name: string, scope: TemplateScope, depth = 0): Unknown {
  const condition = ownMember(ownMember(scope.template, 'Conditions'), name);
  return (depth > furthest ? undefined : causeIn(condition, scope, depth)) ?? later(`whether ${name} is met`);
}

function causeIn(node: Json | undefined, scope: TemplateScope, depth: number): Unknown | undefined {
  if (Array.isArray(node)) return firstCause(node as readonly Json[], scope, depth);
  const [name = ''] = isObject(node) ? Object.keys(node) : [];
  const argument = ownMember(node, name);
  if (name === 'Condition' && typeof argument === 'string')
    return isMet(argument, scope, depth) === undefined ? openCause(argument, scope, depth + 1) : undefined;
  if (name === 'Fn::Equals') {
    const found = listOf(argument)
      .map((part) => unsureText(part) ?? scope.evaluate(part))
      .find(isUnknown);
    return found && withoutParts(found);
  }
  return name.startsWith('Fn::') ? causeIn(argument, scope, depth) : undefined;
}

function firstCause(nodes: readonly Json[], scope: TemplateScope, depth: number): Unknown | undefined {
  for (const node of nodes) {
    const cause = causeIn(node, scope, depth);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

function areEqual([one, other]: readonly Declared[]): boolean | undefined {
  const texts = [textOf(one), textOf(other)];
  return texts.includes(undefined) ? undefined : texts[0] === texts[1];
}
