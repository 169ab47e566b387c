import type { Place } from '../errors.ts';
import type { Policy } from './policy.ts';

/**
 * The folder of a policy's documents, from the folder in which it was named, with a slash at its end: empty for the same
 * folder, undefined when it lies elsewhere on the machine.
 */
export function policyFolder(policy: Pick<Policy, 'file'>): string | undefined {
  const file = policy.file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  if (/^(?:\/|[a-z]:|\.\.(?:\/|$))/i.test(file) || file.includes('/../')) return undefined;
  return file.slice(0, file.lastIndexOf('/') + 1);
}

/** A place of a policy, its file named from the policy's own folder: the same wherever the program was started. */
export function placeInPolicy(
  policy: Pick<Policy, 'file'>,
  { file, line }: Place,
): { readonly file: string; readonly line: number } {
  const slashes = (path: string) => path.replaceAll('\\', '/');
  const root = slashes(policy.file);
  const folder = root.slice(0, root.lastIndexOf('/') + 1);
  const path = slashes(file);
  return { file: path.startsWith(folder) ? path.slice(folder.length) : path, line };
}
