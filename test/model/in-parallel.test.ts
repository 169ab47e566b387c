import { expect, test } from 'vitest';
import { inParallel } from '../../src/model/in-parallel.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('everything is done once, and no more than so much at a time', async () => {
  const done: number[] = [];
  let open = 0;
  let most = 0;
  const items = Array.from({ length: 100 }, (_, index) => index);
  await inParallel(items, 7, async (item) => {
    open += 1;
    most = Math.max(most, open);
    await turn();
    open -= 1;
    done.push(item);
  });
  expect(done.sort((a, b) => a - b)).toEqual(items);
  expect(most).toBe(7);
});

test('the first error ends it, after what was begun and before anything else', async () => {
  const begun: number[] = [];
  let open = 0;
  const work = async (item: number) => {
    begun.push(item);
    open += 1;
    await turn();
    open -= 1;
    if (item === 1) throw new Error('the disk is full');
    await turn();
  };
  await expect(inParallel([0, 1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow('the disk is full');
  expect(open).toBe(0);
  expect(begun.length).toBeLessThan(5);
});

test('nothing to do is done at once', async () => {
  const work = () => Promise.reject(new Error('there is nothing to do'));
  await expect(inParallel([], 5, work)).resolves.toBeUndefined();
});
