import type { Place } from '../errors.ts';
import { parseDate } from '../model/instant.ts';
import type { YamlEntry, YamlNode } from '../model/yaml.ts';
import type { Waiver } from './policy.ts';
import { complain, known, type Problems, textOf } from './reading.ts';
import { waiverId } from './waiver.ts';

/** The most waivers of one policy. */
export const waiverLimit = 1000;

const keys = ['rule', 'resource', 'tag', 'account', 'region', 'reason', 'owner', 'approver', 'expires', 'observed'];
const required = ['rule', 'reason', 'owner', 'approver', 'expires'];
const longestKey = 128;

/** Members that have a form of their own: what it is, and an example. */
const forms: Readonly<Record<string, readonly [fits: (text: string) => boolean, what: string, hint: string]>> = {
  account: [(text) => /^\d{12}$/.test(text), 'an account', 'write its twelve digits, quoted: "111122223333"'],
  region: [
    (text) => text === 'global' || /^[a-z]{2,5}(?:-[a-z]{2,20}){1,3}-\d{1,2}$/.test(text),
    'a region',
    'write it like eu-west-1, or global',
  ],
  expires: [(text) => parseDate(text) !== undefined, 'a day of the calendar', 'write it like 2027-03-31'],
  observed: [
    (text) => /^[0-9a-f]{64}$/.test(text),
    'the digest of an observation',
    'write the 64 hexadecimal digits that `proviso waive FINDING --pin` gives, quoted',
  ],
};

type Entries = ReadonlyMap<string, YamlEntry>;

function member(entries: Entries, name: string, problems: Problems): string | undefined {
  const node = entries.get(name)?.value;
  const text = node && textOf(node, `${name} of a waiver`, problems);
  const [fits, what, hint] = forms[name] ?? [];
  if (node === undefined || text === undefined || fits === undefined || fits(text)) return text;
  complain(problems, node.at, `'${text}' is not ${what}`, hint);
  return undefined;
}

function tagOf(node: YamlNode | undefined, problems: Problems): Waiver['tag'] {
  if (node === undefined) return undefined;
  const entries = known(node, 'tag of a waiver', ['key', 'value'], problems);
  const text = (name: string) => {
    const value = entries.get(name)?.value;
    return value && textOf(value, `${name} of a waiver's tag`, problems);
  };
  const key = text('key');
  const value = text('value');
  if (node.kind === 'map' && !entries.has('key')) complain(problems, node.at, "tag of a waiver lacks 'key'");
  if (key === undefined) return undefined;
  if (key.length > longestKey) complain(problems, node.at, `no tag's key is longer than ${longestKey} characters`);
  return { key, ...(value === undefined ? {} : { value }) };
}

function lacks(entries: Entries, at: Place, problems: Problems): void {
  for (const name of required) if (!entries.has(name)) complain(problems, at, `a waiver lacks '${name}'`);
  const ways = ['resource', 'tag'].filter((name) => entries.has(name));
  const hint = "name what it covers with 'resource' (a pattern over id, ARN and name) or 'tag'";
  if (ways.length === 0) complain(problems, at, "a waiver needs 'resource' or 'tag'", hint);
  const second = entries.get('tag');
  if (ways.length === 2 && second !== undefined)
    complain(
      problems,
      second.keyNode.at,
      "a waiver has either 'resource' or 'tag', not both",
      'make two waivers of it',
    );
}

function waiverOf(node: YamlNode, problems: Problems): Waiver {
  const entries = known(node, 'a waiver', keys, problems);
  if (node.kind === 'map') lacks(entries, node.at, problems);
  const text = (name: string) => member(entries, name, problems);
  const optional = (name: string) => {
    const value = text(name);
    return value === undefined ? {} : { [name]: value };
  };
  const tag = tagOf(entries.get('tag')?.value, problems);
  const { line, column, file } = node.at;
  return {
    rule: text('rule') ?? '',
    ...optional('resource'),
    ...(tag === undefined ? {} : { tag }),
    ...optional('account'),
    ...optional('region'),
    reason: text('reason') ?? '',
    owner: text('owner') ?? '',
    approver: text('approver') ?? '',
    expires: text('expires') ?? '',
    ...optional('observed'),
    at: { file, line, column },
    ruleAt: entries.get('rule')?.value.at ?? node.at,
  };
}

function refuseTwins(waivers: readonly Waiver[], problems: Problems): void {
  const first = new Map<string, Waiver>();
  for (const waiver of waivers) {
    const id = waiverId(waiver);
    const twin = first.get(id);
    first.set(id, twin ?? waiver);
    if (twin !== undefined)
      complain(problems, waiver.at, `the waiver of line ${twin.at.line} covers the same`, 'keep one of the two');
  }
}

/** Reads the list of waivers; what is wrong goes to `problems`. */
export function readWaivers(node: YamlNode | undefined, problems: Problems): readonly Waiver[] {
  if (node === undefined) return [];
  if (node.kind !== 'list' || node.items.length === 0) {
    complain(problems, node.at, 'waivers must be a list with at least one item', 'leave it out if there is none');
    return [];
  }
  if (node.items.length > waiverLimit)
    complain(problems, node.at, `a policy has at most ${waiverLimit} waivers`, 'mend what many of them cover');
  const before = problems.length;
  const waivers = node.items.slice(0, waiverLimit).map((item) => waiverOf(item, problems));
  if (problems.length === before) refuseTwins(waivers, problems);
  return waivers;
}
