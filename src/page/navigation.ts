import { number, several } from '../finding/counts.ts';
import type { Context } from './context.ts';
import { addressOf, everything, type Filter, filterNames, readTarget } from './filter.ts';
import { readForm, writeForm } from './form.ts';
import { short } from './label.ts';
import type { List } from './list.ts';
import { type Findings, selectClauses, selectFindings } from './selection.ts';

export interface Parts {
  readonly context: Context;
  readonly findings: Findings;
  readonly list: List;
  readonly form: HTMLFormElement;
  /** Says how much is shown, or what was not found. */
  readonly status: HTMLElement;
}

/** Hides clauses that the filter leaves out, and headings that nothing is left under. */
function showClauses(shown: ReadonlySet<string>): void {
  for (const section of document.querySelectorAll<HTMLElement>('.clauses')) {
    const members = [...section.querySelectorAll<HTMLElement>('[data-clause]')];
    for (const node of members) node.hidden = !shown.has(node.dataset.clause ?? '');
    section.hidden = members.every((node) => node.hidden);
  }
}

/** Says above both lists by what they are narrowed, in the words of the form's choices. */
function tellNarrowing(form: HTMLFormElement, filter: Filter): void {
  const told = filterNames.flatMap((name) => {
    if (filter[name] === '') return [];
    const node = form.elements.namedItem(name);
    const chosen = node instanceof HTMLSelectElement ? node.selectedOptions[0]?.text : undefined;
    return [name === 'q' ? `“${short(filter.q, 60)}”` : `${name} ${short(chosen ?? filter[name], 80)}`];
  });
  for (const node of document.querySelectorAll<HTMLElement>('.narrowed')) {
    node.hidden = told.length === 0;
    const words = node.querySelector('span');
    if (words !== null) words.textContent = `Narrowed to ${told.join(', ')}`;
  }
}

/** Shows what a filter leaves. */
export function applyFilter({ context, findings, list, form, status }: Parts, filter: Filter): void {
  const clauses = selectClauses(filter, context);
  const shown = selectFindings(filter, findings, context);
  showClauses(clauses);
  list.show(shown);
  tellNarrowing(form, filter);
  const ofClauses = `${number(clauses.size)} of ${several(context.clauses.length, 'clause')}`;
  status.textContent = `${ofClauses} and ${number(shown.length)} of ${several(findings.count, 'listed result')} are shown`;
}

/** Somebody has changed the form: the address follows, so that it can be sent to others. */
export function followForm(parts: Parts): void {
  const filter = readForm(parts.form);
  history.replaceState(null, '', addressOf('findings', filter));
  applyFilter(parts, filter);
}

function showEverything(parts: Parts): void {
  writeForm(parts.form, everything);
  applyFilter(parts, everything);
}

function goToFinding(parts: Parts, fingerprint: string): void {
  const { findings, list, status } = parts;
  const place = findings.find(fingerprint);
  if (place === undefined) {
    status.textContent = `This report lists no finding ${fingerprint}.`;
    status.scrollIntoView({ block: 'center' });
  } else if (!list.open(place)) {
    showEverything(parts);
    list.open(place);
  }
}

function goToPlace(parts: Parts, id: string): void {
  const node = document.getElementById(id);
  if (node === null) return;
  if (node.closest('[hidden]') !== null) showEverything(parts);
  if (node instanceof HTMLDetailsElement) node.open = true;
  node.scrollIntoView({ block: 'start' });
}

/** Somebody has followed a link, or opened the page by one. */
export function followAddress(parts: Parts): void {
  const target = readTarget(location.hash.slice(1));
  if (target.kind === 'finding') goToFinding(parts, target.fingerprint);
  else if (target.kind === 'place') goToPlace(parts, target.id);
  else {
    writeForm(parts.form, target.filter);
    applyFilter(parts, target.filter);
    document.getElementById(target.list)?.scrollIntoView({ block: 'start' });
  }
}
