import type { CloudFormationForm, Declared } from '../model/resource-type.ts';
import {
  canonicalJson,
  isObject,
  isUnknown,
  type Json,
  type JsonObject,
  type Unknown,
  unknown,
} from '../model/value.ts';
import type { Destination } from './_declared.ts';

/** What a template's functions depend on. */
export interface TemplateContext {
  readonly template: JsonObject;
  readonly destination: Destination;
  /** Values given for parameters; the others have their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly formOf: (type: string) => CloudFormationForm | undefined;
  /** Names of properties in which the id of another resource may stand. */
  readonly links: ReadonlySet<string>;
}

export interface Evaluator {
  /** A value with its functions worked out; what cannot be is a marker. */
  valueOf(node: Json | undefined): Declared;
  /** Undefined where it cannot be told. */
  isMet(condition: string): boolean | undefined;
  /** What `Ref` gives for a resource: a name that was written, or its logical id. */
  identityOf(logicalId: string): string;
}

const longest = 100_000;
/** How far references are followed from one to the next. */
const furthest = 20;

export function ownMember(object: Declared, name: string): Json | undefined {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

const later = (what: string) => unknown('known-after-apply', `${what} is known only at deployment`);

/** A scalar as CloudFormation writes it into text. */
function textOf(value: Declared): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function firstUnknown(values: readonly Declared[]): Unknown | undefined {
  return values.find(isUnknown);
}

type Evaluate = (node: Json | undefined) => Declared;

/** Works out a template's functions. Nothing is guessed: whatever is decided at deployment stays open. */
export function evaluateTemplate(context: TemplateContext): Evaluator {
  const { template, parameters, formOf, links } = context;
  const resources = ownMember(template, 'Resources');
  /** References to resources, until it is known whether they stand where an id is looked for. */
  const references = new WeakMap<object, string>();
  const refs = new Map<string, Declared>();
  const active = new Set<string>();

  function reference(id: string): Json {
    const made = Object.freeze({ reference: id });
    references.set(made, id);
    return made;
  }

  const isReference = (value: Declared) => isObject(value) && references.has(value);
  const noText = (value: Declared) => (isUnknown(value) ? value : later('an id inside a text'));

  function refTo(id: string): Declared {
    if (refs.has(id)) return refs.get(id);
    if (active.has(id) || active.size > furthest) return unknown('limit', `${id} is referred to in a circle`);
    active.add(id);
    const found = findRef(id);
    active.delete(id);
    refs.set(id, found);
    return found;
  }

  function findRef(id: string): Declared {
    const resource = ownMember(resources, id);
    const form = formOf(String(ownMember(resource, 'Type')));
    if (resource === undefined || form === undefined) return later(`the id of ${id}`);
    const written =
      form.ref === undefined ? undefined : evaluate(ownMember(ownMember(resource, 'Properties'), form.ref));
    return typeof written === 'string' && written !== '' ? written : reference(id);
  }

  function attributeOf(id: string, attribute: string): Declared {
    const form = formOf(String(ownMember(ownMember(resources, id), 'Type')));
    const pattern =
      form?.attributes !== undefined && Object.hasOwn(form.attributes, attribute)
        ? form.attributes[attribute]
        : undefined;
    if (pattern === undefined) return later(`${attribute} of ${id}`);
    const ref = refTo(id);
    if (pattern === 'id') return ref;
    if (typeof ref !== 'string') return later(`${attribute} of ${id}`);
    return pattern.replaceAll('{partition}', partition).replaceAll('{ref}', () => ref);
  }

  const partition = context.destination.partition ?? 'aws';
  const pseudo: Readonly<Record<string, Declared>> = {
    'AWS::AccountId': context.destination.account,
    'AWS::Region': context.destination.region,
    'AWS::Partition': partition,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };

  function ref(name: Json | undefined): Declared {
    if (typeof name !== 'string') return unknown('type', 'Ref names nothing');
    if (name === 'AWS::NoValue') return undefined;
    if (name.startsWith('AWS::')) return (Object.hasOwn(pseudo, name) ? pseudo[name] : undefined) ?? later(name);
    const parameter = ownMember(ownMember(template, 'Parameters'), name);
    return parameter === undefined ? refTo(name) : parameterValue(name, parameter);
  }

  function parameterValue(name: string, parameter: Json): Declared {
    const type = String(ownMember(parameter, 'Type') ?? 'String');
    const isHidden = String(ownMember(parameter, 'NoEcho')) === 'true';
    if (isHidden) return unknown('redacted', `parameter ${name} is not to be shown`);
    if (type.startsWith('AWS::SSM::Parameter::')) return later(`parameter ${name}, which is looked up,`);
    const given = Object.hasOwn(parameters, name) ? parameters[name] : ownMember(parameter, 'Default');
    const text = textOf(given);
    if (text === undefined) return unknown('known-after-apply', `parameter ${name} has no default`);
    if (text.includes('{{resolve:')) return later(`parameter ${name}, which is looked up,`);
    if (type === 'CommaDelimitedList' || type.startsWith('List<')) return text.split(',').map((item) => item.trim());
    return type === 'Number' && /^-?[0-9]{1,15}$/.test(text) ? Number(text) : (given ?? undefined);
  }

  function evaluate(node: Json | undefined): Declared {
    if (node === null || node === undefined) return undefined;
    if (typeof node === 'string') return node.includes('{{resolve:') ? later('a value that is looked up') : node;
    if (typeof node !== 'object') return node;
    if (Array.isArray(node)) return (node as readonly Json[]).flatMap((item) => evaluate(item) ?? []);
    const object = node as JsonObject;
    const names = Object.keys(object);
    const [only = ''] = names;
    const call = names.length === 1 && (only === 'Ref' || only.startsWith('Fn::'));
    if (call) return callOf(only, object[only]);
    if (isUnknown(object)) return unknown('type', 'it has a member that is named $unknown');
    if (names.some((name) => name.startsWith('Fn::'))) return later('what a function adds');
    return Object.fromEntries(
      Object.entries(object).flatMap(([name, member]) => {
        const value = evaluate(member);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  }

  function callOf(name: string, argument: Json | undefined): Declared {
    const call = Object.hasOwn(functions, name) ? functions[name] : undefined;
    return call === undefined ? later(`what ${name.slice(0, 60)} gives`) : call(argument);
  }

  const functions: Readonly<Record<string, Evaluate>> = {
    Ref: ref,
    'Fn::GetAtt'(argument) {
      const parts = typeof argument === 'string' ? argument.split('.') : ((argument ?? []) as readonly Json[]);
      if (!Array.isArray(parts)) return unknown('type', 'Fn::GetAtt names nothing');
      const [id, ...attribute] = (parts as readonly Json[]).map((part) => textOf(evaluate(part)));
      if (id === undefined || attribute.includes(undefined)) return later('an attribute');
      return attributeOf(id, attribute.join('.'));
    },
    'Fn::Sub'(argument) {
      const [pattern, given] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument];
      return typeof pattern === 'string' ? substitute(pattern, given) : unknown('type', 'Fn::Sub has no text');
    },
    'Fn::Join'(argument) {
      const [delimiter, list] = evaluateList(argument);
      if (isUnknown(list) || isUnknown(delimiter)) return isUnknown(list) ? list : delimiter;
      if (typeof delimiter !== 'string' || !Array.isArray(list)) return unknown('type', 'Fn::Join has no list');
      const items = list as readonly Json[];
      if (items.length === 1 && isReference(items[0])) return items[0];
      const texts = items.map(textOf);
      const odd = texts.indexOf(undefined);
      return odd === -1 ? bounded(texts.join(delimiter)) : noText(items[odd]);
    },
    'Fn::Split'(argument) {
      const [delimiter, text] = evaluateList(argument);
      if (isUnknown(text)) return text;
      return typeof delimiter === 'string' && delimiter !== '' && typeof text === 'string'
        ? text.split(delimiter)
        : noText(text);
    },
    'Fn::Select'(argument) {
      const [index, list] = evaluateList(argument);
      const doubt = firstUnknown([index, list]);
      if (doubt !== undefined) return doubt;
      const at = Number(textOf(index) ?? Number.NaN);
      const items = Array.isArray(list) ? (list as readonly Json[]) : [];
      // An item that is not known may be none, or more than one.
      const before = firstUnknown(items.slice(0, at + 1));
      return before ?? items[at] ?? unknown('type', 'Fn::Select finds no such item');
    },
    'Fn::FindInMap'(argument) {
      const [map, first, second] = evaluateList(argument).map(textOf);
      if (map === undefined || first === undefined || second === undefined) return later('an entry of a mapping');
      const found = ownMember(ownMember(ownMember(ownMember(template, 'Mappings'), map), first), second);
      const isPlain = textOf(found) !== undefined || (Array.isArray(found) && found.every((item) => textOf(item)));
      return isPlain ? evaluate(found) : unknown('type', 'the mapping has no such entry');
    },
    'Fn::If'(argument) {
      const [name, yes, no] = Array.isArray(argument) ? (argument as readonly Json[]) : [];
      if (typeof name !== 'string') return unknown('type', 'Fn::If names no condition');
      const answer = isMet(name);
      if (answer !== undefined) return evaluate(answer ? yes : no);
      const [one, other] = [evaluate(yes), evaluate(no)];
      const isSame = !isReference(one) && canonicalJson(one) === canonicalJson(other);
      return isSame ? one : later(`whether ${name} is met`);
    },
  };

  function evaluateList(argument: Json | undefined): readonly Declared[] {
    return Array.isArray(argument) ? (argument as readonly Json[]).map(evaluate) : [];
  }

  function bounded(text: string): Declared {
    return text.length > longest ? unknown('limit', `it has more than ${longest} characters`) : text;
  }

  function substitute(pattern: string, given: Json | undefined): Declared {
    if (pattern.includes('{{resolve:')) return later('a value that is looked up');
    let text = '';
    let end = 0;
    for (const match of pattern.matchAll(/\$\{([^${}]{1,300})\}/g)) {
      const name = match[1]?.trim() ?? '';
      text += pattern.slice(end, match.index);
      end = match.index + match[0].length;
      if (name.startsWith('!')) {
        text += `\${${name.slice(1)}}`;
        continue;
      }
      const dot = name.indexOf('.');
      const own = ownMember(given, name);
      const value =
        own !== undefined
          ? evaluate(own)
          : dot === -1
            ? ref(name)
            : attributeOf(name.slice(0, dot), name.slice(dot + 1));
      if (isReference(value) && match[0] === pattern) return value;
      const part = textOf(value);
      if (part === undefined) return value === undefined ? later(name) : noText(value);
      text += part;
      if (text.length > longest) return bounded(text);
    }
    return bounded(text + pattern.slice(end));
  }

  const met = new Map<string, boolean | undefined>();

  let followed = 0;

  function isMet(name: string): boolean | undefined {
    if (met.has(name)) return met.get(name);
    if (followed > furthest) return undefined;
    // Until it is known: a condition that refers to itself is never met, nor not met.
    met.set(name, undefined);
    followed += 1;
    const answer = holds(ownMember(ownMember(template, 'Conditions'), name));
    followed -= 1;
    met.set(name, answer);
    return answer;
  }

  function holds(condition: Json | undefined): boolean | undefined {
    const [name = '', ...others] = isObject(condition) ? Object.keys(condition) : [];
    const argument = ownMember(condition, name);
    if (others.length > 0) return undefined;
    if (name === 'Condition') return typeof argument === 'string' ? isMet(argument) : undefined;
    const parts = Array.isArray(argument) ? (argument as readonly Json[]) : [];
    if (name === 'Fn::Equals') return areEqual(parts.map(evaluate));
    const answers = parts.map(holds);
    const isOpen = answers.length === 0 || answers.includes(undefined);
    if (name === 'Fn::Not') return answers.length === 1 && answers[0] !== undefined ? !answers[0] : undefined;
    if (name === 'Fn::And') return answers.includes(false) ? false : isOpen ? undefined : true;
    if (name === 'Fn::Or') return answers.includes(true) ? true : isOpen ? undefined : false;
    return undefined;
  }

  function areEqual([one, other]: readonly Declared[]): boolean | undefined {
    const texts = [textOf(one), textOf(other)];
    return texts.includes(undefined) ? undefined : texts[0] === texts[1];
  }

  /** Turns references into ids where ids are looked for, and into markers everywhere else. */
  function settle(value: Declared, isLink: boolean): Declared {
    if (Array.isArray(value)) return (value as readonly Json[]).map((item) => settle(item, isLink) ?? null);
    if (!isObject(value) || isUnknown(value)) return value;
    const id = references.get(value);
    if (id !== undefined) return isLink ? id : later(`the id of ${id}`);
    const members = Object.entries(value).map(([name, member]) => [name, settle(member, links.has(name))] as const);
    return Object.fromEntries(members);
  }

  return {
    valueOf: (node) => settle(evaluate(node), false),
    isMet,
    identityOf(id) {
      const found = refTo(id);
      return typeof found === 'string' ? found : id;
    },
  };
}
