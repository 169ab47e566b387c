import { everything, type Filter, type FilterName, filterNames } from './filter.ts';

function control(form: HTMLFormElement, name: FilterName): HTMLInputElement | HTMLSelectElement | undefined {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found : undefined;
}

export function readForm(form: HTMLFormElement): Filter {
  const values = filterNames.map((name) => [name, control(form, name)?.value ?? '']);
  return { ...everything, ...Object.fromEntries(values) };
}

/** A value that no choice offers becomes one: an address may come from another report. */
export function writeForm(form: HTMLFormElement, filter: Filter): void {
  for (const name of filterNames) {
    const node = control(form, name);
    if (node === undefined) continue;
    if (node instanceof HTMLSelectElement && ![...node.options].some(({ value }) => value === filter[name]))
      node.append(new Option(filter[name], filter[name]));
    node.value = filter[name];
  }
}
