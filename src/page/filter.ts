/** What is shown: each member is one word, or empty where it does not narrow. The page's address carries it. */
export interface Filter {
  /** Looked for in findings and clauses. */
  readonly q: string;
  /** Of a clause. */
  readonly verdict: string;
  readonly owner: string;
  readonly clause: string;
  /** Of a finding. */
  readonly outcome: string;
  readonly severity: string;
  readonly rule: string;
  readonly account: string;
  readonly region: string;
  readonly change: string;
  /** `yes` or `no`. */
  readonly waived: string;
}

export const everything: Filter = {
  q: '',
  verdict: '',
  owner: '',
  clause: '',
  outcome: '',
  severity: '',
  rule: '',
  account: '',
  region: '',
  change: '',
  waived: '',
};

export type FilterName = keyof Filter;

export const filterNames = Object.keys(everything) as readonly FilterName[];

const longestText = 500;

/** Where an address leads: to a list that is narrowed, to one finding, or to a place by its id. */
export type Target =
  | { readonly kind: 'list'; readonly list: 'clauses' | 'findings'; readonly filter: Filter }
  | { readonly kind: 'finding'; readonly fingerprint: string }
  | { readonly kind: 'place'; readonly id: string };

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone per cent sign: somebody typed the address.
    return text;
  }
}

function filterOf(query: string): Filter {
  const given = new URLSearchParams(query);
  const values = filterNames.map((name) => [name, (given.get(name) ?? '').slice(0, longestText)]);
  return { ...everything, ...Object.fromEntries(values) };
}

/** Reads the part of an address behind `#`, without it. */
export function readTarget(hash: string): Target {
  if (/^f_[0-9a-f]{16}$/.test(hash)) return { kind: 'finding', fingerprint: hash };
  const list = /^(clauses|findings)\?(.*)$/s.exec(hash);
  if (list === null) return { kind: 'place', id: decoded(hash) };
  const [, name, query = ''] = list;
  return { kind: 'list', list: name === 'clauses' ? 'clauses' : 'findings', filter: filterOf(query) };
}

/** The address of a list, `#` included; members that do not narrow are left out. */
export function addressOf(list: 'clauses' | 'findings', filter: Partial<Filter>): string {
  const query = new URLSearchParams();
  for (const name of filterNames) if (filter[name]) query.set(name, filter[name]);
  const text = query.toString();
  return `#${list}${text === '' ? '' : `?${text}`}`;
}
