import type { Reporter } from '../finding/reporter.ts';
import { resultLine, visibleJson } from '../finding/result-line.ts';
import { byCodeUnit } from '../model/value.ts';

/** One JSON document: the summary's members and `results`, in the order of their names, a result a line. */
export const reporter: Reporter = {
  name: 'json',
  extension: '.json',
  title: 'one JSON document with the summary and every result',
  async *render(assessment, results) {
    const members = [...Object.entries(assessment), ['results', undefined] as const];
    members.sort(([a], [b]) => byCodeUnit(a, b));
    let before = '{\n';
    for (const [name, value] of members) {
      if (name === 'results') {
        yield `${before}"results":[`;
        let comma = '\n';
        for await (const batch of results) {
          if (batch.length > 0) yield comma + batch.map(resultLine).join(',\n');
          if (batch.length > 0) comma = ',\n';
        }
        yield '\n]';
      } else yield `${before}${JSON.stringify(name)}:${visibleJson(value)}`;
      before = ',\n';
    }
    yield '\n}\n';
  },
};
