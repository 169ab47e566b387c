import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resourceTypesPage } from '../../.ci/write-resource-types.mjs';
import { loadResourceTypes } from '../../src/resources/index.ts';
import { root } from './project-copy.ts';

const page = await readFile(join(root, 'docs/resource-types.md'), 'utf8');

test('the page of resource types is what the types say: node .ci/write-resource-types.mjs', async () => {
  expect(page).toBe(await resourceTypesPage());
});

test('every type that CloudFormation does not have has a section with its fields, and no other type has one', async () => {
  const invented = [...(await loadResourceTypes()).values()].filter((type) => type.invented !== undefined);
  const sections = [...page.matchAll(/^### (.*)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(invented.map(({ type }) => type).sort());
  for (const { id } of invented) expect(page).toContain(`| \`${id}\``);
});
