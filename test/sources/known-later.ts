import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { isObject, type Json } from '../../src/model/value.ts';

export type Path = readonly (string | number)[];

const parity = new URL('../fixtures/parity/', import.meta.url);

/** The folders of the parity suite that have a file. */
export function foldersWith(file: string): readonly string[] {
  return readdirSync(parity).filter((folder) => existsSync(new URL(`${folder}/${file}`, parity)));
}

/** Paths of all values inside a value. */
export function pathsIn(value: Json | undefined, path: Path = []): readonly Path[] {
  const members: readonly [string | number, Json | undefined][] = Array.isArray(value)
    ? [...(value as readonly Json[]).entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  const inner = members.flatMap(([step, member]) => pathsIn(member, [...path, step]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** What stands around the value at a path, to be written to. */
export function aroundPath(value: Json, path: Path): Record<string | number, Json> {
  let around = value as unknown as Record<string | number, Json>;
  for (const step of path.slice(0, -1)) around = around[step] as unknown as typeof around;
  return around;
}

/** Marks one value of a plan's change as known only after apply, as Terraform does. */
export function knowLater(change: { readonly after: Json; readonly after_unknown: Json }, path: Path): void {
  let value = change.after as Record<string | number, Json>;
  let unknown = change.after_unknown as Record<string | number, Json>;
  for (const [index, step] of path.entries()) {
    if (index === path.length - 1) {
      unknown[step] = true;
      if (Array.isArray(value)) value[step as number] = null;
      else delete value[step];
      return;
    }
    value = value[step] as unknown as typeof value;
    if (typeof unknown[step] !== 'object') unknown[step] = Array.isArray(value) ? [] : {};
    unknown = unknown[step] as unknown as typeof unknown;
  }
}

/**
 * That each verdict is what it was, or unknown, but never gone.
 *
 * @returns how many have become unknown
 */
export function expectOnlyDoubt(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  when: string,
): number {
  let turned = 0;
  for (const [place, outcome] of before) {
    // That there is nothing of a kind cannot be said where something may be of it.
    const [rule = ''] = place.split(' ');
    const mayBe = [...after].some(([other, answer]) => other.startsWith(`${rule} `) && answer === 'unknown');
    const now = after.get(place) ?? (outcome === 'not-applicable' && mayBe ? 'unknown' : undefined);
    expect([outcome, 'unknown'], `${place} when ${when} is not known`).toContain(now);
    if (now !== outcome) turned += 1;
  }
  return turned;
}
