import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, fencedBlocks } from './markdown.ts';
import { root } from './project-copy.ts';

export interface Document {
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** All documents that people read, as paths from the root. */
export const files = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/continuous-integration.md',
  'docs/gate.md',
  'docs/reports.md',
  'docs/resource-types.md',
  'docs/terraform-plan.md',
];

export const documents: readonly Document[] = files.map((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return { file, text, blocks: fencedBlocks(text) };
});

export function documentOf(file: string): Document {
  const found = documents.find((document) => document.file === file);
  if (found === undefined) throw new Error(`${file} is none of the documents`);
  return found;
}

/** Names of the files that blocks of the documents are. */
export const exampleFiles: ReadonlySet<string> = new Set(
  documents.flatMap(({ blocks }) => blocks.map(({ title }) => title).filter((title) => title.includes('/'))),
);
