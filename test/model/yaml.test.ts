import { describe, expect, it } from 'vitest';
import { ProvisoErrors } from '../../src/errors.ts';
import { decodeText, entryOf, nodeAt, placeWithin, toJson } from '../../src/model/yaml.ts';
import { parseYaml } from '../../src/model/yaml-document.ts';

function problems(text: string): string[] {
  try {
    return parseYaml(text, 'f.yaml', 'rule').problems.map(show);
  } catch (error) {
    if (error instanceof ProvisoErrors) return error.errors.map(show);
    throw error;
  }
}

function show(error: { message: string; where?: { line: number; column: number } | undefined }): string {
  return `${error.where?.line}:${error.where?.column} ${error.message}`;
}

const million = 990_000;

/** Lines that indent one column more each, as many as fit. */
function stairs(line: string): string {
  let text = '';
  for (let depth = 0; text.length < million; depth += 1) text += `${' '.repeat(depth)}${line}\n`;
  return text;
}

const hostile: Readonly<Record<string, string>> = {
  'flow sequences': '['.repeat(million),
  'flow sequences, closed': '['.repeat(million / 2) + ']'.repeat(million / 2),
  'flow maps': '{a: '.repeat(million / 4),
  'flow over lines': '[\n'.repeat(million / 2),
  'block sequences on one line': '- '.repeat(million / 2),
  'block sequences on one line with tabs': '-\t'.repeat(million / 2),
  'explicit keys': '? '.repeat(million / 2),
  'explicit values': ': '.repeat(million / 2),
  'mixed indicators': '- ? : '.repeat(million / 6),
  'indicators after a key': `a: ${'- '.repeat(million / 2)}`,
  'explicit keys in flow': `[${'? '.repeat(million / 2)}`,
  'anchors in a row': '&a '.repeat(million / 3),
  'tags in a row': '!a '.repeat(million / 3),
  'bare tags in a row': '! '.repeat(million / 2),
  'block maps': stairs('a:'),
  'block sequences': stairs('-'),
  'block sequences of maps': stairs('- a:'),
  'explicit keys by line': stairs('?'),
  'many empty lines': '\n'.repeat(million),
  'many comments': '#\n'.repeat(million / 2),
  'many items': '- a\n'.repeat(million / 4),
  'many keys': 'a: b\n'.repeat(million / 5),
  'many commas': `[${','.repeat(million)}`,
  'many documents': '---\n'.repeat(million / 4),
  'many directives': '%a\n'.repeat(million / 3),
  'unclosed brackets the other way': ']'.repeat(million),
  'quotes in a row': '" '.repeat(million / 2),
  aliases: '- *a\n'.repeat(million / 5),
  'the billion laughs': `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: [*a, *a]`).join('\n')}`,
  'a carriage return alone': 'a: 1\rb: 2',
  'a null character': 'a: "\u0000"',
  'a byte-order mark': '\ufeffa: 1',
  'a turned line': 'a: "\u202eevil"',
  'an open quote': `a: "${'x\n'.repeat(million / 3)}`,
  'a merge key': 'a: { <<: [*b] }',
  'a list as key': '? [a]\n: b',
  'an unknown tag': 'a: !!js/function x',
  nothing: '',
  'only a comment': '# nothing',
};

describe('hostile YAML', () => {
  it.each(Object.entries(hostile))('%s are refused quickly, with a place', (_, text) => {
    const before = process.cpuUsage();
    const found = problems(text);
    const spent = process.cpuUsage(before);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(101);
    for (const problem of found) expect(problem).toMatch(/^\d+:\d+ \S/);
    // Far above what is measured, far below what a quadratic walk over a megabyte takes.
    expect((spent.user + spent.system) / 1000).toBeLessThan(2000);
  });

  it('is refused by size before anything else', () => {
    expect(problems('a'.repeat(1_000_001))).toEqual(['1:1 the file is larger than 1000000 bytes']);
    expect(() => decodeText(new Uint8Array(1_000_001), 'f', 'rule')).toThrow(/larger than/);
    expect(() => decodeText(new Uint8Array([0xff, 0xfe, 0x41]), 'f', 'rule')).toThrow(/not UTF-8/);
  });

  it('is accepted just below the limits', () => {
    const nested = `${'['.repeat(63)}a${']'.repeat(63)}`;
    expect(problems(nested)).toEqual([]);
    expect(problems(`[${nested}]`)).toEqual(['1:64 nested more than 64 levels deep']);
    expect(problems(`${' '.repeat(million)}a: 1`)).toEqual([]);
    expect(problems('- a\n'.repeat(10_000))).toEqual([]);
    expect(problems('- a\n'.repeat(10_001))).toEqual(['10001:1 the file has more than 20000 values']);
  });
});

describe('numbers', () => {
  it.each([
    ['012345678901', 'looks like an account id'],
    ['111122223333', 'looks like an account id'],
    ['1.10', 'as the number 1.1'],
    ['1e3', 'as the number 1000'],
    ['0x1F', 'as the number 31'],
    ['0o17', 'as the number 15'],
    ['007', 'as the number 7'],
    ['+5', 'as the number 5'],
    ['-0', 'as the number 0'],
    ['1234567890123456', 'as the number'],
    ['.inf', 'is not a number'],
    ['-.INF', 'is not a number'],
    ['.nan', 'is not a number'],
  ])('%s must be quoted', (source, reason) => {
    const [only, ...rest] = problems(`a:\n  b: ${source}`);
    expect(rest).toEqual([]);
    expect(only).toMatch(/^2:6 /);
    expect(only).toContain(reason);
    expect(problems(`a: "${source}"`)).toEqual([]);
    expect(problems(`? ${source}\n: x`)).toEqual([]);
  });

  it.each(['0', '-1', '22', '1.5', '123456789012345', '99999999999'])('%s is a number', (source) => {
    expect(toJson(parseYaml(source, 'f', 'rule').root)).toBe(Number(source));
  });
});

describe('a second document', () => {
  it.each([
    ['a: 1\n---\nb: 2\n', '2:1'],
    ['a: 1\n--- \n', '2:1'],
    ['---\na: 1\n---\nb: 2\n', '3:1'],
    ['a: 1\n...\nb: 2\n', '3:1'],
  ])('is refused: %j', (text, place) => {
    expect(problems(text)).toEqual([`${place} a file holds one document; a second one begins here`]);
  });

  it.each(['---\na: 1\n', 'a: 1\n...\n', '# words\n---\na: 1\n'])('is not seen where there is one: %j', (text) => {
    expect(problems(text)).toEqual([]);
  });
});

describe('a document', () => {
  it('becomes nodes with places', () => {
    const { root } = parseYaml('a:\n  - b: "x y"\n    c:\n', 'f.yaml', 'rule');
    expect(toJson(root)).toEqual({ a: [{ b: 'x y', c: null }] });
    const b = nodeAt(root, ['a', 0, 'b']);
    expect(b.at).toEqual({ file: 'f.yaml', line: 2, column: 8, length: 5 });
    expect(b.kind === 'scalar' && placeWithin(b, 2, 1)).toMatchObject({ line: 2, column: 11, length: 1 });
    const inner = nodeAt(root, ['a', 0]);
    expect(inner.kind === 'map' && entryOf(inner, 'c')?.keyNode.at).toMatchObject({ line: 3, column: 5, length: 1 });
  });

  it('reads core-schema words only', () => {
    expect(toJson(parseYaml('[yes, on, true, null, ~, 2026-01-01]', 'f', 'rule').root)).toEqual([
      'yes',
      'on',
      true,
      null,
      null,
      '2026-01-01',
    ]);
  });

  it('refuses a key that stands twice and the name of the prototype', () => {
    expect(problems('a: 1\nb: 2\na: 3')).toEqual(["3:1 'a' is written twice"]);
    expect(problems('1: 1\n"1": 2')).toEqual(["2:1 '1' is written twice"]);
    expect(problems('a: { __proto__: 1 }')).toEqual(["1:6 '__proto__' cannot be used as a name"]);
  });

  it('says every mistake at once', () => {
    expect(problems('a: &x 1\nb: *x\nc: !t 2')).toEqual([
      '1:4 anchors are not allowed',
      '2:4 aliases are not allowed',
      '3:4 tags are not allowed',
    ]);
  });

  it('takes texts that only look like anchors, tags and nesting', () => {
    const text = 'a: "&x *y !z %d"\nb: |\n  - - - [[[{{{ &a *b\nc: x - y ? z\nd: \'{a} [b]\'\n';
    expect(toJson(parseYaml(text, 'f', 'rule').root)).toEqual({
      a: '&x *y !z %d',
      b: '- - - [[[{{{ &a *b\n',
      c: 'x - y ? z',
      d: '{a} [b]',
    });
  });
});
