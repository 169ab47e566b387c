import { noColours, type Reporter, type ReportOptions } from '../../src/finding/reporter.ts';
import type { Run } from '../fixtures/acme-run.ts';

/** The whole text of a report. */
export async function render(reporter: Reporter, run: Run, options: Partial<ReportOptions> = {}): Promise<string> {
  const gate = { failOn: 'info', onUnknown: 'fail' } as const;
  let text = '';
  const portions = reporter.render(run.assessment, [run.results], { gate, colours: noColours, ...options });
  for await (const portion of portions) text += portion;
  return text;
}
