import type { Declared } from '../model/resource-type.ts';
import { withParts } from '../model/text-parts.ts';
import { isObject, isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';
import { isMet } from './_template-conditions.ts';
import { templateFunctions } from './_template-functions.ts';
import { refTo } from './_template-references.ts';
import { isLookedUp, later, type TemplateContext, type TemplateScope, tooMuch, unsureText } from './_template-scope.ts';

/** A template whose values can be asked for. */
export interface Evaluator {
  readonly scope: TemplateScope;
  /** A value with its functions worked out; what cannot be is a marker. */
  valueOf(node: Json | undefined): Declared;
  /** Undefined where it cannot be told. */
  isMet(condition: string): boolean | undefined;
  /** What `Ref` gives for a resource: a name that was written, or its address. */
  identityOf(logicalId: string): string;
}

/** Works out a template's functions. Nothing is guessed: whatever is decided at deployment stays open. */
export function evaluateTemplate(context: TemplateContext): Evaluator {
  const scope: TemplateScope = {
    ...context,
    evaluate: (node) => evaluate(node, scope),
    refs: new Map(),
    active: new Set(),
    met: new Map(),
    known: new Map(),
    nested: new Map(),
  };
  return {
    scope,
    valueOf: (node) => settle(scope.evaluate(node), false, scope),
    isMet: (condition) => isMet(condition, scope),
    identityOf(id) {
      const found = refTo(id, scope);
      return typeof found === 'string' ? found : scope.prefix + id;
    },
  };
}

/** CloudFormation refuses it; and to leave it out would be to say that nothing is there. */
const noItem = unknown('type', 'an item of a list is null');

function evaluate(node: Json | undefined, scope: TemplateScope): Declared {
  scope.world.work.left -= 1;
  if (scope.world.work.left < 0) return tooMuch;
  if (node === null || node === undefined) return undefined;
  if (typeof node === 'string') return isLookedUp(node) ? later('a value that is looked up') : node;
  if (typeof node !== 'object') return node;
  if (Array.isArray(node))
    return (node as readonly Json[])
      .map((item) => (item === null ? noItem : evaluate(item, scope)))
      .filter((item) => item !== undefined);
  return evaluateObject(node as JsonObject, scope);
}

function evaluateObject(object: JsonObject, scope: TemplateScope): Declared {
  const names = Object.keys(object);
  const [only = ''] = names;
  if (names.length === 1 && (only === 'Ref' || only.startsWith('Fn::'))) {
    const call = templateFunctions.get(only);
    return call === undefined ? later(`what ${only.slice(0, 60)} gives`) : call(object[only], scope);
  }
  if (isUnknown(object)) return unknown('type', 'it has a member that is named $unknown');
  if (names.some((name) => name.startsWith('Fn::'))) return later('what a function adds');
  const isTag = names.includes('Key') && names.includes('Value');
  const members = Object.entries(object).map(([name, member]) => {
    const value = evaluate(member, scope);
    // Of a tag everything is a text.
    return [name, (isTag && typeof value === 'boolean' ? unsureText(member) : undefined) ?? value] as const;
  });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** Turns references into ids where ids are looked for, and into markers everywhere else. */
function settle(value: Declared, isLink: boolean, scope: TemplateScope): Declared {
  if (typeof value !== 'object' || value === null) return value;
  scope.world.work.left -= Array.isArray(value) ? value.length : 1;
  if (scope.world.work.left < 0) return tooMuch;
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    const settled = list.map((item) => settle(item, isLink, scope) ?? null);
    return settled.every((item, index) => item === list[index]) ? list : settled;
  }
  if (!isObject(value) || isUnknown(value)) return value;
  const { links, references } = scope.world;
  const id = references.get(value);
  if (id !== undefined) return isLink ? id : withParts(later(`the id of ${id}`), [{ nameOf: id }]);
  const members = Object.entries(value).map(
    ([name, member]) => [name, settle(member, links.has(name), scope)] as const,
  );
  return Object.fromEntries(members);
}
