export type State = 'broken' | 'mended';

/** What must be said of something while it is broken, and once it is mended. */
export interface Expected {
  readonly id: string;
  readonly region?: string;
  readonly trap: string;
  readonly outcomes: readonly [broken: string, mended: string];
}
