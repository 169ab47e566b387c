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
});
