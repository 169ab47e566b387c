import type { Call } from './resource-type.ts';
import { canonicalJson, type JsonObject } from './value.ts';

/** The ledger key of a call: `ec2:DescribeSecurityGroups`, followed by its input as canonical JSON where it has one. */
export function callKey(call: Call, input: JsonObject): string {
  const name = `${call.service}:${call.operation}`;
  const members = canonicalJson(input);
  return members === '{}' ? name : `${name} ${members}`;
}
