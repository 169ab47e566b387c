import { describe, expect, test } from 'vitest';
import type { Proposal } from '../../src/model/proposal.ts';
import type { Json } from '../../src/model/value.ts';
import { openTemplate, readTemplate } from '../../src/sources/cloudformation.ts';
import { changeAt, codesOf, fixture, known, openings, propertiesAt } from './proposed.ts';

async function read(text: string): Promise<Proposal> {
  return readTemplate(Buffer.from(text), 'web.yaml', {
    ...(await known()),
    account: '111122223333',
    region: 'eu-west-1',
  });
}

const head = `
Parameters:
  Open: { Type: String }
  List: { Type: CommaDelimitedList, Default: "a, b" }
Mappings:
  Map:
    first: { one: x, two: y }
    second: { one: x, two: z }
Conditions:
  Maybe: !Equals [!Ref Open, x]
`;

async function valueOf(written: string): Promise<Json | undefined> {
  const text = `${head}Resources:
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-logs } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: ${written} } }
`;
  return propertiesAt(await read(text), 'Group').Description;
}

const open = { $unknown: 'known-after-apply' };

describe('a function', () => {
  test.each<[string, Json]>([
    ['!Base64 acme', 'YWNtZQ=='],
    ['!Base64 { Ref: Bucket }', 'YWNtZS1sb2dz'],
    ['!Cidr [10.0.0.0/16, 3, 8]', ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['!Cidr [192.168.0.0/24, "6", "5"]', [0, 32, 64, 96, 128, 160].map((end) => `192.168.0.${end}/27`)],
    ['!Cidr [255.255.255.255/32, 1, 0]', ['255.255.255.255/32']],
    ['!Length [a, b, c]', 3],
    ['!Length { Ref: List }', 2],
    ['!ToJsonString { a: [1, true, !Ref Bucket] }', '{"a":[1,true,"acme-logs"]}'],
    ['!FindInMap [Map, none, one, { DefaultValue: d }]', 'd'],
    ['!FindInMap [Map, first, none, { DefaultValue: !Ref List }]', ['a', 'b']],
    ['!FindInMap [Map, !Ref Open, one]', 'x'],
    ['!FindInMap [Map, !Ref Open, one, { DefaultValue: x }]', 'x'],
    ['{ Ref: !Sub "Buck${List}" }', open],
    ['{ Ref: !Join ["", [Buck, et]] }', 'acme-logs'],
    ['{ Fn::GetAtt: [!Join ["", [Buck, et]], Arn] }', 'arn:aws:s3:::acme-logs'],
    ['!If [Maybe, { a: 1, b: 2 }, { a: 1, b: 3 }]', { a: 1, b: open }],
    ['!If [Maybe, { a: 1 }, { a: 1, b: 3 }]', { a: 1, b: open }],
    ['!If [Maybe, [a, b, c], [a, c]]', ['a', open, 'c']],
    ['!If [Maybe, [a, b], [a, c]]', ['a', open]],
    ['!If [Maybe, [[a]], [[a], [b]]]', [['a'], open]],
    ['!If [Maybe, !If [Maybe, a, b], !If [Maybe, a, b]]', open],
    ['[a, !If [Maybe, b, !Ref AWS::NoValue]]', ['a', open]],
    ['[[a, b], c]', [['a', 'b'], 'c']],
  ])('%s is worked out', async (written, expected) => {
    const value = await valueOf(written);
    if (JSON.stringify(expected).includes('$unknown')) expect(value).toMatchObject(expected as object);
    else expect(value).toEqual(expected);
  });

  test.each([
    ['!Base64 { Ref: Open }', open],
    ['!Cidr [!Ref Open, 3, 8]', open],
    ['!Cidr ["2001:db8::/48", 1, 64]', open],
    ['!Cidr [10.0.0.0/24, 300, 1]', open],
    ['!Cidr [10.0.0.0/24, 3, 9]', open],
    ['!Cidr [10.0.0.256/24, 1, 1]', open],
    ['!Cidr [10.0.0.0/16, 1]', open],
    ['!Length { Ref: Open }', open],
    ['!Length [a, !If [Maybe, b, !Ref AWS::NoValue]]', open],
    ['!Length text', { $unknown: 'type' }],
    ['!ToJsonString { a: !Ref Open }', open],
    ['!FindInMap [Map, !Ref Open, two]', open],
    ['!FindInMap [Map, first, !Ref Open]', open],
    ['!FindInMap [Map, !Ref Open, one, { DefaultValue: other }]', open],
    ['!FindInMap [Map, !Ref Open, one, { DefaultValue: !Ref Open }]', open],
    ['!FindInMap [!Ref Open, first, one]', open],
    ['!GetAZs ""', open],
    ['!ImportValue web', open],
    ['!RefAll AWS::EC2::VPC::Id', open],
    ['!ValueOf [Open, x]', open],
    ['!If [Maybe, a, !Ref AWS::NoValue]', open],
    ['!If [Maybe, [a], a]', open],
    ['!Select [1, !If [Maybe, [a, b], [b]]]', open],
  ])('%s stays open', async (written, expected) => {
    expect(await valueOf(written)).toMatchObject(expected);
  });

  test('is worked out in a whole template', async () => {
    const proposal = await openTemplate(fixture('everything.yaml'), await known());
    expect(JSON.stringify(proposal.changes)).not.toMatch(
      /"detail":"[^"]*(?:parameter|whether [A-Z]|mapping|function|only at)/,
    );
    expect(openings(propertiesAt(proposal, 'Web')).toSorted()).toEqual([
      '22-22 198.51.100.0/24',
      '3389-3389 198.51.100.0/24',
      '443-443 0.0.0.0/0',
    ]);
    expect(openings(propertiesAt(proposal, 'Internal'))).toEqual(['undefined-undefined 10.0.1.0/24']);
    expect(propertiesAt(proposal, 'Internal').Description).toBe('{"of":[2,"YWNtZQ=="]}');
  });
});

describe('a loop', () => {
  const rules = (collection: string, key = 'Rule${Port}') => `${head}Transform: AWS::LanguageExtensions
Resources:
  Web: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: web } }
  Fn::ForEach::Rules:
    - Port
    - ${collection}
    - "${key}":
        Type: AWS::EC2::SecurityGroupIngress
        Properties: { GroupId: !Ref Web, IpProtocol: tcp, FromPort: !Ref Port, ToPort: "\${Port}", CidrIp: 10.0.0.0/8 }
`;

  test('is written out, and its resources lie where the loop does', async () => {
    const proposal = await read(rules('[22, 443]'));
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['22-22 10.0.0.0/8', '443-443 10.0.0.0/8']);
    expect(changeAt(proposal, 'Web').parts.map(({ declared }) => [declared.address, declared.line])).toEqual([
      ['Web', 13],
      ['Rule22', 14],
      ['Rule443', 14],
    ]);
    expect(codesOf(proposal)).toEqual([]);
  });

  test('takes letters and digits alone into a key', async () => {
    const proposal = await read(rules('["10.0"]', 'Rule&{Port}'));
    expect(changeAt(proposal, 'Web').parts.map(({ declared }) => declared.address)).toContain('Rule100');
  });

  test.each([
    ['what is not known', '!Ref Open', undefined],
    ['a text', 'text', undefined],
    ['what gives one key twice', '[22, 22]', undefined],
    ['what gives the key of another', '[x]', 'Web'],
    ['what is known in part', '[22, !Ref Open]', undefined],
  ])('over %s is in doubt', async (_, collection, key) => {
    const proposal = await read(rules(collection, key));
    expect(codesOf(proposal)).toEqual(['unexpanded']);
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['?']);
  });

  test('in a loop, in conditions, properties and outputs is written out', async () => {
    const proposal = await read(`Transform: AWS::LanguageExtensions
Conditions:
  Fn::ForEach::Stages: [Stage, [A, B], { "Is\${Stage}": !Equals [!Ref AWS::Region, eu-west-1] }]
Resources:
  Fn::ForEach::Stages:
    - Stage
    - [A, B]
    - Fn::ForEach::Sizes:
        - Size
        - [S, L]
        - "Group\${Stage}\${Size}":
            Type: AWS::EC2::SecurityGroup
            Condition: "Is\${Stage}"
            Properties:
              Fn::ForEach::Properties: [Name, [Description], { "Group\${Name}": !Sub "\${Stage}\${Size}" }]
`);
    expect(proposal.changes.map(({ declared }) => declared.address)).toEqual([
      'GroupAL',
      'GroupAS',
      'GroupBL',
      'GroupBS',
    ]);
    expect(propertiesAt(proposal, 'GroupAL').Description).toBe('AL');
    expect(proposal.doubts).toEqual([]);
  });

  test('that would make too much is in doubt, and soon', async () => {
    const items = JSON.stringify(Array.from({ length: 50 }, (_, index) => `i${index}`));
    const inner = (depth: number): string =>
      depth === 0
        ? '{ Type: AWS::S3::Bucket }'
        : `{ "Fn::ForEach::L${depth}": [V${depth}, ${items}, { "K\${V${depth}}": ${inner(depth - 1)} }] }`;
    const proposal = await read(
      `Resources: { A: { Type: AWS::SNS::Topic, Properties: ${inner(8)} }, "Fn::ForEach::X": [V, ${items}, ${inner(6)}] }`,
    );
    expect(codesOf(proposal)).toEqual(['unexpanded']);
  });
});

describe('a condition that is open', () => {
  const text = (condition: string) => `Parameters: { Stage: { Type: String }, Secret: { Type: String, NoEcho: true } }
Conditions:
  Production: !Equals [!Ref Stage, production]
  Inner: !And [!Condition Production, !Equals [!Ref AWS::Region, eu-west-1]]
  Hidden: !Equals [!Ref Secret, x]
  Later: !Equals [!Ref AWS::StackId, x]
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Condition: ${condition}
    Properties: { GroupDescription: web, SecurityGroupIngress: [] }
  Logs: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-logs } }
  Policy:
    Type: AWS::S3::BucketPolicy
    Condition: ${condition}
    Properties: { Bucket: !Ref Logs, PolicyDocument: {} }
`;

  test.each([
    ['Production', 'known-after-apply', 'parameter Stage has no default, and no value is given'],
    ['Inner', 'known-after-apply', 'parameter Stage has no default, and no value is given'],
    ['Hidden', 'redacted', 'parameter Secret is not to be shown'],
    ['Later', 'known-after-apply', 'AWS::StackId is known only at deployment'],
    ['Missing', 'known-after-apply', 'whether Missing is met is known only at deployment'],
    ['[Production]', 'type', 'its condition is not a name'],
  ])('%s leaves open what hangs on it, and says on what it hangs itself', async (condition, reason, detail) => {
    const proposal = await read(text(condition));
    expect(propertiesAt(proposal, 'Web').IpPermissions).toEqual({ $unknown: reason, detail });
    expect(changeAt(proposal, 'Logs').after?.gaps).toHaveProperty('Policy');
  });
});

test.each([
  [
    'a function that stands for all of them',
    '!If [Maybe, { GroupDescription: x }, { GroupDescription: x, SecurityGroupIngress: [] }]',
  ],
  ['a function in its place', '{ GroupDescription: x, SecurityGroupIngress: !If [Maybe, [], !Ref AWS::NoValue] }'],
])('a property that %s may leave out is neither there nor left out', async (_, properties) => {
  const proposal = await read(
    `${head}Resources:\n  Web: { Type: AWS::EC2::SecurityGroup, Properties: ${properties} }\n`,
  );
  expect(propertiesAt(proposal, 'Web')).toMatchObject({
    Description: 'x',
    IpPermissions: { $unknown: 'known-after-apply', detail: 'parameter Open has no default, and no value is given' },
  });
});

describe('the way to a value', () => {
  const text = `Parameters: { Office: { Type: String } }
Mappings: { Cidrs: { all: { office: 10.0.0.0/8 } } }
Conditions:
  Here: !Equals [!Ref Office, x]
  Plain: !Equals [a, b]
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: DESCRIPTION
`;

  test.each<[string, readonly (readonly [string, number])[]]>([
    [
      '!Ref Office',
      [
        ['Ref Office', 10],
        ['Parameters.Office', 1],
      ],
    ],
    [
      '!Sub "${Office} ${AWS::Region}"',
      [
        ['Sub ${Office}', 10],
        ['Parameters.Office', 1],
      ],
    ],
    [
      '!FindInMap [Cidrs, all, office]',
      [
        ['FindInMap Cidrs', 10],
        ['Mappings.Cidrs', 2],
      ],
    ],
    [
      '!If [Plain, a, b]',
      [
        ['If Plain', 10],
        ['Conditions.Plain', 5],
      ],
    ],
    [
      '!If [Here, a, b]',
      [
        ['If Here', 10],
        ['Conditions.Here', 4],
        ['Ref Office', 4],
        ['Parameters.Office', 1],
      ],
    ],
    [
      '!If [Plain, !Ref Office, b]',
      [
        ['If Plain', 10],
        ['Conditions.Plain', 5],
      ],
    ],
    ['!Join ["", [!Ref Office, !FindInMap [Cidrs, all, office]]]', [['Ref Office, FindInMap Cidrs', 10]]],
    ['!Ref AWS::Region', []],
    ['!Ref Web2', []],
    ['text', []],
  ])('%s is told', async (written, expected) => {
    const proposal = await read(text.replace('DESCRIPTION', written));
    const [part] = changeAt(proposal, 'Web').parts;
    const steps = part === undefined ? [] : proposal.trace(part, 'GroupDescription');
    expect(steps.map(({ expression, line }) => [expression, line])).toEqual(expected);
    expect(part && proposal.placeOf?.(part, 'GroupDescription')).toEqual({ file: 'web.yaml', line: 10 });
  });

  test('is told in JSON as well', async () => {
    const json = JSON.stringify(
      {
        Parameters: { Office: { Type: 'String' } },
        Resources: { Web: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: { Ref: 'Office' } } } },
      },
      null,
      1,
    );
    const proposal = await read(json);
    const [part] = changeAt(proposal, 'Web').parts;
    expect(part && proposal.trace(part, 'GroupDescription').map(({ line }) => line)).toEqual([11, 3]);
    expect(changeAt(proposal, 'Web').declared.line).toBe(8);
  });
});

describe('a circle', () => {
  test.each([
    [
      'of conditions',
      'Conditions: { A: !Not [!Condition B], B: !Not [!Condition A] }\nResources: {}',
      'the condition A depends on itself: A → B → A',
      1,
    ],
    [
      'of one condition',
      'Conditions: { A: !And [!Condition A, !Equals [a, a]] }\nResources: {}',
      'the condition A depends on itself: A → A',
      1,
    ],
    [
      'of references',
      'Resources:\n  A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref B } }\n  B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "${A}" } }',
      'the resource A depends on itself: A → B → A',
      2,
    ],
    [
      'of DependsOn',
      'Resources:\n  A: { Type: AWS::S3::Bucket, DependsOn: B }\n  B: { Type: AWS::S3::Bucket, DependsOn: [A] }',
      'A → B → A',
      2,
    ],
    [
      'of a group with itself',
      'Resources:\n  A: { Type: AWS::EC2::SecurityGroup, Properties: { SecurityGroupIngress: [{ SourceSecurityGroupId: !GetAtt A.GroupId }] } }',
      'A → A',
      2,
    ],
  ])('%s is refused', async (_, text, message, line) => {
    await expect(read(text)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      where: { file: 'web.yaml', line },
    });
  });

  test.each([
    ['a branch that is not taken', '!If [Never, !Ref B, x]'],
    ['a branch that may be taken', '!If [Maybe, !Ref B, x]'],
    ['a name of its own', '!Sub ["${B}", { B: x }]'],
    ['text', '!Sub "${!B}"'],
  ])('is not closed by %s', async (_, written) => {
    const text = `Parameters: { Open: { Type: String } }
Conditions: { Never: !Equals [a, b], Maybe: !Equals [!Ref Open, a] }
Resources:
  A: { Type: AWS::S3::Bucket, Properties: { BucketName: ${written} } }
  B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref A } }
`;
    expect((await read(text)).changes).toHaveLength(2);
  });

  test('is looked for in long chains, too', async () => {
    const chain = Array.from(
      { length: 3000 },
      (_, index) => `  R${index}: { Type: AWS::SNS::Topic, DependsOn: R${index + 1} }`,
    );
    await expect(
      read(`Resources:\n${chain.join('\n')}\n  R3000: { Type: AWS::SNS::Topic, DependsOn: R0 }\n`),
    ).rejects.toThrow('the resource R0 depends on itself');
  });
});

describe('a macro', () => {
  const group = (top: string, beside = '', inside = '') => `${top}
Resources:
  ${beside}
  Web: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: web, SecurityGroupIngress: [], ${inside} } }
`;

  test.each([
    ['of its own at the top', group('Transform: [Acme]')],
    ['that includes at the top', group('Transform: { Name: AWS::Include, Parameters: { Location: s3://acme/x } }')],
    ['among the resources', group('', 'Fn::Transform: { Name: Acme }')],
    [
      'among the properties',
      group('', '', 'Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://acme/x } }'),
    ],
  ])('%s makes what it may touch unknown', async (_, text) => {
    expect(propertiesAt(await read(text), 'Web').IpPermissions).toMatchObject(open);
  });

  test('at the top is a doubt that says what to do', async () => {
    const proposal = await read(group('Transform: [Acme, AWS::LanguageExtensions]'));
    expect(proposal.doubts).toHaveLength(1);
    expect(proposal.doubts[0]).toMatchObject({ code: 'unexpanded', detail: expect.stringContaining('get-template') });
  });

  test('may leave a resource without a type', async () => {
    expect(codesOf(await read('Transform: Acme\nResources: { A: { Properties: {} } }'))).toEqual(['unexpanded']);
  });

  test('of the language itself is none', async () => {
    const proposal = await read(group('Transform: AWS::LanguageExtensions'));
    expect(proposal.doubts).toEqual([]);
    expect(propertiesAt(proposal, 'Web').IpPermissions).toEqual([]);
  });

  test('of AWS SAM names what it makes something of, and the rest is judged', async () => {
    const text = group(
      'Transform: AWS::Serverless-2016-10-31',
      'Api: { Type: AWS::Serverless::Api }\n  F: { Type: AWS::Serverless::Function }\n  G: { Type: AWS::Serverless::Function }',
    );
    const proposal = await read(text);
    expect(proposal.doubts).toMatchObject([
      {
        code: 'unexpanded',
        detail: expect.stringMatching(/^AWS::Serverless::Api, AWS::Serverless::Function \(2\): what/),
      },
    ]);
    expect(propertiesAt(proposal, 'Web').IpPermissions).toEqual([]);
    expect(proposal.coverage.unmapped.map(({ type }) => type)).toEqual([
      'AWS::Serverless::Api',
      'AWS::Serverless::Function',
    ]);
  });

  test('of AWS SAM that makes nothing is no doubt', async () => {
    expect((await read(group('Transform: AWS::Serverless-2016-10-31'))).doubts).toEqual([]);
  });
});

describe('a template that is a bomb', () => {
  test.each<[string, () => string]>([
    [
      'long lists, many times over',
      () =>
        `Parameters: { L: { Type: CommaDelimitedList, Default: "${Array.from({ length: 9000 }, (_, i) => i).join()}" } }\nResources:\n${Array.from({ length: 600 }, (_, i) => `  A${i}: { Type: AWS::SNS::Topic, Properties: { A: !Join [",", !Ref L], B: !Ref L } }`).join('\n')}`,
    ],
    [
      'conditions upon conditions',
      () =>
        `Conditions:\n${Array.from({ length: 2000 }, (_, i) => `  C${i}: !And [!Condition C${i + 1}, !Condition C${i + 1}]`).join('\n')}\n  C2000: !Equals [a, a]\nResources: { A: { Type: AWS::SNS::Topic, Condition: C0 } }`,
    ],
    [
      'choices upon choices',
      () =>
        `Parameters: { O: { Type: String } }\nConditions: { M: !Equals [!Ref O, a] }\nResources: { A: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: ${'!If [M, [a], [b, '.repeat(1)}x] ] } } }`,
    ],
  ])('of %s is read all the same, and soon', async (_, text) => {
    expect((await read(text())).changes.length).toBeLessThan(2);
  });
});
