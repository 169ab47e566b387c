import { Readable } from 'node:stream';
import { DescribeInstances$, DescribeSecurityGroups$ } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancers$ } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetBucketLocation$, ListBuckets$, ListObjectVersions$ } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operationSchema, type Protocol, protocolOf, valuesAt, xmlWay } from '../../src/aws/answer-path.ts';
import { classify } from '../../src/aws/classify.ts';
import { envelopeCheck, isForeign } from '../../src/aws/envelope.ts';
import { permissionOf } from '../../src/aws/permission.ts';
import { toJson, WrongAnswer } from '../../src/aws/to-json.ts';
import { checkOutline } from '../../src/aws/xml-outline.ts';

const check = (schema: unknown, protocol: Protocol, path: string, xml: string) =>
  checkOutline(xml, xmlWay(operationSchema(schema), protocol, path));

describe('an XML answer is an answer', () => {
  it.each([
    [
      'an empty list',
      DescribeSecurityGroups$,
      'ec2Query',
      'SecurityGroups[]',
      '<DescribeSecurityGroupsResponse><requestId>1</requestId><securityGroupInfo/></DescribeSecurityGroupsResponse>',
    ],
    [
      'a list',
      DescribeSecurityGroups$,
      'ec2Query',
      'SecurityGroups[]',
      '<?xml version="1.0"?>\n<!-- x > y --><DescribeSecurityGroupsResponse xmlns="http://a>b"><securityGroupInfo>\n <item><groupName>a</groupName></item> <item/></securityGroupInfo></DescribeSecurityGroupsResponse>',
    ],
    [
      'a list in lists',
      DescribeInstances$,
      'ec2Query',
      'Reservations[].Instances[]',
      '<DescribeInstancesResponse><reservationSet><item><instancesSet><item/></instancesSet></item><item><instancesSet/></item></reservationSet></DescribeInstancesResponse>',
    ],
    [
      'a query result',
      DescribeLoadBalancers$,
      'awsQuery',
      'LoadBalancers[]',
      '<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers><member/></LoadBalancers></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>',
    ],
    [
      'a REST list',
      ListBuckets$,
      'restXml',
      'Buckets[]',
      '<ListAllMyBucketsResult><Buckets><Bucket/></Buckets></ListAllMyBucketsResult>',
    ],
    [
      'a list without an element of its own, empty',
      ListObjectVersions$,
      'restXml',
      'Versions[]',
      '<ListVersionsResult><Name>acme-logs</Name></ListVersionsResult>',
    ],
    [
      'a location',
      GetBucketLocation$,
      'restXml',
      'LocationConstraint',
      '<LocationConstraint>eu-west-1</LocationConstraint>',
    ],
    ['an empty location', GetBucketLocation$, 'restXml', 'LocationConstraint', '<LocationConstraint xmlns="x"/>'],
  ] as const)('with %s', (_, schema, protocol, path, xml) => {
    expect(() => check(schema, protocol, path, xml)).not.toThrow();
  });
});

describe('an XML answer is refused', () => {
  const groups = (inner: string) => `<DescribeSecurityGroupsResponse>${inner}</DescribeSecurityGroupsResponse>`;
  it.each([
    ['another root', '<DescribeVpcsResponse><securityGroupInfo/></DescribeVpcsResponse>', /is <DescribeVpcsResponse>/],
    ['no list', groups('<requestId>1</requestId>'), /lacks <securityGroupInfo>/],
    ['no list in an empty root', '<DescribeSecurityGroupsResponse/>', /lacks <securityGroupInfo>/],
    ['the list elsewhere', groups('<more><securityGroupInfo/></more>'), /lacks <securityGroupInfo>/],
    ['the list twice', groups('<securityGroupInfo/><securityGroupInfo/>'), /twice/],
    ['other things in the list', groups('<securityGroupInfo><member/></securityGroupInfo>'), /holds <member>/],
    ['text in the list', groups('<securityGroupInfo>none</securityGroupInfo>'), /holds text/],
    ['hidden text in the list', groups('<securityGroupInfo><![CDATA[none]]></securityGroupInfo>'), /holds text/],
    ['its end missing', '<DescribeSecurityGroupsResponse><securityGroupInfo/>', /breaks off/],
    ['half a tag', '<DescribeSecurityGroupsResponse><securityGroup', /breaks off/],
    ['no XML', 'hello', /not XML/],
    ['nothing but a comment', '<!-- hello -->', /not XML/],
  ])('with %s', (_, xml, message) => {
    expect(() => check(DescribeSecurityGroups$, 'ec2Query', 'SecurityGroups[]', xml)).toThrow(message);
  });

  it('wherever it is cut', () => {
    const whole = groups('<securityGroupInfo><item><groupName>a</groupName></item></securityGroupInfo>');
    for (let end = 0; end < whole.length; end += 1) {
      expect(() => check(DescribeSecurityGroups$, 'ec2Query', 'SecurityGroups[]', whole.slice(0, end))).toThrow(
        WrongAnswer,
      );
    }
  });

  it('or accepted, but never anything else is thrown', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '"',
      "'",
      'item',
      'securityGroupInfo',
      '<!--',
      '-->',
      '<![CDATA[',
      ' ',
      '<?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          check(DescribeSecurityGroups$, 'ec2Query', 'SecurityGroups[]', pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(WrongAnswer);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the values at a path', () => {
  const operation = operationSchema(DescribeInstances$);
  const at = (answer: unknown, path: string) => valuesAt(answer, operation, protocolOf('aws.protocols#ec2Query'), path);

  it('are flattened through lists', () => {
    const answer = { Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }, { Instances: [] }, { Instances: [{}] }] };
    expect(at(answer, 'Reservations[].Instances[]')).toEqual([{ InstanceId: 'i-1' }, {}]);
  });

  it.each([
    ['a missing list', {}],
    ['a null list', { Reservations: null }],
    ['an object for a list', { Reservations: { item: [] } }],
    ['a text for an item', { Reservations: ['r-1'] }],
    ['a list missing in an item', { Reservations: [{ Instances: [] }, {}] }],
    ['null for an item', { Reservations: [null] }],
  ])('are refused with %s', (_, answer) => {
    expect(() => at(answer, 'Reservations[].Instances[]')).toThrow(WrongAnswer);
  });

  it('are refused where the operation has no such member', () => {
    expect(() => at({ Vpcs: [] }, 'Vpcs[]')).toThrow(/no place for Vpcs/);
  });
});

describe('conversion to JSON', () => {
  it('keeps times, bytes, texts and names, and drops what is undefined', () => {
    const answer = {
      At: new Date(0),
      Bytes: new Uint8Array([1, 2]),
      Big: 12n,
      Gone: undefined,
      $metadata: {},
      Null: null,
    };
    const json = { At: '1970-01-01T00:00:00.000Z', Bytes: 'AQI=', Big: 12, Null: null };
    expect(toJson(answer)).toEqual(json);
    expect(Object.keys(toJson(answer) as object)).toEqual(Object.keys(json));
  });

  it('does not touch prototypes', () => {
    const answer = JSON.parse('{"tags":{"__proto__":{"polluted":"yes"}}}') as unknown;
    const json = toJson(answer) as { tags: { polluted?: string } };
    expect(json.tags.polluted).toBeUndefined();
    expect(Object.keys(json.tags)).toEqual(['__proto__']);
  });

  it.each([
    ['not a number', Number.NaN],
    ['endless', Number.POSITIVE_INFINITY],
    ['no time', new Date('none')],
    ['code', () => 1],
    ['posing as a value that was not collected', { $unknown: 'denied' }],
  ])('refuses what is %s', (_, value) => {
    expect(() => toJson({ value })).toThrow(WrongAnswer);
  });

  it('refuses what is nested too deep', () => {
    let nested: object = {};
    for (let i = 0; i < 200; i += 1) nested = { nested };
    expect(() => toJson(nested)).toThrow(/nested deeper/);
  });
});

describe('what is AWS', () => {
  it.each([
    ['ec2.eu-west-1.amazonaws.com', false],
    ['111122223333.s3-control.us-east-1.amazonaws.com', false],
    ['sts.cn-north-1.amazonaws.com.cn', false],
    ['ec2.eu-west-1.api.aws', false],
    ['localhost', true],
    ['203.0.113.7', true],
    ['amazonaws.com.example.com', true],
    ['notamazonaws.com', true],
  ])('%s: foreign is %s', (host, foreign) => {
    expect(isForeign(host)).toBe(foreign);
  });
});

describe('an answer in pieces', () => {
  const envelope = (limits: { idle: number; largest: number }) => ({
    operation: operationSchema(ListBuckets$),
    protocol: 'restXml' as const,
    path: 'Buckets[]',
    ...limits,
  });
  const answer = async (limits: { idle: number; largest: number }, body: unknown) =>
    envelopeCheck(envelope(limits))(async () => ({ response: { statusCode: 200, headers: {}, body } }))({
      request: { hostname: 'localhost' },
    });

  it('is refused when it is too large', async () => {
    const body = Readable.from([Buffer.alloc(600), Buffer.alloc(600)]);
    await expect(answer({ idle: 1000, largest: 1000 }, body)).rejects.toThrow(/larger than 1000 bytes/);
  });

  it('ends when it stalls in the middle', async () => {
    const body = new Readable({ read: () => undefined });
    body.push('<ListAllMy');
    await expect(answer({ idle: 20, largest: 1000 }, body)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('an error that nobody in AWS spoke', () => {
  const html = { status: 403, html: true, foreign: false, filled: true };
  const unread = Object.assign(new SyntaxError('Unexpected token <'), { $metadata: { httpStatusCode: 403 } });
  it('is a failure, even where its status says forbidden', () => {
    expect(classify(unread, html, [])).toMatchObject({ verdict: 'unreadable', message: expect.stringMatching(/HTML/) });
  });
  it('never means that nothing is configured', () => {
    const missing = Object.assign(new Error('x'), { name: 'NotFound', $metadata: { httpStatusCode: 404 } });
    expect(classify(missing, { ...html, status: 404 }, ['NotFound']).verdict).not.toBe('absent');
  });
  it('of an unknown kind is a failure', () => {
    expect(classify('boom', undefined, [])).toMatchObject({ verdict: 'failed', name: 'Error' });
  });
});

describe('the permission of a call', () => {
  it.each([
    [{ service: 'ec2', operation: 'DescribeInstances' }, 'ec2:DescribeInstances'],
    [{ service: 's3-control', operation: 'GetPublicAccessBlock' }, 's3:GetPublicAccessBlock'],
    [{ service: 'elastic-load-balancing-v2', operation: 'DescribeRules' }, 'elasticloadbalancing:DescribeRules'],
    [{ service: 's3', operation: 'ListBuckets', permission: 's3:ListAllMyBuckets' }, 's3:ListAllMyBuckets'],
    [{ service: 'constructor', operation: 'X' }, 'constructor:X'],
  ])('%o is %s', (call, permission) => {
    expect(permissionOf(call)).toBe(permission);
  });
});
