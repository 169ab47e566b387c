import type { Subject } from './finding.ts';

/** Where something is declared, in words: `network.tf:12`, `network.tf:12 (module.web.aws_security_group.a)`. */
export function declaredText({ declared, id, name }: Pick<Subject, 'declared' | 'id' | 'name'>): string | undefined {
  if (declared === undefined) return undefined;
  const { address, construct, file, line } = declared;
  const names = [address, construct].filter((one) => one !== undefined && one !== id && one !== name);
  if (file === undefined) return names[0] === undefined ? address : names.join(', ');
  const place = line === undefined ? file : `${file}:${line}`;
  return names.length === 0 ? place : `${place} (${names.join(', ')})`;
}
