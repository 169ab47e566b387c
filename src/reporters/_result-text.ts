import { type Assessment, type Evidence, everywhere, type Result } from '../finding/finding.ts';
import { plain } from '../finding/plain-text.ts';
import { unnamed } from '../model/unnamed.ts';
import { canonicalJson, type Json } from '../model/value.ts';

/**
 * Text from outside on one line, at most so many characters long, without anything that a terminal, a text direction or a
 * build log would act on.
 */
export function shown(text: string, limit: number): string {
  const clean = plain(text).replaceAll('##[', '# [');
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…`;
}

/** What a result is about, its place apart: `acme-web (sg-0a1)`, or the account or region as a whole. */
export function subjectText({ resource, type, account }: Result, limit: number): string {
  if (resource !== undefined) {
    const { id, name } = resource;
    const short = shown(id, limit);
    return name === undefined || name === id ? short : `${shown(name, limit)} (${short})`;
  }
  if (account === everywhere) return 'the whole run';
  return type === 'region' || type === 'account' ? `the ${type}` : `every ${type}`;
}

/** `111122223333 production · eu-west-1`. */
export function placeText({ account, region }: Pick<Result, 'account' | 'region'>, names: AccountNames): string {
  if (account === everywhere) return 'everywhere';
  const name = names.get(account);
  const who =
    account === unnamed.account ? 'account not known' : name === undefined ? account : `${account} ${shown(name, 64)}`;
  return region === everywhere || region === unnamed.region ? who : `${who} · ${shown(region, 64)}`;
}

export type AccountNames = ReadonlyMap<string, string>;

export function accountNames({ accounts }: Assessment): AccountNames {
  return new Map(accounts.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])));
}

/** Ids of the clauses that each rule proves, in the policy's order. */
export function clausesByRule({ clauses }: Assessment): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, rules } of clauses) {
    for (const rule of new Set(rules)) found.set(rule, [...(found.get(rule) ?? []), id]);
  }
  return found;
}

/** What stood there: the value as JSON, `absent`, or why it is not known. */
export function observedText({ observed, unknown }: Evidence): string {
  if (unknown !== undefined) return `not known: ${unknown.reason}${unknown.detail ? ` (${unknown.detail})` : ''}`;
  return observed === undefined ? 'absent' : canonicalJson(observed satisfies Json);
}

/** What is wrong, in one line: the rule's own message, or else what was observed first. */
export function reasonText(result: Result, limit: number): string {
  if (result.message !== undefined) return shown(result.message, limit);
  const [first] = result.evidence;
  if (first === undefined) return result.outcome === 'pass' ? '' : result.outcome;
  const path = first.path === '' ? '' : `${first.path} `;
  const mend = first.unknown?.permission === undefined ? '' : `; allow ${first.unknown.permission}`;
  return shown(`${path}is ${observedText(first)}${mend}; expected: ${first.expected}`, limit);
}

/** Each observation as lines of `label: text`, for formats that have room for it. */
export function evidenceLines(result: Result, observations: number, limit: number): readonly string[] {
  const lines = result.evidence
    .slice(0, observations)
    .flatMap((evidence) => [
      `expected: ${shown(evidence.expected, limit)}`,
      `actual: ${shown(evidence.path === '' ? observedText(evidence) : `${evidence.path} = ${observedText(evidence)}`, limit)}`,
      ...(evidence.call === undefined ? [] : [`from: ${shown(evidence.call, limit)}`]),
      ...(evidence.unknown?.permission === undefined ? [] : [`allow: ${shown(evidence.unknown.permission, limit)}`]),
    ]);
  const more = Math.max(0, result.evidence.length - observations) + (result.moreEvidence ?? 0);
  return more === 0 ? lines : [...lines, `and ${more} more ${more === 1 ? 'observation' : 'observations'}`];
}

/** The first way to mend a failure that a rule names: a command before a place to click. */
export function fixOf({ fix }: Assessment['rules'][number]): string | undefined {
  return fix.cli ?? fix.console ?? fix.terraform ?? Object.values(fix)[0];
}
