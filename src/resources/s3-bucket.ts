import { decodeDocument } from '../model/decode-document.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { type Json, unknown } from '../model/value.ts';

/** The oldest region has no constraint, and the oldest European one is written `EU`. */
function regionOf(constraint: Json | undefined): string {
  if (constraint === undefined || constraint === null || constraint === '') return 'us-east-1';
  if (typeof constraint !== 'string') throw new Error('the location constraint is not a text');
  return constraint === 'EU' ? 'eu-west-1' : constraint;
}

export const resourceType: ResourceType = {
  type: 'AWS::S3::Bucket',
  noun: 'S3 bucket',
  reach: 'region',
  id: 'Name',
  name: 'Name',
  arn: 'arn:{partition}:s3:::{Name}',
  always: ['Name', 'CreationDate', 'BucketRegion'],
  listing: {
    call: {
      service: 's3',
      operation: 'ListBuckets',
      permission: 's3:ListAllMyBuckets',
      // S3 names the buckets' regions only where it is asked for pages. The largest page holds as many buckets as an
      // answer without pages can, so that an endpoint which cannot page loses nothing.
      pageSize: 10_000,
    },
    items: 'Buckets[]',
    region: {
      property: 'BucketRegion',
      otherwise: {
        call: { service: 's3', operation: 'GetBucketLocation', input: { Bucket: { from: 'Name' } } },
        value: 'LocationConstraint',
        keep: regionOf,
      },
    },
  },
  groups: {
    Policy: {
      call: {
        service: 's3',
        operation: 'GetBucketPolicy',
        input: { Bucket: { from: 'Name' } },
        absent: ['NoSuchBucketPolicy'],
      },
      value: 'Policy',
      shape: 'policy',
      keep: (value) => decodeDocument(value) ?? unknown('failed', 'the answer has no policy'),
    },
  },
};
