import { beforeAll, describe, expect, it } from 'vitest';
import { planned } from '../../src/model/planned.ts';
import type { Json } from '../../src/model/value.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { judge, type Question, shippedQuestion } from '../scenarios/audited.ts';

let question: Question;
beforeAll(async () => {
  question = await shippedQuestion();
});

const arn = { 'Fn::GetAtt': ['Logs', 'Arn'] };
const below = (tail: string): Json => ({ 'Fn::Join': ['', [arn, tail]] });
const sub = (text: string): Json => ({ 'Fn::Sub': text });
const ref = (name: string) => `$\u007B${name}}`;

function template(resources: Json, properties: Json = {}, more: { readonly [id: string]: Json } = {}): Json {
  const statement = {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 's3:*',
    Resource: resources,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return {
    Parameters: { Suffix: { Type: 'String' } },
    Resources: {
      Logs: { Type: 'AWS::S3::Bucket', Properties: properties },
      LogsPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } },
      },
      ...more,
    },
  };
}

async function outcomeOf(root: Json): Promise<string | undefined> {
  const options = { ...question.catalogue, now: 0, account: '111122223333', region: 'eu-west-1' };
  const proposal = await readTemplate(Buffer.from(JSON.stringify(root)), 'template.json', options);
  const { results } = await judge(question, planned(proposal, options.types).after, 0);
  const own = results.filter(
    ({ rule, resource }) => rule === 's3-bucket-tls-only' && resource?.declared?.address === 'Logs',
  );
  return own[0]?.outcome;
}

const web = { Web: { Type: 'AWS::S3::Bucket' } };

describe('a policy that refers to its own bucket, which has no name yet,', () => {
  it.each<[string, Json, string]>([
    ['by Fn::GetAtt and Fn::Join', [arn, below('/*')], 'pass'],
    ['by Fn::Sub of the ARN', [sub(ref('Logs.Arn')), sub(`${ref('Logs.Arn')}/*`)], 'pass'],
    [
      'by Fn::Sub of the name',
      [sub(`arn:${ref('AWS::Partition')}:s3:::${ref('Logs')}`), sub(`arn:aws:s3:::${ref('Logs')}/*`)],
      'pass',
    ],
    ['by one pattern', below('*'), 'pass'],
    ['by the bucket alone', [arn], 'fail'],
    ['by its objects alone', [below('/*')], 'fail'],
    ['by some objects', [arn, below('/a/*')], 'fail'],
    ['half of it in another partition', [arn, sub(`arn:aws-cn:s3:::${ref('Logs')}/*`)], 'fail'],
    ['beside what nobody knows', [arn, sub(`arn:aws:s3:::${ref('Suffix')}/*`)], 'unknown'],
    ['by parts of its name', [{ 'Fn::Select': ['0', { 'Fn::Split': ['x', arn] }] }, below('/*')], 'unknown'],
    ['as Base64', [{ 'Fn::Base64': arn }, below('/*')], 'unknown'],
    ['under a name that may be its own', ['arn:aws:s3:::logs', 'arn:aws:s3:::logs/*'], 'unknown'],
    ['under patterns of names', ['arn:aws:s3:::????????*'], 'unknown'],
    ['and to all there are', ['arn:aws:s3:::*'], 'pass'],
  ])('%s, is judged', async (_what, resources, outcome) => {
    expect(await outcomeOf(template(resources))).toBe(outcome);
  });

  it('is not taken for one that refers to another bucket', async () => {
    const names = { 'Fn::GetAtt': ['Web', 'Arn'] };
    const all = template([names, { 'Fn::Join': ['', [names, '/*']] }], {}, web);
    expect(await outcomeOf(all)).toBe('unknown');
  });

  it('is judged alike where the name hangs on a parameter without a value', async () => {
    const properties = { BucketName: sub(`acme-${ref('Suffix')}`) };
    expect(await outcomeOf(template([arn, below('/*')], properties))).toBe('pass');
    expect(await outcomeOf(template([below('/*')], properties))).toBe('fail');
  });

  it('is judged by its name where that is written', async () => {
    const properties = { BucketName: 'acme-logs' };
    expect(await outcomeOf(template([arn, below('/*')], properties))).toBe('pass');
  });
});
