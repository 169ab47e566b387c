// The script of the HTML report. The page says its first part without it; this adds the whole list, filters and keys.
import type { Population } from '../finding/finding.ts';
import type { Block } from './block.ts';
import { type Context, contextOf, type PageData } from './context.ts';
import { byId, nodeOf, readData } from './dom.ts';
import { everything } from './filter.ts';
import { listenToKeys } from './keyboard.ts';
import { openList } from './list.ts';
import { applyFilter, followAddress, followForm, type Parts } from './navigation.ts';
import { populationTable } from './population-view.ts';
import { openForPrint } from './print.ts';
import { openFindings } from './selection.ts';

/** Puts a rule's whole population in the place of its first rows. */
function offerPopulations({ accountNames }: Context): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-population]')) {
    button.addEventListener('click', () => {
      const rule = button.dataset.population ?? '';
      const rows = readData(document.getElementById(`population-${rule}`)) as readonly Population[];
      const table = populationTable(rule, rows, accountNames);
      if (table !== undefined) button.previousElementSibling?.replaceWith(nodeOf(table));
      button.remove();
    });
  }
}

function offerTheme(): void {
  const root = document.documentElement;
  byId('theme', HTMLButtonElement).addEventListener('click', () => {
    const isDark = root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    root.dataset.theme = isDark === 'dark' ? 'light' : 'dark';
  });
}

function readParts(): Parts {
  const context = contextOf(readData(document.getElementById('data')) as PageData);
  const heads = [...document.querySelectorAll('script.heads')].map((node) => readData(node) as Block);
  const findings = openFindings(heads, context);
  const bodies = [...document.querySelectorAll('script.bodies')];
  const places = { root: byId('list', HTMLElement), pager: byId('pager', HTMLElement) };
  const list = openList({ ...places, findings, bodies, context });
  return { context, findings, list, form: byId('filters', HTMLFormElement), status: byId('count', HTMLElement) };
}

function start(): void {
  const parts = readParts();
  const { form, list, context } = parts;
  for (const node of document.querySelectorAll('.without-script')) node.remove();
  for (const node of document.querySelectorAll<HTMLElement>('.with-script')) node.hidden = false;
  offerPopulations(context);
  offerTheme();
  openForPrint(list, byId('print-note', HTMLElement));
  listenToKeys({
    search: byId('search', HTMLInputElement),
    list: byId('list', HTMLElement),
    pages: list,
    help: byId('keys', HTMLDetailsElement),
  });
  form.addEventListener('input', () => followForm(parts));
  form.addEventListener('submit', (event) => event.preventDefault());
  // The form is empty only after the event.
  form.addEventListener('reset', () => setTimeout(() => followForm(parts)));
  addEventListener('hashchange', () => followAddress(parts));
  applyFilter(parts, everything);
  if (location.hash.length <= 1) return;
  followAddress(parts);
  // Once a page has loaded, browsers go to the address by themselves, and take the focus away.
  addEventListener('load', () => requestAnimationFrame(() => followAddress(parts)));
}

start();
