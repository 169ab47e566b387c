import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tool } from '../../src/model/tool.ts';

test('documents name the version of the package', () => {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string };
  expect(tool).toEqual({ name, version });
});
