import { WrongAnswer } from './to-json.ts';

/** One element on the way to the wanted value, from the root down. */
export interface XmlStep {
  readonly element: string;
  /**
   * `one`: its parent holds it exactly once, among others. `items`: its parent is a list and holds nothing else.
   * `any`: an item of a list without an element of its own; its parent may hold it any number of times, or not at all.
   */
  readonly kind: 'one' | 'items' | 'any';
}

/** An element that is open and lies on the way. */
interface Open {
  readonly name: string;
  found: number;
}

const names = /^[A-Za-z_][\w.:-]*/;

/**
 * Checks that an XML text leads to the wanted value: each list is really there, once, and holds nothing but its items.
 * The SDK's reader is lenient: to it an answer of another shape is an empty list.
 *
 * @returns how many elements there are besides those on the way
 * @throws WrongAnswer naming the first element that is missing or out of place
 */
export function checkOutline(xml: string, way: readonly XmlStep[]): number {
  const walk = new Walk(way);
  let at = 0;
  while (at < xml.length) {
    const start = xml.indexOf('<', at);
    if (start === -1) {
      walk.text(xml.slice(at));
      break;
    }
    if (start > at) walk.text(xml.slice(at, start));
    const end = endOfTag(xml, start);
    followTag(walk, xml, start, end);
    at = end + 1;
  }
  walk.end();
  return walk.others;
}

function followTag(walk: Walk, xml: string, start: number, end: number): void {
  const next = xml[start + 1];
  if (next === '/') return walk.close();
  if (next === '?' || next === '!') {
    if (xml.startsWith('<![CDATA[', start)) walk.text('CDATA');
    return;
  }
  const name = names.exec(xml.slice(start + 1, Math.min(end, start + 256)))?.[0];
  if (name === undefined) throw new WrongAnswer('the answer is not XML');
  walk.open(name);
  if (xml[end - 1] === '/') walk.close();
}

/** Position of the `>` that ends the tag, comment or instruction. */
function endOfTag(xml: string, start: number): number {
  const closer = xml.startsWith('<!--', start)
    ? '-->'
    : xml.startsWith('<![CDATA[', start)
      ? ']]>'
      : xml[start + 1] === '?'
        ? '?>'
        : undefined;
  const end = closer === undefined ? endOfElement(xml, start) : xml.indexOf(closer, start);
  if (end === -1) throw new WrongAnswer('the answer breaks off');
  return closer === undefined ? end : end + closer.length - 1;
}

function endOfElement(xml: string, start: number): number {
  let at = start;
  for (;;) {
    const end = xml.indexOf('>', at);
    if (end === -1) return -1;
    // Within the tag alone: a search through the rest of the answer for every tag would take quadratic time.
    const quote = xml.slice(at, end).search(/["']/);
    if (quote === -1) return end;
    const close = xml.indexOf(xml[at + quote] ?? '', at + quote + 1);
    if (close === -1) return -1;
    at = close + 1;
  }
}

/** Follows the tags. Elements off the way are only counted. */
class Walk {
  private readonly stack: Open[] = [];
  private off = 0;
  /** Elements off the way. */
  others = 0;
  private rooted = false;
  private readonly way: readonly XmlStep[];

  constructor(way: readonly XmlStep[]) {
    this.way = way;
  }

  open(name: string): void {
    const step = this.way[this.stack.length];
    const parent = this.stack.at(-1);
    if (this.off > 0 || step === undefined || (parent === undefined && this.rooted)) {
      this.leave();
    } else if (name === step.element) {
      if (parent !== undefined) {
        parent.found += 1;
        if (step.kind === 'one' && parent.found > 1) throw new WrongAnswer(`<${parent.name}> holds <${name}> twice`);
      }
      this.rooted = true;
      this.stack.push({ name, found: 0 });
    } else if (parent === undefined) {
      throw new WrongAnswer(`the answer is <${name}>, not <${step.element}>`);
    } else if (step.kind === 'items') {
      throw new WrongAnswer(`<${parent.name}> holds <${name}> where only <${step.element}> belongs`);
    } else {
      this.leave();
    }
  }

  private leave(): void {
    this.off += 1;
    this.others += 1;
  }

  close(): void {
    if (this.off > 0) {
      this.off -= 1;
      return;
    }
    const element = this.stack.pop();
    const step = this.way[this.stack.length + 1];
    if (element === undefined) throw new WrongAnswer('the answer closes an element that is not open');
    if (step?.kind === 'one' && element.found === 0) throw new WrongAnswer(`<${element.name}> lacks <${step.element}>`);
  }

  text(text: string): void {
    const step = this.way[this.stack.length];
    const element = this.stack.at(-1);
    if (this.off > 0 || step?.kind !== 'items' || element === undefined || text.trim() === '') return;
    throw new WrongAnswer(`<${element.name}> holds text where only <${step.element}> belongs`);
  }

  end(): void {
    if (!this.rooted) throw new WrongAnswer('the answer is not XML');
    if (this.stack.length > 0 || this.off > 0) throw new WrongAnswer('the answer breaks off');
  }
}
