import { describe, expect, it } from 'vitest';
import { ProvisoErrors } from '../../src/errors.ts';
import { readYaml } from '../../src/model/read-yaml.ts';
import { validatePolicyDocument } from '../../src/model/validate-policy.generated.ts';
import type { Json } from '../../src/model/value.ts';
import { toJson } from '../../src/model/yaml.ts';
import { checkPolicy } from '../../src/policy/check.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { coverWords, isExpired, isNarrow, isTooLong, waiverId } from '../../src/policy/waiver.ts';

const load = (text: string) => loadPolicy('policies.yaml', async () => new TextEncoder().encode(text));

const whole = {
  rule: 'sg-closed',
  resource: 'sg-0a1',
  reason: 'Moved in spring.',
  owner: 'platform',
  approver: 'ciso',
  expires: '2027-03-31',
};

/** A policy with one waiver, of which some members are changed or, with undefined, left out. */
function policyWith(change: Readonly<Record<string, Json | undefined>>): string {
  const members = Object.entries({ ...whole, ...change }).filter(([, value]) => value !== undefined);
  return `title: A\nwaivers:\n  - ${members.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n    ')}\n`;
}

async function mistakes(text: string): Promise<readonly string[]> {
  const error = await load(text).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProvisoErrors)) return [];
  return error.errors.map(({ message, where }) => `${where?.line}:${where?.column} ${message}`);
}

async function fitsSchema(text: string): Promise<boolean> {
  return validatePolicyDocument(toJson((await readYaml(text, 'policies.yaml', 'policy')).root));
}

describe('a waiver', () => {
  it('is read with all that it says, in the order of the file', async () => {
    const { waivers } = await load(`title: A
waivers:
  - { rule: a, resource: "arn:*", account: "111122223333", region: global, reason: r, owner: o, approver: p, expires: 2027-03-31 }
  - rule: b
    tag: { key: Env, value: test }
    reason: r
    owner: o
    approver: p
    expires: 2028-02-29
    observed: "${'0'.repeat(64)}"
`);
    expect(waivers).toEqual([
      {
        ...{ rule: 'a', resource: 'arn:*', account: '111122223333', region: 'global' },
        ...{ reason: 'r', owner: 'o', approver: 'p', expires: '2027-03-31' },
        at: expect.objectContaining({ line: 3, column: 5 }),
        ruleAt: expect.objectContaining({ line: 3, column: 13 }),
      },
      {
        ...{ rule: 'b', tag: { key: 'Env', value: 'test' }, reason: 'r', owner: 'o', approver: 'p' },
        ...{ expires: '2028-02-29', observed: '0'.repeat(64) },
        at: expect.objectContaining({ line: 4, column: 5 }),
        ruleAt: expect.objectContaining({ line: 4, column: 11 }),
      },
    ]);
  });

  it.each<[string, Readonly<Record<string, Json | undefined>>, string]>([
    ['no rule', { rule: undefined }, "3:5 a waiver lacks 'rule'"],
    ['no reason', { reason: undefined }, "3:5 a waiver lacks 'reason'"],
    ['a blank reason', { reason: ' ' }, '5:13 reason of a waiver must be a text'],
    ['no owner', { owner: undefined }, "3:5 a waiver lacks 'owner'"],
    ['no approver', { approver: undefined }, "3:5 a waiver lacks 'approver'"],
    ['no end', { expires: undefined }, "3:5 a waiver lacks 'expires'"],
    ['a day that does not exist', { expires: '2027-02-30' }, "8:14 '2027-02-30' is not a day of the calendar"],
    ['an instant as its end', { expires: '2027-03-31T00:00:00Z' }, "8:14 '2027-03-31T00:00:00Z' is not a day"],
    ['nothing that it covers', { resource: undefined }, "3:5 a waiver needs 'resource' or 'tag'"],
    ['a resource and a tag', { tag: { key: 'Env' } }, "9:5 a waiver has either 'resource' or 'tag', not both"],
    ['a tag without key', { resource: undefined, tag: { value: 'x' } }, "8:10 tag of a waiver lacks 'key'"],
    ['a tag that is a text', { resource: undefined, tag: 'Env=test' }, '8:10 tag of a waiver must be a mapping'],
    ['a short account', { account: '1111' }, "9:14 '1111' is not an account"],
    ['a region that is none', { region: 'Ireland' }, "9:13 'Ireland' is not a region"],
    ['a pin that is none', { observed: 'abc' }, "9:15 'abc' is not the digest of an observation"],
    ['a word of its own', { until: 'tomorrow' }, "9:5 a waiver has no 'until'"],
  ])('with %s is a mistake, and the schema refuses it too', async (_, change, expected) => {
    const text = policyWith(change);
    const found = await mistakes(text);
    expect(found.some((line) => line.startsWith(expected))).toBe(true);
    expect(await fitsSchema(text)).toBe(expected.includes('day of the calendar'));
  });

  it('that is right fits the schema', async () => {
    expect(await mistakes(policyWith({}))).toEqual([]);
    expect(await fitsSchema(policyWith({ account: '111122223333', observed: 'a'.repeat(64) }))).toBe(true);
    expect(await fitsSchema(policyWith({ resource: undefined, tag: { key: 'Env' } }))).toBe(true);
  });

  it('that covers the same as another is a mistake, whatever its reason', async () => {
    const again = policyWith({ reason: 'Another one.' }).split('waivers:\n')[1];
    expect(await mistakes(`${policyWith({})}${again}`)).toEqual(['9:5 the waiver of line 3 covers the same']);
    const other = policyWith({ region: 'eu-west-1' }).split('waivers:\n')[1];
    expect(await mistakes(`${policyWith({})}${other}`)).toEqual([]);
  });

  it.each(['{}', '[]', '5', '{ rule: a }'])('list written as %s is a mistake', async (list) => {
    expect(await mistakes(`title: A\nwaivers: ${list}`)).toEqual([
      '2:10 waivers must be a list with at least one item',
    ]);
  });

  it('cannot stand in an included file', async () => {
    const files: Readonly<Record<string, string>> = {
      'policies.yaml': 'title: A\ninclude: [b.yaml]',
      'b.yaml': policyWith({}),
    };
    const loading = loadPolicy('policies.yaml', async (file) => new TextEncoder().encode(files[file]));
    await expect(loading).rejects.toThrow("'waivers' cannot stand in an included file");
  });

  it('of a rule that does not exist is a mistake at that word', async () => {
    const policy = await load(policyWith({ rule: 'sg-closet' }));
    const [error] = checkPolicy(policy, [{ id: 'sg-closed' }], () => []);
    expect(error).toMatchObject({
      message: "there is no rule 'sg-closet'",
      hint: "did you mean 'sg-closed'?",
      where: { line: 3, column: 11 },
    });
  });

  it.each([
    ['about an account', undefined, 'sg-closed is not about resources, and so not about their tags'],
    ['of a type without tags', { type: 'AWS::S3::Bucket' }, 'the tags of AWS::S3::Bucket are not collected'],
    [
      'of a type whose tags are a call of their own',
      { type: 'AWS::S3::Bucket', tags: 'Tagging.TagSet', groups: { Tagging: {} as never } },
      'the tags of AWS::S3::Bucket are not collected',
    ],
    ['of a type with tags', { type: 'AWS::EC2::Instance', tags: 'Tags' }, undefined],
  ])('by tag, for a rule %s', async (_, resource, expected) => {
    const policy = await load(policyWith({ resource: undefined, tag: { key: 'Env' } }));
    const errors = checkPolicy(policy, [{ id: 'sg-closed', resource }], () => []);
    expect(errors.map(({ message }) => message)).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('what a waiver is', () => {
  const at = Date.parse;

  it.each([
    ['2026-11-24', '2026-11-24T23:59:59.999Z', false],
    ['2026-11-24', '2026-11-25T00:00:00Z', true],
    ['2026-11-24', '2026-11-01T00:00:00Z', false],
    ['', '2026-11-01T00:00:00Z', true],
  ])('until %s, at %s: expired %s', (expires, now, expected) => {
    expect(isExpired(expires, at(now))).toBe(expected);
  });

  it.each([
    ['2027-11-25', '2026-11-24T00:00:00Z', false],
    ['2027-11-26', '2026-11-24T00:00:00Z', true],
    ['2027-11-26', '2026-11-25T00:00:00Z', false],
  ])('until %s, at %s: too long %s', (expires, now, expected) => {
    expect(isTooLong(expires, at(now))).toBe(expected);
  });

  it('has an id that depends on what it covers alone', () => {
    const id = waiverId(whole);
    expect(id).toMatch(/^w_[0-9a-f]{12}$/);
    expect(waiverId({ ...whole, ...{ reason: 'x', expires: '2029-01-01' } })).toBe(id);
    const others = [{ rule: 'b' }, { resource: 'b' }, { region: 'b' }, { account: 'b' }, { observed: 'b' }];
    const ids = others.map((change) => waiverId({ ...whole, ...change }));
    ids.push(waiverId({ rule: whole.rule, tag: { key: whole.resource } }));
    expect(new Set([id, ...ids]).size).toBe(7);
  });

  it('says in words what it covers', () => {
    expect(coverWords({ ...whole, region: 'eu-west-1', account: '111122223333' })).toBe(
      'resource sg-0a1 in eu-west-1 of account 111122223333',
    );
    expect(coverWords({ rule: 'a', tag: { key: 'Env', value: 'test' }, observed: 'a' })).toBe(
      'tag Env=test, as observed',
    );
  });

  it('is narrow only with its account and what names one resource alone', () => {
    const account = '111122223333';
    const resource = 'sg-0a1d0000000000003';
    expect(isNarrow({ ...whole, account, resource })).toBe(true);
    expect(isNarrow({ ...whole, account, resource: 'sg-0a1d0000' })).toBe(true);
    expect(isNarrow({ ...whole, account, resource: `arn:aws:ec2:eu-west-1:${account}:security-group/a` })).toBe(true);
    expect(isNarrow({ ...whole, resource })).toBe(false);
    for (const name of ['web', 'sg-0a1', 'default', 'sg-0A1D0000'])
      expect(isNarrow({ ...whole, account, resource: name })).toBe(false);
    expect(isNarrow({ ...whole, account, resource: 'arn:aws:ec2:*' })).toBe(false);
    expect(isNarrow({ ...whole, account, resource: 'sg-?' })).toBe(false);
    expect(isNarrow({ rule: 'a', account, tag: { key: 'Env' } })).toBe(false);
  });
});
