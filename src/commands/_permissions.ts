import { assumePermission, freeAction, neededPermissions, type Permission } from '../access/needed-permissions.ts';
import { oversize, policyDocument } from '../access/policy-document.ts';
import { roleTemplate } from '../access/role-cloudformation.ts';
import { roleModule } from '../access/role-terraform.ts';
import { selectRules } from '../assess.ts';
import { plain } from '../finding/plain-text.ts';
import type { Policy } from '../policy/policy.ts';
import type { Io, Options } from './_command.ts';
import { loadQuestion } from './_question.ts';

function several(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The roles that the policy's scope names are assumed by whoever starts the run, who needs more than they do. */
function notesOn(permissions: readonly Permission[], rules: number, { scope }: Policy): readonly string[] {
  const roles = scope.accounts?.flatMap(({ role }) => (role === undefined ? [] : [plain(role)])) ?? [];
  return [
    `${several(permissions.length, 'action')} for ${several(rules, 'rule')}; ${freeAction}, which a run asks as well, needs none`,
    ...(roles.length === 0 ? [] : [`whoever starts the run also needs ${assumePermission} on ${roles.join(', ')}`]),
  ];
}

function documentText(permissions: readonly Permission[], io: Io): string {
  const document = policyDocument(permissions);
  const problem = oversize(document);
  if (problem !== undefined) io.note(problem);
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Prints what the rules that a run judges by need, in the form that was asked for. */
export async function printPermissions(format: string, options: Options, io: Io): Promise<number> {
  const { rules, policy, named, catalogue } = await loadQuestion(options, io);
  const judged = selectRules(policy, rules, named);
  const permissions = neededPermissions(judged, catalogue.types);
  if (format === 'cloudformation') await io.write(roleTemplate(permissions));
  else if (format === 'terraform') await io.write(roleModule(permissions));
  else await io.write(documentText(permissions, io));
  for (const note of notesOn(permissions, judged.length, policy)) io.note(note);
  return 0;
}
