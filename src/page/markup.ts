/** An element of the page as data. The report writes it as HTML, the page's script makes it a node: both say the same. */
export interface Markup {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly (Markup | string)[];
}

export type Attributes = Readonly<Record<string, string>>;

/** What an element may be given to hold; nothing stands for nothing. */
export type Content = Markup | string | undefined | readonly Content[];

function flat(content: Content): readonly (Markup | string)[] {
  if (content === undefined) return [];
  return typeof content === 'string' || 'tag' in content ? [content] : content.flatMap(flat);
}

export function h(tag: string, attributes: Attributes, ...contents: readonly Content[]): Markup {
  return { tag, attributes, children: contents.flatMap(flat) };
}

/** A link to a place in the page, by the place's id. */
export function linkTo(id: string, attributes: Attributes, ...contents: readonly Content[]): Markup {
  return h('a', { href: `#${encodeURIComponent(id)}`, ...attributes }, contents);
}
