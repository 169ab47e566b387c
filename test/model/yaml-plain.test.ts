import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/model/yaml-document.ts';
import { readPlainYaml } from '../../src/model/yaml-plain.ts';

const folder = new URL('../../', import.meta.url);
const rules = readdirSync(new URL('rules', folder), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => `rules/${name}`);
const shipped = [...rules, 'policies.yaml'].map((path) => readFileSync(new URL(path, folder), 'utf8'));

describe('plain YAML', () => {
  it.each([...rules, 'policies.yaml'])('of %s is what the library reads', (path) => {
    const text = readFileSync(new URL(path, folder), 'utf8');
    const plain = readPlainYaml(text, path);
    expect(plain).toBeDefined();
    expect(plain).toEqual(parseYaml(text, path, 'rule').root);
  });

  it.each([
    ['no value', 'a:\n'],
    ['a list where a map must be', '- a\n'],
    ['a text over two lines', 'a: b\n  c\n'],
    ['a block of text', 'a: |\n  b\n'],
    ['a key written twice', 'a: 1\na: 2\n'],
    ['a name that objects have', '__proto__: 1\n'],
    ['a number in another form', 'a: 1.0\n'],
    ['an account id without quotation marks', 'a: 111122223333\n'],
    ['a tab', 'a:\tb\n'],
    ['a carriage return', 'a: b\r\n'],
    ['an escape other than of marks', 'a: "\\n"\n'],
    ['an anchor', 'a: &b c\n'],
    ['a tag', 'a: !b c\n'],
    ['a bracket that stays open', 'a: [b\n'],
    ['a line within brackets that is not deeper', 'a: [b,\nc]\n'],
    ['a comment within brackets', 'a: [b, # c\n  d]\n'],
    ['text behind a bracket', 'a: [b] c\n'],
    ['a list that is not deeper than its key', 'a:\n- b\n'],
    ['a second document', 'a: b\n---\nc: d\n'],
    ['a character that turns the direction of writing', 'a: \u202eb\n'],
    ['brackets 40 deep', `a: ${'['.repeat(40)}${']'.repeat(40)}\n`],
    ['more values than one file holds', `a: [${'1,'.repeat(30_000)}1]\n`],
  ])('leaves %s to the library', (_what, text) => {
    expect(readPlainYaml(text, 'f')).toBeUndefined();
  });

  const words = [
    'a',
    'b',
    ': ',
    ':',
    '- ',
    '-',
    '\n',
    '\n  ',
    '\n    ',
    ' ',
    '#',
    ' # ',
    '{',
    '}',
    '[',
    ']',
    ',',
    ', ',
  ];
  const marks = ['"', "'", "''", '\\"', '~', 'true', 'null', '1', '-1', '0.5', '.inf', '0x1', '&a ', '*a', '!t ', '?'];
  const lines = [
    'key: ',
    '\nkey: ',
    '\n- k: v',
    '\n# c\n',
    '|\n',
    '---\n',
    '...\n',
    '"q": ',
    '%',
    '@',
    '`',
    'é',
    '\u00a0',
  ];
  const piece = fc.constantFrom(...words, ...marks, ...lines);
  const made = fc.array(piece, { maxLength: 16 }).map((pieces) => `k: ${pieces.join('')}`);
  /** Some lines of a rule, moved to the margin, with a few characters replaced. */
  const spoilt = fc
    .tuple(
      fc.constantFrom(...shipped),
      fc.nat(80),
      fc.integer({ min: 1, max: 14 }),
      fc.array(fc.tuple(fc.nat(), piece)),
    )
    .map(([text, from, count, edits]) => {
      const part = text.split('\n').slice(from, from + count);
      const margin = /^ */.exec(part[0] ?? '')?.[0].length ?? 0;
      const start = part.map((line) => line.slice(Math.min(margin, line.search(/\S|$/)))).join('\n');
      return edits.slice(0, 4).reduce((all, [place, text]) => {
        const at = place % (all.length + 1);
        return all.slice(0, at) + text + all.slice(at + (place % 3));
      }, start);
    });

  it('is never anything else than what the library reads, and never what it refuses', () => {
    fc.assert(
      fc.property(fc.oneof(made, spoilt), (text) => {
        const plain = readPlainYaml(text, 'f');
        if (plain === undefined) return;
        const { root, problems } = parseYaml(text, 'f', 'rule');
        expect(plain).toEqual(root);
        expect(problems).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});
