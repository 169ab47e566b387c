import { beforeAll, describe, expect, test } from 'vitest';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { type Question, shippedQuestion } from './audited.ts';
import { account, gateProposal, live, now, region, snapshotOf } from './overlaid.ts';

let question: Question;
beforeAll(async () => {
  question = await shippedQuestion();
});

function group(stack: string, logical: string) {
  const Tags = [
    { Key: 'aws:cloudformation:stack-name', Value: stack },
    { Key: 'aws:cloudformation:logical-id', Value: logical },
  ];
  const facts = { GroupId: 'sg-1', GroupName: 'web', Description: 'web', OwnerId: account, VpcId: 'vpc-1' };
  const rules = { IpPermissions: [], IpPermissionsEgress: [], Tags };
  return live('AWS::EC2::SecurityGroup', 'sg-1', { ...facts, ...rules }, { PrefixLists: [] });
}

async function doubts(stack: string | undefined, records: readonly ReturnType<typeof live>[]) {
  const options = { ...question.catalogue, now, account, region, ...(stack === undefined ? {} : { stack }) };
  const Resources = { Web: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'web' } } };
  const proposal = await readTemplate(Buffer.from(JSON.stringify({ Resources })), 'template.json', options);
  const { assessment } = await gateProposal(question, proposal, snapshotOf(question, records));
  return (assessment.gate?.doubts ?? []).map(({ detail }) => detail);
}

describe('a template over a live account', () => {
  test('that may be that of a stack there is in doubt, and the stack is named', async () => {
    expect(await doubts(undefined, [group('web', 'Web')])).toEqual([
      "stack web has resources of this template's logical ids, and it was judged as a new stack: give --stack web if it is for that one",
    ]);
  });

  test.each([
    ['of a new stack', undefined, []],
    ['of a new stack beside others', undefined, ['api', 'Api']],
    ['of the stack that is named', 'web', ['web', 'Web']],
  ] as const)('%s raises none', async (_, stack, [name, logical]) => {
    expect(await doubts(stack, name === undefined ? [] : [group(name, logical ?? '')])).toEqual([]);
  });

  test('is in doubt where the stack that is named has nothing there', async () => {
    expect(await doubts('web', [group('api', 'Web')])).toEqual([
      'the snapshot has nothing of stack web; leave --stack out if it is new',
    ]);
  });
});
