import { type Permission, runPermission } from './needed-permissions.ts';

/** The most characters of a managed policy, blanks not counted. */
export const managedPolicyLimit = 6144;

/** The most characters of a role's inline policies together. */
const inlineLimit = 10_240;

/** An IAM policy document that allows actions on everything. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  /** Says what the actions are for. */
  readonly Sid: 'FindRegions' | 'ReadForRules';
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: '*';
}

/** The characters that count against the limits. */
export function policySize(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

/** What to do about a document that is too long for one managed policy; undefined for one that fits. */
export function oversize(document: PolicyDocument): string | undefined {
  const size = policySize(document);
  if (size <= managedPolicyLimit) return undefined;
  const hint = `the other formats split it, and the inline policies of a role have room for ${inlineLimit}`;
  return `the policy has ${size} characters, and a managed policy has room for ${managedPolicyLimit}: ${hint}`;
}

/** All permissions in one document, however long it gets. */
export function policyDocument(permissions: readonly Permission[]): PolicyDocument {
  const actions = permissions.map(({ action }) => action);
  const statement = (Sid: Statement['Sid'], Action: readonly string[]): readonly Statement[] =>
    Action.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource: '*' }];
  return {
    Version: '2012-10-17',
    Statement: [
      ...statement(
        'FindRegions',
        actions.filter((action) => action === runPermission),
      ),
      ...statement(
        'ReadForRules',
        actions.filter((action) => action !== runPermission),
      ),
    ],
  };
}

/** The permissions in as few parts as managed policies need, in their order. */
export function managedParts(
  permissions: readonly Permission[],
  limit = managedPolicyLimit,
): readonly (readonly Permission[])[] {
  const parts: Permission[][] = [];
  for (const permission of permissions) {
    const last = parts.at(-1);
    if (last !== undefined && policySize(policyDocument([...last, permission])) <= limit) last.push(permission);
    else parts.push([permission]);
  }
  return parts;
}
