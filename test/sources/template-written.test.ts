import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { known, propertiesAt } from './proposed.ts';

async function descriptionOf(text: string): Promise<Json | undefined> {
  const proposal = await readTemplate(Buffer.from(text), 'web.yaml', { ...(await known()), region: 'eu-west-1' });
  return propertiesAt(proposal, 'Group').Description;
}

function group(description: string, more = ''): string {
  return `${more}
Resources:
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: ${description} } }
`;
}

const unsure = { $unknown: 'type', detail: expect.stringContaining('put it in quotation marks') };
const chosen = '!If [Same, a, b]';

describe('a number, or a yes or no, that is written in a way of its own', () => {
  it.each(['1.0', '1.10', '022', '0x1F', '1_000', '+5', '1e3', 'yes', 'No', 'TRUE', 'on'])(
    'such as %s, is no text that anybody knows',
    async (source) => {
      const equals = `Conditions: { Same: !Equals [${source}, "${source}"] }`;
      expect(await descriptionOf(group(chosen, equals))).toMatchObject(unsure);
      const parameter = `Parameters: { One: { Type: String, Default: ${source} } }`;
      expect(await descriptionOf(group('!Ref One', parameter))).toMatchObject(unsure);
      const mapping = `Mappings: { Map: { first: { one: ${source} } } }`;
      expect(await descriptionOf(group('!FindInMap [Map, first, one]', mapping))).toMatchObject(unsure);
      expect(await descriptionOf(group(`!Join ["", [a, ${source}]]`))).toMatchObject(unsure);
      expect(await descriptionOf(group(`!Sub ["\${A}", { A: ${source} }]`))).toMatchObject(unsure);
      expect(await descriptionOf(group(`{ Fn::Base64: ${source} }`))).toMatchObject(unsure);
    },
  );

  it.each(['1', '-1', '22', '1.5', 'true', 'false'])(
    'is a text where it is written as JSON writes it: %s',
    async (source) => {
      const equals = `Conditions: { Same: !Equals [${source}, "${source}"] }`;
      expect(await descriptionOf(group(chosen, equals))).toBe('a');
      expect(await descriptionOf(group(`!Join ["", [a, ${source}]]`))).toBe(`a${source}`);
    },
  );

  it('is a text in quotation marks', async () => {
    expect(await descriptionOf(group(chosen, 'Conditions: { Same: !Equals ["1.0", "1.0"] }'))).toBe('a');
    expect(await descriptionOf(group(chosen, 'Conditions: { Same: !Equals ["1.0", "1"] }'))).toBe('b');
  });

  it.each(['1.0', '1.50', '1e3', '-0', '1E2', '12345678901234567890'])(
    'such as %s, is no text that anybody knows in JSON either',
    async (source) => {
      const json = (description: string, more = '') => `{ ${more}"Resources": { "Group": {
        "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupDescription": ${description} } } } }`;
      const chosenIf = '{ "Fn::If": ["Same", "a", "b"] }';
      const equals = `"Conditions": { "Same": { "Fn::Equals": [${source}, "${source}"] } }, `;
      expect(await descriptionOf(json(chosenIf, equals))).toMatchObject(unsure);
      const parameter = `"Parameters": { "One": { "Type": "String", "Default":${source}} }, `;
      expect(await descriptionOf(json('{ "Ref": "One" }', parameter))).toMatchObject(unsure);
      expect(await descriptionOf(json(`{ "Fn::Join": ["", ["a", ${source}]] }`))).toMatchObject(unsure);
      expect(await descriptionOf(json(source))).toMatchObject(unsure);
      expect(await descriptionOf(json(`"a ${source} \\" ${source}"`))).toBe(`a ${source} " ${source}`);
    },
  );

  it('is a number in JSON where that writes it so', async () => {
    const text = `{ "Resources": { "Group": { "Type": "AWS::EC2::SecurityGroup", "Properties": {
      "GroupDescription": { "Fn::Join": ["", [1, -2, 1.5, 0]] } } } } }`;
    expect(await descriptionOf(text)).toBe('1-21.50');
  });

  it.each(['yes', '!If [Same, yes, "no"]', '1.0'])('is no value of a tag that anybody knows: %s', async (source) => {
    const text = `Conditions: { Same: !Equals [a, a] }
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: web, Tags: [{ Key: team, Value: ${source} }, { Key: sure, Value: true }] }
`;
    const proposal = await readTemplate(Buffer.from(text), 'web.yaml', { ...(await known()), region: 'eu-west-1' });
    expect(propertiesAt(proposal, 'Group').Tags).toMatchObject([
      { Key: 'team', Value: unsure },
      { Key: 'sure', Value: 'true' },
      {},
    ]);
  });

  it.each(['1.0', 'yes', '!If [Same, yes, "no"]'])('names no round of a loop: %s', async (source) => {
    const text = `Transform: AWS::LanguageExtensions
Conditions: { Same: !Equals [a, a] }
Resources:
  Fn::ForEach::Groups:
    - Name
    - [web, ${source}]
    - Group\${Name}: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: web } }
`;
    const proposal = await readTemplate(Buffer.from(text), 'web.yaml', await known());
    expect(proposal.changes).toEqual([]);
    expect(proposal.doubts).toEqual([{ code: 'unexpanded', detail: expect.stringContaining('is not known') }]);
  });
});
