import type { List } from './list.ts';

export interface Keys {
  readonly search: HTMLInputElement;
  readonly list: HTMLElement;
  readonly pages: List;
  /** What is shown when somebody asks for help. */
  readonly help: HTMLDetailsElement;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}

function summaries(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('details > summary')];
}

function focusOn(node: HTMLElement | undefined): void {
  node?.focus();
  node?.scrollIntoView({ block: 'nearest' });
}

/** Goes to the next finding or the one before, over the edge of a page too. */
function move({ list, pages }: Keys, step: 1 | -1): void {
  const all = summaries(list);
  const current = all.findIndex((node) => node.parentElement?.contains(document.activeElement));
  if (current === -1) {
    focusOn(all[0]);
    return;
  }
  const next = all[current + step];
  if (next !== undefined) focusOn(next);
  else if (pages.turn(step)) focusOn(summaries(list).at(step === 1 ? 0 : -1));
}

/** Leaves what one is in: the search, or an open finding. */
function leave({ search }: Keys): void {
  const active = document.activeElement;
  if (active === search) {
    search.value = '';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    search.blur();
    return;
  }
  const around = active?.closest('details[open]');
  if (!(around instanceof HTMLDetailsElement)) return;
  around.open = false;
  focusOn(around.querySelector('summary') ?? undefined);
}

/** Keys that work wherever nobody is typing. Enter needs none: browsers open what has the focus. */
export function listenToKeys(keys: Keys): void {
  const does: Readonly<Record<string, () => void>> = {
    '/': () => {
      keys.search.focus();
      keys.search.scrollIntoView({ block: 'nearest' });
    },
    '?': () => {
      keys.help.open = true;
      focusOn(keys.help.querySelector('summary') ?? undefined);
    },
    j: () => move(keys, 1),
    k: () => move(keys, -1),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      leave(keys);
      return;
    }
    const act = isTyping(event.target) ? undefined : does[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
