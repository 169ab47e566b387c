import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readYaml } from '../../src/model/read-yaml.ts';
import { insertWaiver, type WrittenWaiver } from '../../src/policy/insert-waiver.ts';
import { loadPolicy } from '../../src/policy/load.ts';

const waiver: WrittenWaiver = {
  rule: 'sg-closed',
  resource: 'sg-2',
  account: '111122223333',
  region: 'eu-west-1',
  reason: 'It moves.',
  owner: 'o',
  approver: 'a',
  expires: '2027-03-31',
};

const first = `- rule: sg-closed
  resource: sg-1
  reason: r
  owner: o
  approver: a
  expires: 2027-01-31`;

/** The lines of a block, further in. */
const indented = (text: string, by: number) => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));

async function insert(text: string, one: WrittenWaiver = waiver): Promise<string | undefined> {
  return insertWaiver(await readYaml(text, 'policies.yaml', 'policy'), one);
}

async function waiversOf(text: string): Promise<readonly object[]> {
  const { waivers } = await loadPolicy('policies.yaml', async () => new TextEncoder().encode(text));
  return waivers.map(({ at: _, ruleAt: __, ...written }) => written);
}

describe('a waiver is put at the end of the list', () => {
  it.each<[string, string]>([
    ['two columns in', `title: A\nwaivers:\n${indented(first, 2)}\n`],
    ['at the margin', `title: A\nwaivers:\n${first}\n`],
    ['without a last line feed', `title: A\nwaivers:\n${indented(first, 2)}`],
    ['before another key', `title: A\nwaivers:\n${first}\nclauses: {}\n`],
    ['before a comment', `title: A\nwaivers:\n${indented(first, 4)}\n\n# The end.\n`],
    [
      'behind a folded text',
      `title: A\nwaivers:\n${indented(first.replace('reason: r', 'reason: >-\n    a\n\n    b'), 2)}\n\n`,
    ],
    [
      'in braces',
      `title: A\nwaivers:\n  - { rule: sg-closed, resource: x, reason: r, owner: o, approver: a, expires: 2027-01-31 }\n`,
    ],
    ['with lines of Windows', `title: A\r\nwaivers:\r\n${indented(first, 2).replaceAll('\n', '\r\n')}\r\n`],
    ['that is none yet', 'title: A # ours\n'],
    ['that is none yet, without a last line feed', 'title: A'],
  ])('%s', async (_, text) => {
    const after = (await insert(text)) ?? '';
    const before = text.includes('waivers:') ? await waiversOf(text) : [];
    expect(await waiversOf(after)).toEqual([...before, waiver]);
    // Nothing is taken away: every line that was there still is, in its order.
    const rest = after.split(/\r?\n/);
    for (const line of text.split(/\r?\n/)) expect(rest.splice(0, rest.indexOf(line) + 1)).toContain(line);
    if (text.includes('\r')) expect(after).not.toMatch(/[^\r]\n/);
  });

  it('with a blank line between, where the others have one', async () => {
    const text = `title: A\nwaivers:\n${first}\n\n${first.replace('sg-1', 'sg-9')}\n`;
    expect(await insert(text)).toContain('expires: 2027-01-31\n\n- rule: sg-closed\n  resource: "sg-2"\n');
  });

  it.each([
    ['a list in brackets', 'title: A\nwaivers: [{ rule: a, resource: x }]\n'],
    ['a dash on a line of its own', `title: A\nwaivers:\n  -\n    rule: a\n`],
    ['no mapping', '- a\n'],
  ])('but not into %s', async (_, text) => {
    expect(await insert(text)).toBeUndefined();
  });
});

it('whatever its texts hold, they are read back as they were', async () => {
  const text = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((value) => value.trim() !== '');
  const nasty = fc.constantFrom(
    '=cmd()',
    '<script>',
    '# no',
    'a: b',
    '"',
    "'",
    '%0A',
    '\u202eabc',
    'a\nb',
    '\u0007',
    '- x',
    '{',
    'null',
    '1e3',
    '##[error]',
    'a\u2028b',
  );
  const any = fc.oneof(text, nasty);
  await fc.assert(
    fc.asyncProperty(any, any, any, any, async (resource, reason, owner, approver) => {
      const one = { ...waiver, resource, reason, owner, approver };
      const after = (await insert(`title: A\nwaivers:\n${indented(first, 2)}\n`, one)) ?? '';
      expect((await waiversOf(after))[1]).toEqual(one);
    }),
    { numRuns: 200 },
  );
});
