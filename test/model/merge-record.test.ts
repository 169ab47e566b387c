import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { mergeRecord } from '../../src/model/merge-record.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { DeclaredForm, ResourceType } from '../../src/model/resource-type.ts';
import { canonicalJson, type Json, type JsonObject, unknown } from '../../src/model/value.ts';

let type: ResourceType;

beforeAll(async () => {
  const found = (await loadCatalogue()).types.get('AWS::S3::Bucket');
  if (found === undefined) throw new Error('no buckets');
  type = found;
});

const untold = unknown('not-collected', 'a plan is not read for it');
const later = unknown('known-after-apply', 'it is known only after apply');

function record(properties: JsonObject, more: Partial<Resource> = {}): Resource {
  const place = { type: 'AWS::S3::Bucket', account: '111122223333', region: 'eu-west-1', id: 'acme-data' };
  return { ...place, properties, calls: { '': 'live' }, ...more };
}

interface Sides {
  readonly live: Json | undefined;
  readonly before?: Json | undefined;
  readonly after: Json | undefined;
  readonly form?: Pick<DeclaredForm, 'sets' | 'born'>;
  readonly addsOnly?: boolean;
}

/** What becomes of one property; `before` is left out where nobody knows what there was. */
function merged(sides: Sides): Resource {
  const side = (value: Json | undefined) => record(value === undefined ? {} : { Tags: value });
  const { live, after, form = {}, addsOnly = false } = sides;
  const before = 'before' in sides ? side(sides.before) : undefined;
  return mergeRecord(side(live), type, { before, after: side(after), call: 'plan', form, addsOnly });
}

const byKey = { Tags: { key: (part: Json) => canonicalJson((part as JsonObject).Key ?? null) } };
const tag = (Key: string, Value = '') => ({ Key, Value });

describe('a property', () => {
  it.each<[string, Sides, Json | undefined]>([
    ['stays where before and after are the same', { live: 'c', before: 'a', after: 'a' }, 'c'],
    ['stays where neither is known', { live: 'c', before: later, after: later }, 'c'],
    ['stays where the plan does not tell', { live: 'c', before: 'a', after: untold }, 'c'],
    ['stays absent where the plan does not tell', { live: undefined, after: untold }, undefined],
    ['becomes what it is changed into', { live: 'c', before: 'a', after: 'b' }, 'b'],
    ['goes where it is taken away', { live: 'a', before: 'a', after: undefined }, undefined],
    ['comes where it is added', { live: undefined, before: undefined, after: 'b' }, 'b'],
    ['is unknown where it is changed into what nobody knows', { live: 'a', before: 'a', after: later }, later],
    ['is what a document says of what nobody knew before', { live: 'a', after: 'b' }, 'b'],
    [
      'is merged member by member',
      { live: { a: 1, b: 1, c: 9 }, before: { a: 1, b: 1 }, after: { a: 1, b: 2 } },
      { a: 1, b: 2, c: 9 },
    ],
    ['takes a list as a whole', { live: [1, 9], before: [1], after: [2] }, [2]],
  ])('%s', (_, sides, expected) => {
    expect(merged(sides).properties.Tags).toEqual(expected);
  });

  it('keeps what only new resources are given', () => {
    expect(merged({ live: 'then', after: 'now', form: { born: ['Tags'] } }).properties.Tags).toBe('then');
  });

  it('cites the document only for what it changes', () => {
    expect(merged({ live: 'c', before: 'a', after: 'a' }).calls).toEqual({ '': 'live' });
    expect(merged({ live: 'c', before: 'a', after: 'b' }).calls).toEqual({ '': 'plan' });
  });
});

describe('a list that several documents fill', () => {
  it.each<[string, Sides, Json]>([
    ['gets what is added', { live: [tag('x')], before: [], after: [tag('a')] }, [tag('x'), tag('a')]],
    ['loses what is taken away', { live: [tag('x'), tag('a')], before: [tag('a')], after: [] }, [tag('x')]],
    [
      'has the new value of an item',
      { live: [tag('a', '1')], before: [tag('a', '1')], after: [tag('a', '2')] },
      [tag('a', '2')],
    ],
    ['is replaced where nobody knows what was declared', { live: [tag('x')], after: [tag('a')] }, [tag('a')]],
    [
      'keeps all where a template does not tell what was declared',
      { live: [tag('x')], after: [tag('a')], addsOnly: true },
      [tag('x'), tag('a')],
    ],
    ['has doubts that come with the change', { live: [tag('x')], before: [], after: [later] }, [tag('x'), later]],
    [
      'has no doubts that were there before',
      { live: [tag('x')], before: [later], after: [later, tag('a')] },
      [tag('x'), tag('a')],
    ],
    ['that nobody could list stays in doubt', { live: untold, before: [], after: [tag('a')] }, [untold, tag('a')]],
  ])('%s', (_, sides, expected) => {
    expect(merged({ ...sides, form: { sets: byKey } }).properties.Tags).toEqual(expected);
  });

  it('is what it was, less what is taken away, and what is added', () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));
    fc.assert(
      fc.property(keys, keys, keys, (live, before, after) => {
        const list = (names: readonly string[]) => names.map((name) => tag(name));
        const result = merged({ live: list(live), before: list(before), after: list(after), form: { sets: byKey } });
        const kept = live.filter((name) => after.includes(name) || !before.includes(name));
        const added = after.filter((name) => !before.includes(name));
        const names = (result.properties.Tags as JsonObject[]).map(({ Key }) => String(Key));
        expect(names.sort()).toEqual([...new Set([...kept, ...added])].sort());
      }),
    );
  });
});

describe('a property group', () => {
  const policy = { Version: '2012-10-17' };
  const there = record({ Policy: policy }, { calls: { '': 'live', Policy: 'live:policy' } });
  const edit = (before: Resource | undefined, after: Resource) => ({
    before,
    after,
    call: 'plan',
    form: {},
    addsOnly: false,
  });
  const told = (value: Json | undefined) =>
    record(value === undefined ? {} : { Policy: value }, { calls: { '': 'plan', Policy: 'plan' } });

  it('that is taken away is known absent', () => {
    const result = mergeRecord(there, type, edit(told(policy), told(undefined)));
    expect(result.properties).toEqual({});
    expect(result.calls).toMatchObject({ Policy: 'plan' });
    expect(result.gaps).toBeUndefined();
  });

  it('that becomes unknown is a gap', () => {
    const gap = record(
      {},
      { calls: { '': 'plan' }, gaps: { Policy: { reason: 'known-after-apply', detail: 'later' } } },
    );
    const result = mergeRecord(there, type, edit(told(policy), gap));
    expect(result.properties).toEqual({});
    expect(result.gaps).toEqual({ Policy: { reason: 'known-after-apply', detail: 'later' } });
    expect(result.calls?.Policy).toBeUndefined();
  });

  it('that was denied stays denied where the change leaves it alone', () => {
    const denied = record({}, { gaps: { Policy: { reason: 'denied', call: 's3:GetBucketPolicy' } } });
    const result = mergeRecord(denied, type, edit(told(policy), told(policy)));
    expect(result.gaps).toEqual({ Policy: { reason: 'denied', call: 's3:GetBucketPolicy' } });
  });

  it('that was denied is known where the change sets it', () => {
    const denied = record({}, { gaps: { Policy: { reason: 'denied', call: 's3:GetBucketPolicy' } } });
    const result = mergeRecord(denied, type, edit(told(undefined), told(policy)));
    expect(result.properties).toEqual({ Policy: policy });
    expect(result.gaps).toBeUndefined();
  });
});
