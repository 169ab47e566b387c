import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineError, lineBlocks } from '../../src/model/lines.ts';

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function blocksOf(text: string, sizes: readonly number[], limit?: number): Promise<string[]> {
  const blocks: string[] = [];
  for await (const block of lineBlocks(chunksOf(Buffer.from(text), sizes), limit)) blocks.push(block.toString());
  return blocks;
}

test('blocks are whole lines, however the bytes arrive', async () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' ')));
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(lines, sizes, async (given, cuts) => {
      const text = given.map((line) => `${line}\n`).join('');
      const blocks = await blocksOf(text, cuts);
      expect(blocks.join('')).toBe(Buffer.from(text).toString());
      for (const block of blocks) expect(block.endsWith('\n')).toBe(true);
    }),
  );
});

test('a last line without its end is refused after the others were given', async () => {
  const seen: string[] = [];
  const read = async () => {
    for await (const block of lineBlocks(chunksOf(Buffer.from('a\nb'), [10]))) seen.push(block.toString());
  };
  await expect(read()).rejects.toThrow(LineError);
  expect(seen).toEqual(['a\n']);
});

test.each([1, 3, 7, 100])('a line over the limit is refused in chunks of %i', async (size) => {
  expect(await blocksOf(`${'x'.repeat(20)}\n`, [size], 20)).toHaveLength(1);
  if (size < 20) await expect(blocksOf(`${'x'.repeat(40)}\n`, [size], 20)).rejects.toThrow('longer than');
  await expect(blocksOf(`a\n${'x'.repeat(400)}`, [size], 20)).rejects.toThrow(LineError);
});
