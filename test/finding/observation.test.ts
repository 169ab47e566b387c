import { expect, it } from 'vitest';
import type { Evidence } from '../../src/finding/finding.ts';
import { observationDigest } from '../../src/finding/observation.ts';

const seen = (...evidence: readonly Omit<Evidence, 'expected'>[]) =>
  observationDigest({ evidence: evidence.map((one) => ({ expected: 'something else', ...one })) });

const base = seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'] }, { path: 'c', observed: true });

it.each([
  ['keys in another order', seen({ path: 'a[0].b', observed: [{ y: 2, x: 1 }, 'z'] }, { path: 'c', observed: true })],
  ['a list in another order', seen({ path: 'a[0].b', observed: ['z', { x: 1, y: 2 }] }, { path: 'c', observed: true })],
  ['other places in a list', seen({ path: 'a[3].b', observed: [{ x: 1, y: 2 }, 'z'] }, { path: 'c', observed: true })],
  [
    'observations in another order',
    seen({ path: 'c', observed: true }, { path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'] }),
  ],
  [
    'another call',
    seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'], call: 'ec2:X' }, { path: 'c', observed: true }),
  ],
])('the same was observed, with %s', (_, other) => {
  expect(base).toMatch(/^[0-9a-f]{64}$/);
  expect(other).toBe(base);
});

it.each([
  ['another value', seen({ path: 'a[0].b', observed: [{ x: 1, y: 3 }, 'z'] }, { path: 'c', observed: true })],
  ['a value less', seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }] }, { path: 'c', observed: true })],
  ['a value twice', seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z', 'z'] }, { path: 'c', observed: true })],
  ['a text for a truth', seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'] }, { path: 'c', observed: 'true' })],
  ['nothing', seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'] }, { path: 'c' })],
  ['null for nothing', seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'] }, { path: 'c', observed: null })],
  [
    'other ports beside it',
    seen({ path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'] }, { path: 'c', observed: true, within: 'TCP port 22' }),
  ],
  ['another place', seen({ path: 'a[0].d', observed: [{ x: 1, y: 2 }, 'z'] }, { path: 'c', observed: true })],
  [
    'one observation more',
    seen(
      { path: 'a[0].b', observed: [{ x: 1, y: 2 }, 'z'] },
      { path: 'c', observed: true },
      { path: 'c', observed: true },
    ),
  ],
])('something else was observed: %s', (_, other) => {
  expect(other).toMatch(/^[0-9a-f]{64}$/);
  expect(other).not.toBe(base);
});

it('what is kept in part cannot be told', () => {
  const evidence = [{ path: 'a', observed: 1, expected: '' }];
  expect(observationDigest({ evidence, moreEvidence: 1 })).toBeUndefined();
  expect(observationDigest({ evidence: [] })).toBeUndefined();
});
