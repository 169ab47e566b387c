import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { planned } from '../../src/model/planned.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/value.ts';
import { readTemplateText } from '../../src/sources/_template-text.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { aroundPath, expectOnlyDoubt, knowLater, pathsIn } from '../sources/known-later.ts';
import { judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const place = { account: '111122223333', region: 'eu-west-1' };
const parity = new URL('../fixtures/parity/', import.meta.url);
// The sources' own tests go through these.
const elsewhere = ['ec2-security-group', 's3-bucket', 'elastic-load-balancing-v2-listener'];
const foldersWith = (file: string) =>
  readdirSync(parity).filter(
    (folder) => existsSync(new URL(`${folder}/${file}`, parity)) && !elsewhere.includes(folder),
  );

let question: Question;

beforeAll(async () => {
  question = await shippedQuestion();
});

async function verdictsOn(proposal: Proposal): Promise<Map<string, string>> {
  const { after } = planned(proposal, question.catalogue.types);
  const { results } = await judge(question, after, now);
  return new Map(
    results.map(({ rule, resource, region, outcome }) => [`${rule} ${resource?.declared?.address ?? region}`, outcome]),
  );
}

const bytesOf = (document: object) => Buffer.from(JSON.stringify(document));

function plannedVerdicts(plan: object) {
  return verdictsOn(readTerraformPlan(bytesOf(plan), 'plan.json', { ...question.catalogue, ...place, now }));
}

async function templated(template: object) {
  return verdictsOn(await readTemplate(bytesOf(template), 'template.json', { ...question.catalogue, ...place, now }));
}

describe('whatever becomes unknown', () => {
  test.each(foldersWith('plan.json'))('in the plan of %s makes verdicts unknown, and no other', async (folder) => {
    const text = readFileSync(new URL(`${folder}/plan.json`, parity), 'utf8');
    const before = await plannedVerdicts(JSON.parse(text));
    expect(before.size).toBeGreaterThan(0);
    const changes = JSON.parse(text).resource_changes as { change: { after: Json } }[];
    for (const [index, { change }] of changes.entries())
      for (const path of pathsIn(change.after)) {
        const plan = JSON.parse(text);
        knowLater(plan.resource_changes[index].change, path);
        expectOnlyDoubt(before, await plannedVerdicts(plan), `${index} ${path.join('.')}`);
      }
  });

  test.each(foldersWith('template.yaml'))(
    'in the template of %s makes verdicts unknown, and no other',
    async (folder) => {
      const bytes = readFileSync(new URL(`${folder}/template.yaml`, parity));
      const { root } = await readTemplateText(bytes, 'template.yaml');
      const { Parameters, ...rest } = root as JsonObject;
      const whole = {
        ...rest,
        Parameters: { ...(isObject(Parameters) ? Parameters : {}), NotKnownYet: { Type: 'String' } },
      };
      const before = await templated(whole);
      expect(before.size).toBeGreaterThan(0);
      for (const path of pathsIn((root as JsonObject).Resources)) {
        if (path.length < 3 || path[1] !== 'Properties') continue;
        const template = structuredClone(whole) as { Resources?: Json };
        aroundPath(template.Resources ?? null, path)[path.at(-1) ?? ''] = { Ref: 'NotKnownYet' };
        expectOnlyDoubt(before, await templated(template), path.join('.'));
      }
    },
  );
});
