import { hash } from 'node:crypto';
import type { Result } from './finding.ts';

/**
 * The name by which a finding is known in every report and run: `f_` and sixteen hexadecimal digits. It depends on which
 * rule speaks about which resource, never on what was observed or on any wording, so that waivers and comparisons
 * survive both.
 */
export function fingerprint(result: Pick<Result, 'rule' | 'account' | 'region' | 'type' | 'resource'>): string {
  const identity = [result.rule, result.account, result.region, result.type, result.resource?.id ?? null];
  return `f_${hash('sha256', JSON.stringify(identity), 'hex').slice(0, 16)}`;
}
