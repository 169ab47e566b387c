import { plain } from '../finding/plain-text.ts';
import type { Markup } from './markup.ts';

/** Makes a node of markup. Text becomes text and nothing else, whatever stands in it. */
export function nodeOf({ tag, attributes, children }: Markup): HTMLElement {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, plain(value));
  for (const child of children) node.append(typeof child === 'string' ? plain(child) : nodeOf(child));
  return node;
}

/** @throws Error when the page lacks it: it was written by another version */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`#${id} is missing`);
  return found;
}

/** What a data block says: it was written by the reporter that wrote the page. */
export function readData(element: Element | null): unknown {
  return JSON.parse(element?.textContent ?? 'null');
}
