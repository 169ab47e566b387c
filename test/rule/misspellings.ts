import type { Operator } from '../../src/model/operator.ts';
import type { Shape } from '../../src/model/resource-type.ts';
import { isObject } from '../../src/model/value.ts';
import {
  entryOf,
  type YamlEntry,
  type YamlFile,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../../src/model/yaml.ts';
import { parseMessage } from '../../src/rule/message.ts';
import type { Catalogue, Rule } from '../../src/rule/rule.ts';

/** A rule file with one word of it misspelt, and where the mistake is. */
export interface Misspelling {
  readonly word: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A word with the letter in its middle left out, or the last letter of a short one doubled. */
export function misspell(word: string): string {
  if (word.length < 4) return word + word.at(-1);
  const middle = word.length / 2;
  const letters = [...word.matchAll(/[A-Za-z]/g)].map((match) => match.index);
  letters.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  const index = letters[0] ?? 0;
  return word.slice(0, index) + word.slice(index + 1);
}

/** Every word of a rule file that names something: keys, fields, types, relations, parameters, message fields. */
export function misspellings(source: YamlFile, rule: Rule, catalogue: Catalogue): readonly Misspelling[] {
  const found: Misspelling[] = [];
  const seen = new Set<string>();
  const add = (node: YamlScalar, word: string, offset = 0) => {
    // A word that stands at many places of one section is misspelt at the first of them.
    const key = `${section(source.root, node)} ${word}`;
    if (node.lead === undefined || seen.has(key)) return;
    seen.add(key);
    const start = node.offset + node.lead + offset;
    if (source.text.slice(start, start + word.length) !== word)
      throw new Error(`'${word}' does not stand at its place`);
    const text = source.text.slice(0, start) + misspell(word) + source.text.slice(start + word.length);
    found.push({ word, text, line: node.at.line, column: node.at.column + (node.lead ?? 0) + offset });
  };
  new Walker(rule, catalogue, add).file(source.root);
  return found;
}

/** The word at the top of the file under which a node stands. */
function section(root: YamlNode, node: YamlScalar): string {
  const above = entries(root).filter((entry) => entry.keyNode.offset <= node.offset);
  return above.at(-1)?.key ?? '';
}

/** The names of all fields that AWS has, and of all relations: other words in a path are the keys of a map. */
function knownNames(catalogue: Catalogue): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (shape: Shape): void => {
    if (typeof shape === 'string') return;
    if ('list' in shape) return visit(shape.list);
    if ('map' in shape) return visit(shape.map);
    for (const [name, member] of Object.entries(shape.fields)) {
      names.add(name);
      visit(member);
    }
  };
  for (const shape of catalogue.shapes.values()) visit(shape);
  for (const type of catalogue.types.values()) for (const name of Object.keys(type.relations ?? {})) names.add(name);
  return names;
}

type Add = (node: YamlScalar, word: string, offset?: number) => void;

class Walker {
  readonly rule: Rule;
  readonly catalogue: Catalogue;
  readonly add: Add;
  readonly names: ReadonlySet<string>;

  constructor(rule: Rule, catalogue: Catalogue, add: Add) {
    this.rule = rule;
    this.catalogue = catalogue;
    this.add = add;
    this.names = knownNames(catalogue);
  }

  file(root: YamlNode): void {
    for (const entry of entries(root)) {
      this.key(entry);
      this.part(entry.key, entry.value);
    }
  }

  part(key: string, value: YamlNode): void {
    switch (key) {
      case 'severity':
      case 'resource':
      case 'scope':
        return this.scalar(value);
      case 'fix':
      case 'controls':
        return entries(value).forEach((one) => void this.key(one));
      case 'params':
        return entries(value).forEach((one) => void this.declaration(one.value));
      case 'when':
      case 'assert':
        return this.condition(value);
      case 'message':
        return this.message(value);
      case 'pass':
      case 'fail':
      case 'unknown':
      case 'not-applicable':
        return entries(value).forEach((one) => void this.example(one.value));
    }
  }

  key(entry: YamlEntry): void {
    this.add(entry.keyNode, entry.key);
  }

  /** Quoted keys have the quotation mark in their place. */
  scalar(node: YamlNode): void {
    if (node.kind === 'scalar' && typeof node.value === 'string') this.add(node, node.value);
  }

  /** Each segment of a path, or of a chain of relations. */
  path(node: YamlScalar): void {
    let offset = 0;
    for (const segment of String(node.value).split('.')) {
      if (this.names.has(segment)) this.add(node, segment, offset);
      offset += segment.length + 1;
    }
  }

  declaration(node: YamlNode): void {
    for (const entry of entries(node)) {
      this.key(entry);
      if (entry.key === 'schema') this.schema(entry.value);
    }
  }

  schema(node: YamlNode): void {
    for (const entry of entries(node)) {
      this.key(entry);
      if (entry.key === 'type')
        for (const one of entry.value.kind === 'list' ? entry.value.items : [entry.value]) this.scalar(one);
      if (entry.key === 'items') this.schema(entry.value);
    }
  }

  message(node: YamlNode): void {
    if (node.kind !== 'scalar') return;
    const parts = parseMessage(String(node.value));
    if (typeof parts === 'number') return;
    for (const part of parts) {
      if (part.kind !== 'field' || part.name.startsWith('@')) continue;
      let offset = part.start;
      for (const segment of part.name.split('.')) {
        this.add(node, segment.replace(/\[\]$/, ''), offset);
        offset += segment.length + 1;
      }
    }
  }

  condition(node: YamlNode): void {
    if (node.kind === 'list') for (const item of node.items) this.condition(item);
    for (const entry of entries(node)) this.conditionEntry(entry);
  }

  conditionEntry(entry: YamlEntry): void {
    const { key, value } = entry;
    const operator = this.catalogue.operators.get(key);
    if (['all', 'any', 'not', 'if', 'then', 'else'].includes(key)) {
      this.key(entry);
      this.condition(value);
    } else if (['some', 'every', 'none'].includes(key)) {
      this.key(entry);
      this.quantifier(value);
    } else if (operator !== undefined) {
      this.key(entry);
      this.operand(value, operator);
    } else {
      this.path(entry.keyNode);
      this.operators(value);
    }
  }

  operators(node: YamlNode): void {
    for (const entry of entries(node)) {
      this.key(entry);
      const operator = this.catalogue.operators.get(entry.key);
      if (operator !== undefined) this.operand(entry.value, operator);
      else if (entry.key === 'param') this.scalar(entry.value);
    }
  }

  operand(node: YamlNode, operator: Operator): void {
    const members = isObject(operator.operand.properties) ? operator.operand.properties : {};
    for (const entry of entries(node)) {
      if (entry.key === 'param') {
        this.key(entry);
        this.scalar(entry.value);
      } else if (Object.hasOwn(members, entry.key)) {
        this.key(entry);
        this.operand(entry.value, { ...operator, operand: {} });
      }
    }
  }

  quantifier(node: YamlNode): void {
    for (const entry of entries(node)) {
      const { key, value } = entry;
      this.key(entry);
      if (key === 'where' || key === 'filter') this.condition(value);
      else if ((key === 'in' || key === 'follow' || key === 'newest') && value.kind === 'scalar') this.path(value);
      else if (key === 'of' || (key === 'allow-empty' && value.kind === 'scalar' && value.value === 'unknown'))
        this.scalar(value);
    }
  }

  example(node: YamlNode): void {
    const shape = this.catalogue.shapes.get(this.rule.resource?.type ?? '');
    for (const entry of entries(node)) {
      if (entry.key.startsWith('$')) this.word(entry);
      else if (shape !== undefined) this.member(entry, shape);
    }
  }

  /** `$with`, `$params` and their kind. */
  word(entry: YamlEntry): void {
    this.key(entry);
    if (entry.key === '$params') for (const one of entries(entry.value)) this.key(one);
    if (entry.key !== '$with') return;
    for (const one of entries(entry.value)) {
      this.key(one);
      this.value(one.value, { list: this.catalogue.shapes.get(one.key) ?? 'any' });
    }
  }

  value(node: YamlNode, shape: Shape): void {
    const marker = node.kind === 'map' ? entryOf(node, '$unknown') : undefined;
    if (marker !== undefined) {
      this.key(marker);
      this.scalar(marker.value);
    } else if (typeof shape === 'object' && 'list' in shape) {
      if (node.kind === 'list') for (const item of node.items) this.value(item, shape.list);
    } else for (const entry of entries(node)) this.member(entry, shape);
  }

  member(entry: YamlEntry, shape: Shape): void {
    if (typeof shape === 'string' || 'list' in shape) return;
    if ('map' in shape) return this.value(entry.value, shape.map);
    this.key(entry);
    this.value(entry.value, shape.fields[entry.key] ?? 'any');
  }
}

function entries(node: YamlNode): YamlMap['entries'] {
  return node.kind === 'map' ? node.entries : [];
}
