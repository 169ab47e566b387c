import { expect, test } from 'vitest';
import { readInput } from '../../src/sources/_input.ts';

test.each([
  ['nope.yaml', 'there is no such file'],
  ['package.json/nope.yaml', 'a part of this path is a file'],
  ['src', 'it is not a file'],
])('%s is refused with its name as it was given, and why', async (file, message) => {
  await expect(readInput(file, 10)).rejects.toMatchObject({ code: 'input', message, where: { file } });
});
