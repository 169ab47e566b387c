import type { FrozenRule } from '../rule/frozen-rule.ts';

/**
 * The rules that are shipped, by their path in the folder `rules`, with `/`. When the program is built, each is checked and
 * tried by its cases, and `.ci/prove-rules.mjs` puts what came of it here. It is a part of that very program, so that no
 * other program's checks are ever relied upon. Run from its sources, the program has proven nothing.
 */
export const provenRules: Readonly<Record<string, FrozenRule>> = {};
