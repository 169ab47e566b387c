import { describe, expect, it } from 'vitest';
import { problemsOf, ruleFrom } from './acme.ts';

const deep = (depth: number) => `assert: ${'{ not: '.repeat(depth)}{ Open: true }${' }'.repeat(depth)}`;
const many = (depth: number) =>
  `assert: ${'{ none: { of: Acme::Volume, where: '.repeat(depth)}{ Encrypted: true }${' } }'.repeat(depth)}`;

describe('a rule is refused, at the place of the wrong word,', () => {
  it.each<[string, string, string[]]>([
    [
      'a field AWS does not have',
      'assert: { Prot: 22 }',
      ["1:11+4 'Prot' cannot stand here: Acme::Server has no field 'Prot' (did you mean 'Port'?)"],
    ],
    [
      'a misspelt part of a path',
      'assert: { Detail.Dept: 22 }',
      ["1:18+4 Detail has no field 'Dept' (did you mean 'Depth'?)"],
    ],
    ['a quoted path', 'assert: { "Detail.Dept": 22 }', ["1:19+4 Detail has no field 'Dept' (did you mean 'Depth'?)"]],
    [
      'a path through a list',
      'assert: { Disks.Size: 22 }',
      ["1:11+5 'Disks' is a list (range over it with some, every or none)"],
    ],
    ['a path through a number', 'assert: { Port.Low: 22 }', ["1:16+3 'Port' is a number and has no fields"]],
    [
      'brackets in a condition',
      'assert: { "Disks[]": 22 }',
      ["1:12+7 '[]' cannot stand here (range over 'Disks' with some, every or none)"],
    ],
    [
      'a name that every object has',
      'assert: { constructor: 22 }',
      ["1:11+11 'constructor' cannot stand here: 'constructor' cannot be used in a path"],
    ],
    [
      'a word of the language misspelt',
      'assert: { noen: { in: Disks } }',
      ["1:11+4 'noen' cannot stand here: Acme::Server has no field 'noen' (did you mean 'none'?)"],
    ],
    [
      'an operator misspelt',
      'assert: { Port: { ltee: 22 } }',
      ["1:19+4 there is no operator 'ltee' (did you mean 'lte'?)"],
    ],
    [
      'an operator without its field',
      'assert: { lte: 22 }',
      ["1:11+3 'lte' stands without the field that it judges (write FIELD: { lte: … })"],
    ],
    [
      'an operator on another kind of field',
      'assert: { Name: { lte: 22 } }',
      ["1:19+3 'lte' cannot judge a value of kind string (it judges: number)"],
    ],
    [
      'a number for text',
      'assert: { Name: 22 }',
      ['1:17+2 eq: the field is a string, but this is a number: write "22" in quotes'],
    ],
    [
      'text for a number',
      'assert: { Port: { in: [22, "23"] } }',
      ['1:28+4 in: the field is a number, but this is a string'],
    ],
    ['a literal for a list', 'assert: { Disks: 3 }', ["1:18+1 'Disks' is a list, not a single value"]],
    [
      'a list as literal',
      'assert: { Port: [22] }',
      ['1:17+4 a list cannot stand here (write { in: […] } for one of them, or { eq: […] })'],
    ],
    [
      'nothing as literal',
      'assert: { Port: }',
      ['1:17+1 nothing stands here (write { exists: false } for a field that is not set)'],
    ],
    ['an empty condition', 'assert: {}', ['1:9+2 a condition must say something']],
    ['a condition that is no mapping', 'assert: [Open]', ['1:9+6 a condition is a mapping, not a list']],
    ['no operator', 'assert: { Port: {} }', ['1:17+2 an operator must stand here']],
    ['an empty all', 'assert: { all: [] }', ["1:16+2 'all' is a list of conditions, not a list"]],
    ['if without then', 'assert: { if: { Open: true } }', ["1:11+2 'if' stands without a 'then'"]],
    ['then without if', 'assert: { then: { Open: true } }', ["1:11+4 'then' stands without an 'if'"]],
    [
      'a misspelt then',
      'assert: { if: { Open: true }, thn: { Open: true } }',
      ["1:31+3 'thn' cannot stand here: Acme::Server has no field 'thn' (did you mean 'then'?)"],
    ],
    [
      'every without allow-empty',
      'assert: { every: { in: Disks } }',
      [
        "1:11+5 'every' needs 'allow-empty': what holds when there is no item? (allow-empty: true, false or unknown (nothing to range over is no evidence))",
      ],
    ],
    [
      'a quantifier over nothing',
      'assert: { some: { where: { Open: true } } }',
      ["1:11+4 'some' needs 'in', 'follow' or 'of'"],
    ],
    [
      'a quantifier over two things',
      'assert: { some: { in: Disks, of: Acme::Rack } }',
      ["1:30+2 'some' ranges over one thing: 'in' is given already"],
    ],
    ['a quantifier over a field', 'assert: { some: { in: Detail } }', ["1:23+6 'Detail' is not a list but an object"]],
    ['scope without of', 'assert: { some: { in: Disks, scope: region } }', ["1:30+5 'scope' belongs to 'of'"]],
    [
      'a region of a global type',
      'assert: { some: { of: Acme::Rack, scope: region } }',
      ['1:42+6 Acme::Rack is the same in all regions (write scope: account)'],
    ],
    [
      'an unknown relation',
      'assert: { some: { follow: volumes.snapshot } }',
      ["1:35+8 Acme::Volume has no relation 'snapshot' (did you mean 'snapshots'?)"],
    ],
    [
      'an unknown type',
      'assert: { some: { of: Acme::Volum } }',
      ["1:23+11 there is no resource type 'Acme::Volum' (did you mean 'Acme::Volume'?)"],
    ],
    [
      'newest by something else',
      'assert: { some: { in: Disks, newest: Size } }',
      ["1:38+4 'Size' is not a time but a number"],
    ],
    [
      'a tag of a type without tags',
      'assert: { some: { of: Acme::Rack, where: { tag.Owner: x } } }',
      ['1:44+9 Acme::Rack has no tags that are collected'],
    ],
    ['a path form without of', 'assert: { path: { eq: 3 } }', ["1:17+9 'path' needs 'of' with the field's path"]],
    ['conditions too deep', deep(12), ['1:93+14 conditions are nested more than 12 levels deep']],
    ['quantifiers too deep', many(5), ['1:151+4 some, every and none are nested more than 4 levels deep']],
    [
      'an undeclared parameter, once',
      'assert: { Port: { lte: { param: most } }, Detail.Depth: { param: most } }',
      ["1:33+4 the rule has no parameter 'most'"],
    ],
    [
      'an unused parameter',
      'params: { most: { description: x, schema: { type: integer } } }\nassert: { Open: true }',
      ["1:11+4 parameter 'most' is not used"],
    ],
    [
      'a default that does not fit',
      'params: { most: { description: x, schema: { type: integer, maximum: 5 }, default: 6 } }\nassert: { Port: { param: most } }',
      ['1:83+1 must be at most 5'],
    ],
    [
      'a parameter of another type',
      'params: { most: { description: x, schema: { type: string } } }\nassert: { Port: { lte: { param: most } } }',
      ["2:24+15 'lte' takes no string, which is what parameter 'most' holds"],
    ],
    [
      'a default that is no operand',
      'params: { most: { description: x, schema: { type: string }, default: "22" } }\nassert: { Port: { param: most } }',
      ['2:17+15 eq: the field is a number, but this is a string'],
    ],
    [
      'an unknown keyword of a schema',
      'params: { most: { description: x, schema: { type: integer, pattern: x } } }\nassert: { Port: { param: most } }',
      [
        "1:60+7 the schema of a parameter has no 'pattern' (one of: enum, items, minItems, maxItems, minimum, maximum, minLength, maxLength, format)",
      ],
    ],
    [
      'a message field',
      'assert: { Open: true }\nmessage: "{Name} has {Disks[].Siz}"',
      ["2:31+3 Disks[] has no field 'Siz' (did you mean 'Size'?)"],
    ],
    [
      'a list in a message without brackets',
      'assert: { Open: true }\nmessage: "{Disks.Size}"',
      ["2:12+5 'Disks' is a list (write Disks[])"],
    ],
    [
      'a brace without its partner',
      'assert: { Open: true }\nmessage: "a { b"',
      ['2:13+1 a brace without its partner (write {{ or }} for a brace itself)'],
    ],
    [
      'an unknown parameter in a message',
      'assert: { Open: true }\nmessage: "{param.most}"',
      ["2:18+4 the rule has no parameter 'most'"],
    ],
    [
      'a severity',
      'severity: hihg\nassert: { Open: true }',
      ["1:11+4 the severity cannot be the text 'hihg' (did you mean 'high'?)"],
    ],
    [
      'a resource type',
      'resource: Acme::Servr\nassert: { Open: true }',
      ["1:11+11 there is no resource type 'Acme::Servr' (did you mean 'Acme::Server'?)"],
    ],
    [
      'scope beside resource',
      'resource: Acme::Server\nscope: account\nassert: { Open: true }',
      ["2:1+5 'scope' and 'resource' exclude each other"],
    ],
    [
      'fields of an account',
      'scope: account\npass: { a: {} }\nfail: { b: {} }\nunknown: { c: {} }\nassert: { Open: true }',
      [
        "5:11+4 'Open' cannot stand here: a rule about an account or region ranges over types (one of: all, any, not, if, then, else, some, every, none, count, unknown, path)",
      ],
    ],
    [
      'a control id that is a number',
      'controls: { cis-aws-5.0: [5.3, "5.4"] }\nassert: { Open: true }',
      ['1:27+3 a control id is text, not 5.3 (quote it)'],
    ],
    [
      'a framework misspelt',
      'controls: { cis-asw-5.0: ["5.4"] }\nassert: { Open: true }',
      ["1:13+11 there is no framework 'cis-asw-5.0' (did you mean 'cis-aws-5.0'?)"],
    ],
    ['no assertion', 'when: { Open: true }', ["-8:1+1 a rule needs 'assert'"]],
    ['no unknown case', 'unknown: {}\nassert: { Open: true }', ["1:1+7 'unknown' needs at least one case"]],
    [
      'the same case twice',
      'pass: { one: {} }\nfail: { one: {} }\nassert: { Open: true }',
      ["2:9+3 another case is called 'one' already"],
    ],
    [
      'a case with a field AWS does not have',
      'pass: { one: { Disks: [{ Siez: 3 }] } }\nassert: { Open: true }',
      ["1:26+4 AWS has no field 'Siez' here (did you mean 'Size'?)"],
    ],
    [
      'a case with a value of the wrong type',
      'pass: { one: { Port: "22" } }\nassert: { Open: true }',
      ["1:22+4 AWS has a number here, not the text '22'"],
    ],
    [
      'a case with an unquoted account',
      'pass: { one: { Name: 111122223333 } }\nassert: { Open: true }',
      ['1:22+12 111122223333 looks like an account id, but YAML reads a number (quote it: "111122223333")'],
    ],
    [
      'a reason there is not',
      'unknown: { six: { Port: { $unknown: denid } } }\nassert: { Open: true }',
      ["1:37+5 $unknown cannot be the text 'denid' (did you mean 'denied'?)"],
    ],
    [
      'a misspelt marker',
      'unknown: { six: { Port: { $unkown: denied } } }\nassert: { Open: true }',
      ["1:27+7 there is no '$unkown' here (did you mean '$unknown'?)"],
    ],
    [
      'a misspelt case word',
      'pass: { one: { $wiht: {} } }\nassert: { Open: true }',
      ["1:16+5 a case has no '$wiht' (did you mean '$with'?)"],
    ],
    [
      'a type that does not exist around a case',
      'pass: { one: { $with: { Acme::Volumes: [] } } }\nassert: { Open: true }',
      ["1:25+13 there is no resource type 'Acme::Volumes' (did you mean 'Acme::Volume'?)"],
    ],
    [
      'a parameter that a case sets',
      'pass: { one: { $params: { most: 3 } } }\nassert: { Open: true }',
      ["1:27+4 the rule has no parameter 'most'"],
    ],
    [
      'a time that is none',
      'pass: { one: { $now: tomorrow } }\nassert: { Open: true }',
      ["1:22+8 '$now' is an instant, such as 2026-11-24T00:00:00Z"],
    ],
    ['a key at the top', 'asert: { Open: true }', ["1:1+5 a rule has no 'asert' (did you mean 'assert'?)"]],
    ['text that is missing', 'title: ""\nassert: { Open: true }', ["1:8+2 'title' is text, not the text ''"]],
    [
      'a way to mend',
      'fix: { consol: x }\nassert: { Open: true }',
      ["1:8+6 'fix' has no 'consol' (did you mean 'console'?)"],
    ],
  ])('for %s', async (_, lines, problems) => {
    expect(await problemsOf(lines)).toEqual(problems);
  });

  it('for several mistakes at once, in the order of the file', async () => {
    const lines = 'severity: hihg\nassert: { Prot: 22, Name: { ltee: 3 } }\nmessage: "{Nmae}"';
    const found = await problemsOf(lines);
    expect(found.map((problem) => problem.split(' ')[0])).toEqual(['1:11+4', '2:11+4', '2:29+4', '3:12+4']);
  });
});

describe('a rule is accepted', () => {
  it.each([
    ['with a deep condition', deep(11)],
    ['with nested quantifiers', many(4)],
    ['with a field that is a word of the language', 'assert: { path: { of: every, lte: 3 } }'],
    ['with an operator on plain items', 'assert: { none: { in: Names, where: { like: "a*" } } }'],
    ['with a tag', 'assert: { tag.Owner: { exists: true }, "tag.cost:centre": "12" }'],
    ['with a map', 'assert: { Labels.anything: x }'],
    ['with a field of any kind', 'assert: { Free.whatever.there: { lte: 3 } }'],
    ['with another framework', 'controls: { acme-handbook: [A1], cis-aws-4.0: ["1.1"] }\nassert: { Open: true }'],
    [
      'about an account',
      'scope: account\npass: { a: {} }\nfail: { b: {} }\nunknown: { c: {} }\nassert: { some: { of: Acme::Rack } }',
    ],
    [
      'with places and braces in its message',
      'assert: { Open: true }\nmessage: "{{{@account}}} {@region} {@id} {Disks[].Size}"',
    ],
    ['with wrong types in an unknown case', 'unknown: { six: { Port: "22" } }\nassert: { Open: true }'],
  ])('%s', async (_, lines) => {
    expect(await problemsOf(lines)).toEqual([]);
  });

  it('with all that it reads', async () => {
    const rule = await ruleFrom(
      [
        'when: { tag.Role: web }',
        'assert:',
        '  some: { in: Disks, filter: { Size: { gt: 3 } }, newest: Made, where: { none: { in: Mounts, where: { Path: / } } } }',
        '  none: { follow: volumes.snapshots, where: { Public: true } }',
        '  not: { some: { of: Acme::Rack } }',
        'message: "{Detail.Inner.Leaf}"',
      ].join('\n'),
    );
    expect(Object.fromEntries([...rule.reads].map(([type, paths]) => [type, [...paths].sort()]))).toEqual({
      'Acme::Server': [
        'Detail.Inner.Leaf',
        'Disks[]',
        'Disks[].Made',
        'Disks[].Mounts[]',
        'Disks[].Mounts[].Path',
        'Disks[].Size',
        'Id',
        'Tags',
      ],
      'Acme::Volume': ['Id', 'ServerId'],
      'Acme::Snapshot': ['Public', 'VolumeId'],
      'Acme::Rack': [],
    });
    expect(rule.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(rule.id).toBe('server-good');
  });
});
