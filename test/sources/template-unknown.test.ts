import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { planned } from '../../src/model/planned.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/value.ts';
import { readTemplateText } from '../../src/sources/_template-text.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { judge, type Question, shippedQuestion } from '../scenarios/audited.ts';
import { aroundPath, expectOnlyDoubt, foldersWith, type Path, pathsIn } from './known-later.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');

let question: Question;

beforeAll(async () => {
  question = await shippedQuestion();
});

async function verdicts(template: JsonObject): Promise<ReadonlyMap<string, string>> {
  const options = { ...question.catalogue, now, account: '111122223333', region: 'eu-west-1' };
  const proposal = await readTemplate(Buffer.from(JSON.stringify(template)), 'template.json', options);
  const { results } = await judge(question, planned(proposal, options.types).after, now);
  return new Map(
    results.map(({ rule, resource, region, outcome }) => [`${rule} ${resource?.declared?.address ?? region}`, outcome]),
  );
}

/** The template with what stands at a path left to a parameter that nobody has given. */
function leftOpen(template: JsonObject, path: Path): JsonObject {
  const open = structuredClone({
    ...template,
    Parameters: { ...(isObject(template.Parameters) ? template.Parameters : {}), LeftOpen: { Type: 'String' } },
  }) as unknown as JsonObject;
  aroundPath(open.Resources ?? null, path)[path.at(-1) ?? ''] = { Ref: 'LeftOpen' };
  return open;
}

describe('whatever is left open in a template', () => {
  test.each(foldersWith('template.yaml'))('makes verdicts on %s unknown, and no other', async (folder) => {
    const bytes = readFileSync(new URL(`../fixtures/parity/${folder}/template.yaml`, import.meta.url));
    const { root } = await readTemplateText(bytes, 'template.yaml');
    const template = root as JsonObject;
    const before = await verdicts(template);
    let turned = 0;
    for (const path of pathsIn(template.Resources as Json)) {
      if (path.length < 2 || path[1] !== 'Properties') continue;
      turned += expectOnlyDoubt(before, await verdicts(leftOpen(template, path)), path.join('.'));
    }
    const isDecided = [...before.values()].some((outcome) => outcome === 'pass' || outcome === 'fail');
    if (isDecided) expect(turned).toBeGreaterThan(0);
  });
});
