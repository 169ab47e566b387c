import { number, several } from '../finding/counts.ts';
import { type Block, decodeBody } from './block.ts';
import type { Context } from './context.ts';
import { nodeOf, readData } from './dom.ts';
import { type FindingBody, type FindingHead, findingDetails, findingSummary, groupHeading } from './finding-view.ts';
import { h } from './markup.ts';
import type { Findings } from './selection.ts';

const pageSize = 50;

/** Findings page by page; what stands behind one is read from its block when it is opened. */
export interface List {
  show(places: readonly number[]): void;
  /** How many are shown, on all pages. */
  count(): number;
  /** Opens a finding's page and the finding. @returns false when it is not among those shown */
  open(place: number): boolean;
  /** Turns the page by so many. @returns false when there is none */
  turn(pages: number): boolean;
  /** Puts so many findings onto one page, all opened; none makes it as it was. */
  spread(limit: number | undefined): void;
}

/** What a list is drawn from, and where. */
export interface Drawn {
  readonly root: HTMLElement;
  readonly pager: HTMLElement;
  readonly findings: Findings;
  /** Elements whose data are the bodies of results, by block. */
  readonly bodies: readonly Element[];
  readonly context: Context;
}

interface Page {
  places: readonly number[];
  number: number;
  size: number;
}

/** Bodies by block; only the last few blocks stay parsed. */
function bodyReader({ bodies, findings }: Drawn) {
  const kept = new Map<number, Block>();
  return (place: number): FindingBody => {
    const { block, row } = findings.bodyAt(place);
    const parsed = kept.get(block) ?? (readData(bodies[block] ?? null) as Block);
    kept.delete(block);
    kept.set(block, parsed);
    const [oldest] = kept.keys();
    if (kept.size > 8 && oldest !== undefined) kept.delete(oldest);
    return decodeBody(parsed, parsed.rows[row] ?? []);
  };
}

function entry(head: FindingHead, body: () => FindingBody, context: Context): HTMLElement {
  const summary = h('summary', {}, findingSummary(head, context));
  const node = nodeOf(h('details', { id: head.fingerprint, class: 'finding' }, summary));
  // The body is put there by the first opening, however that comes about.
  node.addEventListener('toggle', () => {
    if (node.childElementCount === 1) node.append(nodeOf(findingDetails(head, body(), context)));
  });
  return node;
}

function pageCount({ places, size }: Page): number {
  return Math.max(1, Math.ceil(places.length / size));
}

function button(label: string, isOff: boolean, act: () => void): HTMLElement {
  const node = nodeOf(h('button', { type: 'button', ...(isOff ? { disabled: '' } : {}) }, label));
  node.addEventListener('click', act);
  return node;
}

function pagerNodes(page: Page, turn: (step: number) => void): readonly HTMLElement[] {
  const last = pageCount(page);
  if (last === 1) return [];
  const where = `Page ${number(page.number + 1)} of ${number(last)} · ${several(page.places.length, 'result')}`;
  return [
    button('Previous', page.number === 0, () => turn(-1)),
    nodeOf(h('span', {}, where)),
    button('Next', page.number === last - 1, () => turn(1)),
  ];
}

/** The findings of a page, each rule and outcome under a heading. */
function* pageNodes(page: Page, { findings, context }: Drawn, readBody: (place: number) => FindingBody) {
  let last = '';
  if (page.places.length === 0) yield nodeOf(h('p', { class: 'note' }, 'No result fits what is asked for.'));
  for (const place of page.places.slice(page.number * page.size, (page.number + 1) * page.size)) {
    const head = findings.head(place);
    const group = `${head.outcome} ${head.rule}`;
    if (group !== last) yield nodeOf(groupHeading(head, context));
    last = group;
    yield entry(head, () => readBody(place), context);
  }
}

function openEntry(fingerprint: string): boolean {
  const node = document.getElementById(fingerprint);
  if (!(node instanceof HTMLDetailsElement)) return false;
  node.open = true;
  node.scrollIntoView({ block: 'start' });
  node.querySelector('summary')?.focus({ preventScroll: true });
  return true;
}

export function openList(drawn: Drawn): List {
  const { root, pager, findings } = drawn;
  const readBody = bodyReader(drawn);
  const page: Page = { places: [], number: 0, size: pageSize };
  const draw = (at: number) => {
    page.number = at;
    root.replaceChildren(...pageNodes(page, drawn, readBody));
    pager.replaceChildren(...pagerNodes(page, turn));
  };
  const turn = (step: number) => {
    const next = page.number + step;
    if (next < 0 || next >= pageCount(page)) return false;
    draw(next);
    root.scrollIntoView({ block: 'start' });
    return true;
  };
  return {
    turn,
    count: () => page.places.length,
    show(places) {
      page.places = places;
      draw(0);
    },
    open(place) {
      const index = page.places.indexOf(place);
      if (index === -1) return false;
      draw(Math.floor(index / page.size));
      return openEntry(findings.head(place).fingerprint);
    },
    spread(limit) {
      page.size = limit ?? pageSize;
      draw(0);
      if (limit !== undefined) for (const node of root.querySelectorAll('details')) node.open = true;
    },
  };
}
