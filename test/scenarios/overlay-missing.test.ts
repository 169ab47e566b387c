import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openChangeSet, readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from '../fixtures/plan.ts';
import { fixture } from '../sources/proposed.ts';
import { shippedQuestion } from './audited.ts';
import { account, gateProposal, now, region, snapshotOf } from './overlaid.ts';

test('what changes and is not in a whole snapshot is in doubt, whatever kind of document it is in', async () => {
  const question = await shippedQuestion();
  const options = { ...question.catalogue, now, account, region };
  const folder = await mkdtemp(join(tmpdir(), 'proviso-missing-'));
  const previous = join(folder, 'previous.json');
  const template = (Tags: object[]) =>
    JSON.stringify({ Resources: { Web: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'acme-web', Tags } } } });
  await writeFile(previous, template([]));
  const tags = [{ Key: 'Team', Value: 'web' }];
  const state = { bucket: 'acme-web', id: 'acme-web', tags: {} };
  const proposals = [
    readTerraformPlan(planOf({ 'aws_s3_bucket.web': { actions: ['delete'], before: state } }), 'plan.json', options),
    await readTemplate(Buffer.from(template(tags)), 'next.json', { ...options, previous }),
    await openChangeSet(fixture('change-sets/web.json'), { ...question.catalogue, now }),
  ];
  await rm(folder, { recursive: true });
  for (const proposal of proposals) {
    const { assessment } = await gateProposal(question, proposal, snapshotOf(question, []));
    const details = assessment.gate?.doubts.filter(({ code }) => code === 'elsewhere').map(({ detail }) => detail);
    expect(details?.join()).toMatch(/ (is|are) not in the snapshot: /);
  }
});
