import { visibleJson } from '../finding/result-line.ts';
import { entryOf, type YamlFile, type YamlNode } from '../model/yaml.ts';
import type { Waiver } from './policy.ts';

/** A waiver as it is written, without the places of a file. */
export type WrittenWaiver = Omit<Waiver, 'at' | 'ruleAt' | 'tag'>;

/** Free text is quoted: whatever it holds, it stays one value on one line. */
const quoted = (text: string) => visibleJson(text);

/** The entry, a line each, from its dash on. */
export function entryLines(waiver: WrittenWaiver): readonly string[] {
  const { rule, resource, account, region, reason, owner, approver, expires, observed } = waiver;
  return [
    `- rule: ${rule}`,
    ...(resource === undefined ? [] : [`  resource: ${quoted(resource)}`]),
    ...(account === undefined ? [] : [`  account: ${quoted(account)}`]),
    ...(region === undefined ? [] : [`  region: ${region}`]),
    `  reason: ${quoted(reason)}`,
    `  owner: ${quoted(owner)}`,
    `  approver: ${quoted(approver)}`,
    `  expires: ${expires}`,
    ...(observed === undefined ? [] : [`  observed: ${quoted(observed)}`]),
  ];
}

/** Where the block item that begins at a line ends: before the next line that is indented no further than its dash. */
function endOf(lines: readonly string[], start: number, indent: number): number {
  let end = start + 1;
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    if (line.length - line.trimStart().length <= indent) break;
    end = at + 1;
  }
  return end;
}

/** The line after the last item of a block list, how far its dashes are indented, and whether blank lines part its items. */
function afterLast(lines: readonly string[], list: YamlNode) {
  if (list.kind !== 'list') return undefined;
  const last = list.items.at(-1)?.at;
  const start = (last?.line ?? 0) - 1;
  const before = lines[start]?.slice(0, (last?.column ?? 1) - 1) ?? '';
  if (last === undefined || !/^ *- +$/.test(before)) return undefined;
  const indent = before.indexOf('-');
  const parted = list.items.length > 1 && lines[start - 1]?.trim() === '';
  return { line: endOf(lines, start, indent), indent, parted };
}

/**
 * The text of a policy with one more waiver at the end of its list; all else stays as it is, byte for byte.
 *
 * @returns undefined where the list is not written with a dash a line
 */
export function insertWaiver({ text, root }: YamlFile, waiver: WrittenWaiver): string | undefined {
  if (root.kind !== 'map') return undefined;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const entry = entryLines(waiver);
  const list = entryOf(root, 'waivers')?.value;
  if (list === undefined) {
    const margin = ' '.repeat(root.at.column - 1);
    const lines = [`${margin}waivers:`, ...entry.map((line) => `${margin}  ${line}`)];
    return `${text}${text === '' || text.endsWith('\n') ? '' : end}${end}${lines.join(end)}${end}`;
  }
  const lines = text.split(/\r?\n/);
  const place = afterLast(lines, list);
  if (place === undefined) return undefined;
  const offset = lines.slice(0, place.line).reduce((sum, line) => sum + line.length + end.length, 0);
  const added = [...(place.parted ? [''] : []), ...entry.map((line) => ' '.repeat(place.indent) + line)];
  const head = text.slice(0, offset);
  const start = head.endsWith('\n') ? '' : end;
  return `${head}${start}${added.join(end)}${end}${text.slice(offset)}`;
}
