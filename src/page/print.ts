import type { List } from './list.ts';

/** Findings that are printed at most; the filter decides which. */
const printLimit = 500;

/** Opens everything for paper, and closes it again afterwards. */
export function openForPrint(list: List, note: HTMLElement): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    list.spread(printLimit);
    const left = list.count() - printLimit;
    note.textContent =
      left > 0 ? `The first ${printLimit} are printed, ${left} more are not: narrow them to choose.` : '';
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const node of opened) node.open = true;
  });
  addEventListener('afterprint', () => {
    for (const node of opened) node.open = false;
    opened = [];
    note.textContent = '';
    list.spread(undefined);
  });
}
