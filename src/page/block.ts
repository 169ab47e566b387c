import type { EvidenceView, FindingBody, FindingHead } from './finding-view.ts';

/**
 * Results on their way into the page. Each text stands once in a block, and rows point to it: most results say the same
 * as their neighbours. Heads are read when the page opens, bodies when somebody looks at one.
 */
export interface Block {
  readonly texts: readonly string[];
  readonly rows: readonly Row[];
}

export type Row = readonly number[];

const heads = [
  'rule',
  'outcome',
  'account',
  'region',
  'id',
  'name',
  'arn',
  'message',
  'fingerprint',
  'waiver',
  'change',
] as const satisfies readonly (keyof FindingHead)[];

const facts = [
  'path',
  'observed',
  'unknown',
  'permission',
  'expected',
  'call',
] as const satisfies readonly (keyof EvidenceView)[];

/** Where a member of a head stands in its row. */
export function columnOf(member: keyof FindingHead): number {
  return heads.indexOf(member);
}

/** Gives each text its number; the empty one has 0. */
function collectTexts() {
  const numbers = new Map([['', 0]]);
  return {
    numberOf(text: string): number {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    list: () => [...numbers.keys()],
  };
}

export function encodeHeads(findings: readonly FindingHead[]): Block {
  const texts = collectTexts();
  const rows = findings.map((finding) => heads.map((member) => texts.numberOf(finding[member])));
  return { rows, texts: texts.list() };
}

export function encodeBodies(findings: readonly FindingBody[]): Block {
  const texts = collectTexts();
  const rows = findings.map(({ declared, more, causes, evidence }) => [
    texts.numberOf(declared),
    texts.numberOf(more),
    texts.numberOf(causes),
    ...evidence.flatMap((one) => facts.map((member) => texts.numberOf(one[member]))),
  ]);
  return { rows, texts: texts.list() };
}

function textAt({ texts }: Block, row: Row, index: number): string {
  return texts[row[index] ?? 0] ?? '';
}

export function decodeHead(block: Block, row: Row): FindingHead {
  const at = (member: keyof FindingHead) => textAt(block, row, columnOf(member));
  return {
    rule: at('rule'),
    outcome: at('outcome'),
    account: at('account'),
    region: at('region'),
    id: at('id'),
    name: at('name'),
    arn: at('arn'),
    message: at('message'),
    fingerprint: at('fingerprint'),
    waiver: at('waiver'),
    change: at('change'),
  };
}

export function decodeBody(block: Block, row: Row): FindingBody {
  const evidence: EvidenceView[] = [];
  for (let start = 3; start < row.length; start += facts.length) {
    const [path = '', observed = '', unknown = '', permission = '', expected = '', call = ''] = facts.map((_, index) =>
      textAt(block, row, start + index),
    );
    evidence.push({ path, observed, unknown, permission, expected, call });
  }
  return {
    declared: textAt(block, row, 0),
    more: textAt(block, row, 1),
    causes: textAt(block, row, 2),
    evidence,
  };
}
