import { describe, expect, it } from 'vitest';
import { neededPermissions, type Permission, permissionsOfRules } from '../../src/access/needed-permissions.ts';
import {
  managedParts,
  managedPolicyLimit,
  oversize,
  policyDocument,
  policySize,
} from '../../src/access/policy-document.ts';
import { roleTemplate } from '../../src/access/role-cloudformation.ts';
import { roleModule } from '../../src/access/role-terraform.ts';
import type { Json } from '../../src/model/value.ts';
import { readTemplateText } from '../../src/sources/_template-text.ts';
import { loadCatalogue } from '../rule/catalogue.ts';

const { types } = await loadCatalogue();

function reader(id: string, reads: Readonly<Record<string, readonly string[]>>) {
  return { id, reads: new Map(Object.entries(reads).map(([type, paths]) => [type, new Set(paths)])) };
}

const actionsOf = (permissions: readonly Permission[]) => permissions.map(({ action }) => action);

describe('the permissions of a rule', () => {
  it.each([
    ['its listing', { 'AWS::EC2::SecurityGroup': ['GroupName'] }, ['ec2:DescribeSecurityGroups']],
    [
      'a call named otherwise than its action, and one that says where the resource is',
      { 'AWS::S3::Bucket': ['Name'] },
      ['s3:GetBucketLocation', 's3:ListAllMyBuckets'],
    ],
    [
      'a group, only when it is read',
      { 'AWS::S3::Bucket': ['Policy.Statement'] },
      ['s3:GetBucketLocation', 's3:GetBucketPolicy', 's3:ListAllMyBuckets'],
    ],
    [
      'the call that prepares a report',
      { 'AWS::IAM::User': ['CredentialReport.mfa_active'] },
      ['iam:GenerateCredentialReport', 'iam:GetAccountAuthorizationDetails', 'iam:GetCredentialReport'],
    ],
    [
      'the listings of its parents, by the prefix that IAM knows',
      { 'AWS::ElasticLoadBalancingV2::Listener': ['Port'] },
      ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeLoadBalancers'],
    ],
    [
      'S3 Control, under the prefix of S3',
      { 'AWS::S3::AccountPublicAccessBlock': [] },
      ['s3:GetAccountPublicAccessBlock'],
    ],
  ])('are those of %s', (_name, reads, actions) => {
    expect(actionsOf(permissionsOfRules([reader('a', reads)], types))).toEqual(actions);
  });

  it('name the calls that they allow and all rules that need them', () => {
    const rules = [reader('b', { 'AWS::S3::Bucket': ['Name'] }), reader('a', { 'AWS::S3::Bucket': ['Policy'] })];
    expect(permissionsOfRules(rules, types)).toEqual([
      { action: 's3:GetBucketLocation', calls: ['s3:GetBucketLocation'], rules: ['a', 'b'] },
      { action: 's3:GetBucketPolicy', calls: ['s3:GetBucketPolicy'], rules: ['a'] },
      { action: 's3:ListAllMyBuckets', calls: ['s3:ListBuckets'], rules: ['a', 'b'] },
    ]);
  });

  it('are those of a run, together with what every run asks', () => {
    expect(actionsOf(neededPermissions([], types))).toEqual(['ec2:DescribeRegions']);
  });
});

const some = neededPermissions(
  [
    reader('s3-bucket-tls-only', { 'AWS::S3::Bucket': ['Policy'] }),
    reader('sg-open', { 'AWS::EC2::SecurityGroup': [] }),
  ],
  types,
);

/** As many as no policy can hold. */
const many: readonly Permission[] = [
  ...neededPermissions([], types),
  ...Array.from({ length: 600 }, (_, index) => {
    const action = `service${String(index).padStart(3, '0')}:DescribeSomethingOfNote`;
    return { action, calls: [action], rules: ['a', 'b', 'c', 'd'] };
  }),
];

describe('an IAM policy', () => {
  it('allows the actions and says in its statements what they are for', () => {
    expect(policyDocument(some)).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'FindRegions', Effect: 'Allow', Action: ['ec2:DescribeRegions'], Resource: '*' },
        {
          Sid: 'ReadForRules',
          Effect: 'Allow',
          Action: ['ec2:DescribeSecurityGroups', 's3:GetBucketLocation', 's3:GetBucketPolicy', 's3:ListAllMyBuckets'],
          Resource: '*',
        },
      ],
    });
  });

  it('is split into parts that fit, in which nothing is lost and nothing stands twice', () => {
    const parts = managedParts(many);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flat()).toEqual(many);
    const sizes = parts.map((part) => policySize(policyDocument(part)));
    expect(sizes.filter((size) => size > managedPolicyLimit)).toEqual([]);
    // One that is not split is said to be too long, and no part is.
    expect(oversize(policyDocument(many))).toContain('and a managed policy has room for 6144');
    expect(parts.flatMap((part) => oversize(policyDocument(part)) ?? [])).toEqual([]);
    // Another action would not fit.
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(managedPolicyLimit - 60);
  });
});

/** The policies of a template, each by its actions, and the references of the role to them. */
async function contentsOf(text: string) {
  const { root } = await readTemplateText(Buffer.from(text), 'role.yaml');
  const { Resources } = root as unknown as { Resources: Record<string, { Type: string; Properties: Properties }> };
  const policies = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');
  const documents = policies.map(([, { Properties }]) => Properties.PolicyDocument.Statement);
  return {
    role: Resources.Role,
    names: policies.map(([name]) => name),
    parts: documents.map((statements) => statements.flatMap(({ Action }) => Action)),
  };
}

interface Properties {
  readonly ManagedPolicyArns: Json;
  readonly PolicyDocument: { readonly Statement: readonly { readonly Action: readonly string[] }[] };
}

describe('a CloudFormation template', () => {
  it.each([
    ['few', some],
    ['many', many],
  ])('of %s permissions is a role with all of its policies', async (_name, permissions) => {
    const { role, names, parts } = await contentsOf(roleTemplate(permissions));
    expect(parts).toEqual(managedParts(permissions).map(actionsOf));
    expect(role?.Type).toBe('AWS::IAM::Role');
    expect(role?.Properties.ManagedPolicyArns).toEqual(names.map((name) => ({ Ref: name })));
  });

  it('says behind each action which rules need it', () => {
    const text = roleTemplate(many);
    expect(text).toContain('- ec2:DescribeRegions # every run: which regions the account has\n');
    expect(text).toContain('- service007:DescribeSomethingOfNote # a, b, c, and 1 more\n');
  });
});

describe('a Terraform module', () => {
  it.each([
    ['few', some],
    ['many', many],
  ])('of %s permissions attaches each of its policies', (_name, permissions) => {
    const text = roleModule(permissions);
    const names = managedParts(permissions).map((_, index) => `proviso_${index + 1}`);
    for (const block of [
      'data "aws_iam_policy_document"',
      'resource "aws_iam_policy"',
      'resource "aws_iam_role_policy_attachment"',
    ])
      for (const name of names) expect(text).toContain(`${block} "${name}" {`);
    const listed = [...text.matchAll(/^ {6}"([\w-]+:\w+)", +# /gm)].map(([, action]) => action);
    expect(listed).toEqual(actionsOf(permissions));
    const opened = text.replaceAll(/"[^"]*"|#.*/g, '');
    for (const [open, close] of ['{}', '[]', '()'])
      expect(opened.split(open ?? '')).toHaveLength(opened.split(close ?? '').length);
    expect(text).not.toMatch(/undefined|[ \t]$/m);
  });
});
