import type { Reporter } from '../finding/reporter.ts';
import { resultLine, visibleJson } from '../finding/result-line.ts';

/** A result a line, for streams; the last line is the summary, which is known when all results are. */
export const reporter: Reporter = {
  name: 'ndjson',
  extension: '.ndjson',
  title: 'one JSON line a result, the summary last',
  async *render(assessment, results) {
    for await (const batch of results) if (batch.length > 0) yield `${batch.map(resultLine).join('\n')}\n`;
    yield `${visibleJson(assessment)}\n`;
  },
};
