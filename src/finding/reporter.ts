import type { Gate } from './exit.ts';
import type { Assessment, Results } from './finding.ts';

/** Paints a text; plain reports leave it as it is. */
export type Paint = (text: string) => string;

/** The colours that a report may use, under picocolors' names. No meaning depends on them. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
}

const asIs: Paint = (text) => text;

export const noColours: Colours = { bold: asIs, dim: asIs, red: asIs, yellow: asIs, green: asIs, cyan: asIs };

export interface ReportOptions {
  /** What made the run red or not; a report says so and never decides it. */
  readonly gate: Gate;
  readonly colours: Colours;
  /**
   * Folder of the policy, with a slash at its end, from the one in which the run was started; left out when it lies
   * elsewhere. For formats whose reader opens files.
   */
  readonly policyFolder?: string;
  /** The folder that keeps the run's results, as the user named it; left out where nothing is kept. */
  readonly runFolder?: string;
}

/** A report format. A file of `src/reporters/` exports one as `reporter`. */
export interface Reporter {
  /** As given to `--format`. */
  readonly name: string;
  /** Of files in this format, with the dot. */
  readonly extension: string;
  /** One phrase for help. */
  readonly title: string;
  /** Pure: the same arguments give the same text, in portions. Results are read once and never kept as a whole. */
  render(assessment: Assessment, results: Results, options: ReportOptions): AsyncIterable<string>;
}
