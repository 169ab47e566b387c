import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineHclJson } from '../../src/sources/_hcl-json.ts';
import { type HclBody, outlineHcl } from '../../src/sources/_hcl-outline.ts';
import { readTokens } from '../../src/sources/_hcl-tokens.ts';

/** `2 resource aws_s3_bucket logs`, `3 resource aws_s3_bucket logs > bucket`: each name with its line. */
function linesOf({ attributes, blocks }: HclBody, above = ''): string[] {
  return [
    ...[...attributes].map(([name, { line }]) => `${line} ${above}${name}`),
    ...blocks.flatMap((block) => {
      const path = `${above}${[block.type, ...block.labels].join(' ')}`;
      return [`${block.line} ${path}`, ...linesOf(block, `${path} > `)];
    }),
  ];
}

const outline = (...lines: readonly string[]) => linesOf(outlineHcl(lines.join('\n')));

describe("a configuration in Terraform's language", () => {
  it('gives each block and attribute with its line', () => {
    const found = outline(
      'resource "aws_security_group" "front" {',
      '  name = "front"',
      '',
      '  ingress {',
      '    from_port = 22',
      '  }',
      '}',
      'module "web" { source = "./web" }',
      'locals {',
      '  cidrs = ["192.0.2.0/24"]',
      '}',
    );
    expect(found).toEqual([
      '1 resource aws_security_group front',
      '2 resource aws_security_group front > name',
      '4 resource aws_security_group front > ingress',
      '5 resource aws_security_group front > ingress > from_port',
      '8 module web',
      '8 module web > source',
      '9 locals',
      '10 locals > cidrs',
    ]);
  });

  it.each<[what: string, lines: readonly string[]]>([
    ['comments of all kinds', ['a = 1 # {', '// {', '/* {', '} */', 'b = 2']],
    ['a text with brackets and quotes', ['a = "} \\" {"', 'x = 1', 'y = 1', '', 'b = 2']],
    ['a template with texts of its own', ['a = "${join("}", ["{"])}"', '', '', '', 'b = 2']],
    ['a template over several lines', ['a = "${', '', '', '}"', 'b = 2']],
    ['templates that are escaped', ['a = "$${"', '', 'c = "%%{"', '', 'b = 2']],
    ['a directive', ['a = "%{ if x }{%{ endif }"', '', '', '', 'b = 2']],
    ['a heredoc', ['a = <<EOT', 'b = 1 {', '"', 'EOT', 'b = 2']],
    ['a heredoc that is indented', ['a = <<-EOT', '  b = 1', '  EOT ', '', 'b = 2']],
    ['a heredoc without lines', ['a = <<EOT', 'EOT', '', '', 'b = 2']],
    ['a heredoc in a list', ['a = [<<EOT', ']', 'EOT', ']', 'b = 2']],
    ['a heredoc whose template holds its marker', ['a = <<A', '${f(<<B', 'A', 'B', ')}', 'A', 'b = 2']],
    ['an object', ['a = {', '  b = 1', '  "c" = 2', '}', 'b = 2']],
    ['a call over several lines', ['a = merge(', '  b,', '  { b = 1 },', ')', 'b = 2']],
    ['a condition', ['a = b == 1 ? 2 : 3', '', '', '', 'b = 2']],
    ['lines that end as on Windows', ['a = <<EOT\r', 'b = 1\r', 'EOT\r', '\r', 'b = 2\r']],
    ['a mark of the byte order', ['\uFEFFa = 1', '', '', '', 'b = 2']],
    ['names of other scripts', ['größe = 1', 'é-b = 2', '', '', 'b = 2']],
    ['a quote too many', ['a = "', '', '', '', 'b = 2']],
    ['a bracket too many', ['a = 1 }', ')', '', '', 'b = 2']],
    ['signs that mean nothing', ['a = 1', '= 3', '"b" = 4', '* b = 1', 'b = 2']],
  ])('is not misread over %s', (_, lines) => {
    const found = outline(...lines);
    expect(found[0]).toMatch(/^\d /);
    expect(found.filter((line) => line.endsWith(' b'))).toEqual([`${lines.length} b`]);
  });

  it('takes a dynamic block for blocks of that name', () => {
    const dynamic = ['dynamic "ingress" {', 'for_each = var.cidrs', 'content {', 'from_port = 22', '}', '}'];
    expect(outline(...dynamic)).toEqual(['1 ingress', '4 ingress > from_port']);
  });

  it.each([
    ['"./web"', './web'],
    ['aws_s3_bucket.logs', 'aws_s3_bucket.logs'],
    ['"${path.module}/web"', undefined],
    ['f("web")', undefined],
    ['["web"]', undefined],
    ['true ? "a" : "b"', undefined],
    [`"${'a'.repeat(2000)}"`, undefined],
  ])('tells the value %s only where it is a plain one', (value, told) => {
    expect(outlineHcl(`a = ${value}`).attributes.get('a')?.value).toBe(told);
  });
});

it.each<[expression: string, references: readonly string[]]>([
  ['var.cidrs', ['var.cidrs']],
  [
    'concat(var.a, [local.b.c, module.web.id], data.aws_vpc.main.id)',
    [...['var.a', 'local.b', 'module.web.id', 'data.aws_vpc.main']],
  ],
  ['aws_vpc.main[0].id', ['aws_vpc.main']],
  ['var.a[var.b].var.c', ['var.a', 'var.b']],
  ['[for rule in var.rules : rule.cidr if each.value != count.index]', ['var.rules']],
  ['{ var = local.a, "b" = var.a, c = var.a }', ['local.a', 'var.a']],
  ['"var.a" # var.b', []],
  ['path.module', []],
  ['var', []],
])('%s names %j', (expression, references) => {
  expect(outlineHcl(`a = ${expression}`).attributes.get('a')?.references).toEqual(references);
});

describe('a configuration in JSON', () => {
  it('gives each block and attribute with its line', () => {
    const text = JSON.stringify(
      {
        '//': 'made by a program',
        resource: {
          aws_security_group: {
            front: { name: 'a "b" {', ingress: [{ from_port: 22 }], dynamic: { egress: { content: { to_port: 1 } } } },
          },
        },
        locals: [{ cidrs: [] }],
        module: { web: { source: './web' } },
      },
      undefined,
      1,
    );
    const lines = text.split('\n');
    const found = linesOf(outlineHclJson(text));
    expect(found.map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'resource aws_security_group front',
      'resource aws_security_group front > name',
      'resource aws_security_group front > ingress',
      'resource aws_security_group front > ingress',
      'resource aws_security_group front > ingress > from_port',
      'resource aws_security_group front > egress',
      'resource aws_security_group front > egress > to_port',
      'locals',
      'locals > cidrs',
      'module web',
      'module web > source',
    ]);
    for (const line of found) {
      const [, number, name] = /^(\d+) .*?([\w]+)$/.exec(line) ?? [];
      expect(lines[Number(number) - 1]).toContain(`"${name}"`);
    }
    expect(outlineHclJson(text).blocks.at(-1)?.attributes.get('source')?.value).toBe('./web');
  });

  it.each([
    '',
    '[',
    '{"resource": {"a": {"b": {}}}',
    '{"resource": {"a": {"b": {},}}}',
    '"',
    '{"resource": 1}',
    'x = 1',
  ])('gives nothing for %j', (text) => {
    expect(linesOf(outlineHclJson(text))).toEqual([]);
  });

  it('gives nothing for what is nested without end', () => {
    const deep = (depth: number) => `{"locals":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    expect(linesOf(outlineHclJson(deep(20)))).toEqual(['1 locals', '1 locals > a']);
    expect(linesOf(outlineHclJson(deep(100_000)))).toEqual([]);
  });
});

const awkward = fc.constantFrom(
  ...['"', '{', '}', '[', ']', '(', ')', '=', '\n', ' ', '#', '//', '/*', '*/', '\\', '$', '%', '${', '%{'],
  ...[
    '<<A\n',
    '<<-A\n',
    '\nA\n',
    '<<',
    'A',
    'a',
    'dynamic',
    'content',
    '"a"',
    ',',
    ':',
    '.',
    '\r\n',
    '\u2028',
    '\0',
    '😀',
  ],
);
const anyText = fc.oneof(
  fc.array(awkward, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

/** Values, and how many lines each of them takes beyond its first. */
const values = fc.constantFrom<[text: string, lines: number]>(
  ['1', 0],
  ['"} {"', 0],
  ['var.a ? "x" : "y"', 0],
  ['"${join(",", [for a in b : "${a}"])}"', 0],
  ['{\n  b = 1\n}', 2],
  ['[\n  "a", # ]\n]', 2],
  ['<<-EOT\n  b = {\n  EOT', 2],
  ['f(<<A\n${<<B\nA\nB\n}\nA\n)', 6],
);
const attribute = fc.tuple(fc.constantFrom('a', 'b', 'c'), values);

interface Made {
  readonly text: string;
  readonly lines: readonly string[];
}

/** Blocks with attributes and comments, and where they are. */
const configuration: fc.Arbitrary<Made> = fc
  .array(fc.tuple(fc.constantFrom('', '# {\n', '/*\n}\n*/\n'), fc.array(attribute, { maxLength: 4 })), { maxLength: 6 })
  .map((blocks) => {
    let text = '';
    const lines: string[] = [];
    const here = () => text.split('\n').length;
    for (const [index, [comment, attributes]] of blocks.entries()) {
      text += comment;
      const name = `resource t r${index}`;
      lines.push(`${here()} ${name}`);
      text += `resource "t" "r${index}" {\n`;
      const seen = new Set<string>();
      for (const [key, [value]] of attributes) {
        if (!seen.has(key)) lines.push(`${here()} ${name} > ${key}`);
        seen.add(key);
        text += `  ${key} = ${value}\n`;
      }
      text += '}\n';
    }
    return { text, lines };
  });

describe('whatever a file holds', () => {
  it('the scanner comes to its end, and forward with each token', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const next = readTokens(text);
        let at = -1;
        for (let token = next(); token.kind !== 'end'; token = next()) {
          expect(token.at).toBeGreaterThan(at);
          at = token.at;
        }
        expect(next()).toEqual({ kind: 'end', text: '', at: text.length });
      }),
    );
  });

  it('an outline has lines of the file alone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const last = text.split('\n').length;
        for (const read of [outlineHcl, outlineHclJson])
          for (const line of linesOf(read(text))) {
            expect(Number.parseInt(line, 10)).toBeGreaterThanOrEqual(1);
            expect(Number.parseInt(line, 10)).toBeLessThanOrEqual(last);
          }
      }),
    );
  });

  it('every block and attribute is found where it is', () => {
    fc.assert(
      fc.property(configuration, ({ text, lines }) => {
        expect(linesOf(outlineHcl(text))).toEqual(lines);
      }),
    );
  });

  it('a file that was cut off has no other lines than the whole', () => {
    fc.assert(
      fc.property(configuration, fc.nat(), ({ text, lines }, end) => {
        const known = new Set(lines);
        for (const line of linesOf(outlineHcl(text.slice(0, end % (text.length + 1))))) expect(known).toContain(line);
      }),
    );
  });

  it.each([
    ['brackets', '{'.repeat(1_000_000)],
    ['blocks', 'a {\n'.repeat(300_000)],
    ['templates in templates', '"${'.repeat(400_000)],
    ['heredocs', '<<A\n'.repeat(300_000)],
    ['heredocs in templates', '"${<<A\n${'.repeat(100_000)],
    ['openings of heredocs', '<<A'.repeat(400_000)],
    ['comments', '/*'.repeat(600_000)],
    ['one name', 'a'.repeat(2_000_000)],
    ['one name that ends strangely', `${'a'.repeat(2_000_000)}é`],
    ['one text', `a = "${'\\"'.repeat(900_000)}`],
    ['dollars', `a = "${'$'.repeat(1_900_000)}`],
  ])('a file of nothing but %s is read to its end', (_, text) => {
    expect(linesOf(outlineHcl(text)).length).toBeLessThan(100);
    expect(linesOf(outlineHclJson(text))).toEqual([]);
  });
});
