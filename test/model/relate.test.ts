import { describe, expect, it } from 'vitest';
import { valuesAt } from '../../src/model/relate.ts';
import type { ResourceType } from '../../src/model/resource-type.ts';
import { type JsonObject, unknown } from '../../src/model/value.ts';

const type: ResourceType = {
  type: 'AWS::Test::Thing',
  noun: 'thing',
  reach: 'region',
  id: 'Id',
  always: ['Name'],
  listing: { call: { service: 'test', operation: 'ListThings' }, items: 'Things[]' },
};

function at(properties: JsonObject, path: string) {
  const resource = { type: type.type, account: '111122223333', region: 'eu-west-1', id: 't', properties };
  return valuesAt({ ...resource, calls: { '': 'test:ListThings' } }, type, path);
}

describe('valuesAt', () => {
  it.each([
    [{ A: 'x' }, 'A', ['x'], undefined],
    [{ A: [{ B: 'x' }, { B: 'y' }] }, 'A[].B', ['x', 'y'], undefined],
    [{ A: [['x'], []] }, 'A[]', [['x'], []], undefined],
    [{ A: [] }, 'A[].B', [], undefined],
    [{}, 'A[].B', [], undefined],
    [{ A: [{ B: 'x' }, {}] }, 'A[].B', ['x'], undefined],
    [{ A: [{ B: 'x' }, {}, null] }, 'A[].B', ['x'], 'type'],
    [{ A: ['x', null] }, 'A[]', ['x'], 'type'],
    [{ A: unknown('denied') }, 'A[].B', [], 'denied'],
    [{ A: [{ B: 'x' }, unknown('redacted')] }, 'A[].B', ['x'], 'redacted'],
    [{ A: [{ B: 'x' }, 'text'] }, 'A[].B', ['x'], 'type'],
    [{ A: 'text' }, 'A[].B', [], 'type'],
    [{ A: { B: unknown('throttled') } }, 'A.B', [], 'throttled'],
    [{}, 'Name', [], 'failed'],
  ] as const)('of %j at %s are %j', (properties, path, values, reason) => {
    const found = at(properties as JsonObject, path);
    expect(found.values).toEqual(values);
    expect(found.unknown?.$unknown).toBe(reason);
  });

  it('takes a list of any length', () => {
    expect(at({ A: Array.from({ length: 300_000 }, () => 'x') }, 'A[]').values.length).toBe(300_000);
  });
});
