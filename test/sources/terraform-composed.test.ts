import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/value.ts';
import { readTerraformSources } from '../../src/sources/_terraform-sources.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { changeAt, known } from './proposed.ts';

let temp: string;
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'proviso-composed-'));
});
afterAll(() => rm(temp, { recursive: true, force: true }));

const bucket = 'aws_s3_bucket.logs';
const policy = 'aws_s3_bucket_policy.logs';
const toBucket = [`${bucket}.id`, bucket];
const changes = (more: Partial<PlannedChange> = {}): Readonly<Record<string, PlannedChange>> => ({
  [bucket]: { after: { bucket: 'acme-logs' }, unknown: { id: true, policy: true }, written: { bucket: [] } },
  [policy]: {
    after: { policy: '{"Statement":[]}' },
    unknown: { bucket: true },
    written: { bucket: toBucket, policy: [] },
    ...more,
  },
});

type Files = Readonly<Record<string, string>>;

/** What is told of the bucket's policy, by the files behind the plan. */
async function told(files: Files | undefined, plan = changes()) {
  const folder = await mkdtemp(join(temp, 'run-'));
  for (const [name, text] of Object.entries(files ?? {})) await writeFile(join(folder, name), text);
  const sources = await readTerraformSources(folder, undefined, folder);
  const options = { ...(await known()), ...(files === undefined ? {} : { sources }) };
  const { after } = changeAt(readTerraformPlan(planOf(plan), 'plan.json', options), bucket);
  const gap = after?.gaps?.Policy;
  return gap === undefined ? ((after?.properties.Policy ?? 'none') as JsonObject | string) : gap.reason;
}

const written = (expression: string): Files => ({
  'main.tf': `resource "aws_s3_bucket_policy" "logs" {\n  bucket = ${expression}\n}\n`,
});
const decoded = { Statement: [] };
const open = 'known-after-apply';

describe('a reference through modules', () => {
  it.each<[string, string, string, boolean]>([
    ['is plain where all of them hand it on', 'module.store.id', `${bucket}.id`, true],
    ['is none by a composed output', 'module.store.id', `"\${${bucket}.id}-x"`, false],
    ['is none by an output that is not there', 'module.store.name', `${bucket}.id`, false],
    ['is none by a composed argument', '"${module.store.id}-x"', `${bucket}.id`, false],
    ['is none by a local value', 'local.id', `${bucket}.id`, false],
  ])('%s', async (_, argument, output, expected) => {
    const folder = await mkdtemp(join(temp, 'modules-'));
    const modules = { store: `output "id" {\n  value = ${output}\n}\n`, guard: written('var.bucket')['main.tf'] ?? '' };
    for (const [name, text] of Object.entries(modules)) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'main.tf'), text);
    }
    const calls = `module "store" {\n  source = "./store"\n}\nmodule "guard" {\n  source = "./guard"\n  bucket = ${argument}\n}\n`;
    await writeFile(join(folder, 'main.tf'), calls);
    const sources = await readTerraformSources(folder, undefined, folder);
    expect(sources.isReference(`module.guard.${policy}`, 'bucket')).toBe(expected);
  });
});

describe('a policy of a bucket whose name is not known yet', () => {
  it.each<[string, Files | undefined, object | string]>([
    ['is its own by a plain reference', written(`${bucket}.id`), decoded],
    ['is its own by a plain reference with an index', written(`${bucket}[0].id # own`), decoded],
    [
      'is its own by a plain reference in JSON',
      { 'main.tf.json': `{"resource":{"aws_s3_bucket_policy":{"logs":{"bucket":"\${${bucket}.id}"}}}}` },
      decoded,
    ],
    [
      'may be that of another in JSON',
      { 'main.tf.json': `{"resource":{"aws_s3_bucket_policy":{"logs":{"bucket":"\${${bucket}.id}-x"}}}}` },
      open,
    ],
    ['may be that of another by a text around it', written(`"\${${bucket}.id}-x"`), open],
    ['may be that of another by a function', written(`replace(${bucket}.id, "a", "b")`), open],
    ['may be that of another by a choice', written(`true ? "acme-x" : ${bucket}.id`), open],
    [
      'may be that of another where it is written twice',
      { ...written(`${bucket}.id`), 'b_override.tf': written(`"\${${bucket}.id}-x"`)['main.tf'] ?? '' },
      open,
    ],
    ['may be that of another without files', undefined, open],
    ['may be that of another where the files do not have it', { 'main.tf': '' }, open],
  ])('%s', async (_, files, expected) => {
    expect(await told(files)).toEqual(expected);
  });

  it.each([
    ['acme-logs', decoded],
    ['acme-logs-x', 'none'],
  ])('is its own by the name %s, without files', async (name, expected) => {
    const after = { policy: '{"Statement":[]}', bucket: name };
    expect(await told(undefined, changes({ after, unknown: {} }))).toEqual(expected);
  });
});
