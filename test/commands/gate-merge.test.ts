import { expect, test } from 'vitest';
import { mergeProposals } from '../../src/commands/_gate-merge.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { known } from '../sources/proposed.ts';

async function proposed(name: string, Effect: string) {
  const Properties = {
    Bucket: 'acme-data',
    PolicyDocument: { Statement: [{ Effect, Principal: '*', Action: 's3:*' }] },
  };
  const document = { Resources: { Policy: { Type: 'AWS::S3::BucketPolicy', Properties } } };
  const options = { ...(await known()), account: '111122223333', region: 'eu-west-1', prefix: `${name}/` };
  return readTemplate(Buffer.from(JSON.stringify(document)), name, options);
}

test('what two templates set differently is not known, and in doubt', async () => {
  const { changes, doubts } = mergeProposals(await proposed('a.json', 'Allow'), [await proposed('b.json', 'Deny')]);
  const gap = { reason: 'known-after-apply', detail: 'several documents set it differently' };
  expect(changes.map(({ after }) => [after?.properties.Policy, after?.gaps?.Policy])).toEqual([
    [undefined, gap],
    [undefined, gap],
  ]);
  const detail = 'a.json/Policy, b.json/Policy set Policy of acme-data differently: whichever is deployed last counts';
  expect(doubts).toEqual([{ code: 'incomplete', detail }]);
});

test('what two templates set alike stands', async () => {
  const { changes, doubts } = mergeProposals(await proposed('a.json', 'Deny'), [await proposed('b.json', 'Deny')]);
  expect(changes.map(({ after }) => after?.properties.Policy)).toMatchObject([{}, {}]);
  expect(doubts).toEqual([]);
});
