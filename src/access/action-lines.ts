import type { Permission } from './needed-permissions.ts';

const shownRules = 3;

/** Why a permission is needed, for a comment on one line. Ids of rules are lower-case words and hyphens. */
export function reasonFor({ rules }: Permission): string {
  if (rules.length === 0) return 'every run: which regions the account has';
  const more = rules.length - shownRules;
  return rules.slice(0, shownRules).join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** One line for each action, with its reason behind it, all reasons in one column. */
export function actionLines(permissions: readonly Permission[], write: (action: string) => string): readonly string[] {
  const lines = permissions.map((permission) => ({ text: write(permission.action), reason: reasonFor(permission) }));
  const width = Math.max(0, ...lines.map(({ text }) => text.length));
  return lines.map(({ text, reason }) => `${text.padEnd(width)} # ${reason}`);
}
