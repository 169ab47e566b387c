import type { ClauseVerdict, Severity } from '../finding/finding.ts';

/** What findings are about, as far as the page's script needs it. */
export interface PageData {
  readonly rules: readonly RuleFacts[];
  readonly clauses: readonly ClauseFacts[];
  readonly accounts: readonly { readonly id: string; readonly name?: string }[];
}

export interface RuleFacts {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Ids of the clauses that name it. */
  readonly clauses: readonly string[];
}

export interface ClauseFacts {
  readonly id: string;
  readonly verdict: ClauseVerdict;
  readonly owner: string;
  /** What a search looks through, in lower case. */
  readonly text: string;
}

export interface Context extends PageData {
  readonly accountNames: ReadonlyMap<string, string>;
}

export function contextOf(data: PageData): Context {
  const named = data.accounts.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name] as const]));
  return { ...data, accountNames: new Map(named) };
}
