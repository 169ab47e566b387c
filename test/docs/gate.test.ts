import { expect, test } from 'vitest';
import { loadCommands } from '../../src/commands/index.ts';
import { doubtLabel } from '../../src/finding/gate-words.ts';
import type { Doubt } from '../../src/model/proposal.ts';
import { documentOf } from './documents.ts';
import { tableRows } from './markdown.ts';

const { text } = documentOf('docs/gate.md');
const rows = tableRows(text);

function sectionOf(heading: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(heading)) ?? '';
}

/** By code, so that none can be left out. */
const doubts: Readonly<Record<Doubt['code'], true>> = {
  ...{ errored: true, incomplete: true, deferred: true, empty: true, stale: true },
  ...{ unexpanded: true, unread: true, unreadable: true, elsewhere: true },
};

test('every doubt that a gate may have is explained, and no other', () => {
  const codes = Object.keys(doubts) as Doubt['code'][];
  const explained = tableRows(sectionOf('What it says')).map(([name = '']) => name);
  expect(explained.toSorted()).toEqual(codes.map((code) => doubtLabel({ code, detail: '' })).toSorted());
});

test('every option that says what is judged is in the table', async () => {
  const own = (await loadCommands()).get('gate')?.options ?? [];
  const flags = own.map(({ flags: one }) => /--[a-z-]+/.exec(one)?.[0] ?? '');
  const before = flags.slice(0, flags.indexOf('--verify-prediction'));
  expect(before).toContain('--live');
  const told = rows.map(([name = '']) => name.replaceAll('`', ''));
  expect(before.filter((flag) => !told.includes(flag))).toEqual([]);
});

test('the exit codes are those of its help', async () => {
  const codes = (await loadCommands()).get('gate')?.exits?.map(([code]) => String(code)) ?? [];
  const told = rows.map(([name = '']) => name).filter((name) => /^\d+$/.test(name));
  expect(told).toEqual([...codes.slice(0, 2), '2', ...codes.slice(2)]);
});
