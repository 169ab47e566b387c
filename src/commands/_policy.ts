import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { ProvisoErrors } from '../errors.ts';
import { checkPolicy } from '../policy/check.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { checkParameters } from '../rule/parameters.ts';
import type { Rule } from '../rule/rule.ts';
import { shipped } from './_package.ts';
import { unreadable } from './_rules.ts';

/** The policy document that was asked for; else `policies.yaml` of the current folder; else the program's own. */
function findPolicy(given: string | undefined, cwd: string): string {
  if (given !== undefined) return given;
  return existsSync(resolve(cwd, 'policies.yaml')) ? 'policies.yaml' : shipped('policies.yaml');
}

/**
 * Reads the policy and holds it against the rules.
 *
 * @throws ProvisoErrors with all mistakes
 */
export async function readPolicy(given: string | undefined, rules: readonly Rule[], cwd: string): Promise<Policy> {
  const file = findPolicy(given, cwd);
  const near = isAbsolute(file) ? relative(cwd, file) : file;
  const shown = near === '' || near.startsWith('..') ? file : near;
  const policy = await loadPolicy(shown, async (path) => {
    try {
      return await readFile(resolve(cwd, path));
    } catch (error) {
      throw unreadable(path, error);
    }
  });
  const errors = checkPolicy(policy, rules, checkParameters);
  if (errors.length > 0) throw new ProvisoErrors(errors);
  return policy;
}
