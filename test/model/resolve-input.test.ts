import { expect, test } from 'vitest';
import { resolveInput } from '../../src/model/resolve-input.ts';
import { unknown } from '../../src/model/value.ts';

const scope = {
  account: '111122223333',
  region: 'eu-west-1',
  each: 'pl-1',
  properties: {
    Name: 'acme-logs',
    State: { Name: 'running' },
    List: ['a'],
    Nothing: null,
    Lost: unknown('denied'),
    On: false,
    Port: 22,
  },
};

test('references are filled in, wherever they stand, and literals are left alone', () => {
  const input = {
    Bucket: { from: 'Name' },
    State: { from: 'State.Name' },
    Ids: [{ from: 'Name' }, 'literal'],
    Filter: { Values: [{ from: '@each' }] },
    Account: { from: '@account' },
    Region: { from: '@region' },
    On: { from: 'On' },
    Port: { from: 'Port' },
    Details: true,
    Range: { from: 'Name', to: 'z' },
  };
  expect(resolveInput(input, scope)).toEqual({
    Bucket: 'acme-logs',
    State: 'running',
    Ids: ['acme-logs', 'literal'],
    Filter: { Values: ['pl-1'] },
    Account: '111122223333',
    Region: 'eu-west-1',
    On: false,
    Port: 22,
    Details: true,
    Range: { from: 'Name', to: 'z' },
  });
  expect(resolveInput(undefined, scope)).toEqual({});
});

test.each([
  'Missing',
  'State',
  'State.Missing',
  'List',
  'Nothing',
  'Lost',
  'Lost.$unknown',
  'constructor',
  'Name.length',
  '@partition',
])('%s is no value to ask with', (from) => {
  expect(() => resolveInput({ Bucket: { from } }, scope)).toThrow(`${from} is not known`);
});

test('without a value at hand there is none to ask with', () => {
  const { each: _, ...bare } = scope;
  expect(() => resolveInput({ Id: { from: '@each' } }, bare)).toThrow('@each is not known');
});
