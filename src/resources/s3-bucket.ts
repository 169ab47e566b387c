import { bornAt } from '../model/declared-additions.ts';
import { regionOf as regionOfBlock } from '../model/declared-place.ts';
import { chosen, doubtOf, onlyPolicy, unsettledPart } from '../model/declared-policy.ts';
import { decodeDocument } from '../model/decode-document.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { withParts } from '../model/text-parts.ts';
import { isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

/** The oldest region has no constraint, and the oldest European one is written `EU`. */
function regionOf(constraint: Json | undefined): string {
  if (constraint === undefined || constraint === null || constraint === '') return 'us-east-1';
  if (typeof constraint !== 'string') throw new Error('the location constraint is not a text');
  return constraint === 'EU' ? 'eu-west-1' : constraint;
}

/**
 * A new bucket has no policy but the one that is declared. What an existing one has is in the state, be it declared
 * elsewhere or not.
 */
function plannedPolicy(block: Block, satellites: readonly Block[], doubtful: readonly Block[]): Declared {
  const policies = satellites.filter(({ isRemoved }) => !isRemoved).map(({ values }) => values.policy);
  const own = block.values.policy;
  const isWritten = block.written === undefined || block.written.has('policy');
  const unsettled = unsettledPart(block, satellites);
  if (unsettled !== undefined) return unsettled;
  if (policies.length > 0 || doubtful.length > 0 || satellites.length > 0)
    return onlyPolicy(isWritten && typeof own === 'string' ? [own, ...policies] : policies, doubtOf(doubtful));
  if (isUnknown(own) && block.isNew && !isWritten) return undefined;
  if (own === '') return undefined;
  return onlyPolicy(own === undefined || own === null ? [] : [own], undefined);
}

/** A bucket lies where it is made, if nothing else is said. */
function plannedRegion(block: Block): Declared {
  const { bucket_region: told, region } = block.values;
  const known = [told, region].find((value) => typeof value === 'string' && value !== '');
  return known ?? (block.isNew ? regionOfBlock(block) : chosen(region, 'its region'));
}

function facts(block: Block, written: Declared): JsonObject {
  const name = chosen(written, 'its name');
  const partition = block.place?.partition;
  const isNamed = typeof name === 'string' && partition !== undefined;
  return {
    Name: name,
    BucketArn: isNamed ? `arn:${partition}:s3:::${name}` : isUnknown(name) ? name : undefined,
    CreationDate: bornAt(block),
  };
}

const born = ['CreationDate'];

const terraform: TerraformForm = {
  main: ['aws_s3_bucket'],
  identity: ['bucket', 'id'],
  satellites: { aws_s3_bucket_policy: [{ joins: 'bucket' }] },
  groups: ['Policy'],
  born,
  setBy: {
    Name: ['bucket', 'bucket_prefix'],
    BucketRegion: ['region'],
    Policy: ['aws_s3_bucket_policy.policy', 'policy'],
  },
  properties(block, satellites, doubtful) {
    return {
      ...facts(block, block.values.bucket),
      BucketRegion: plannedRegion(block),
      Policy: plannedPolicy(block, satellites, doubtful),
    };
  },
};

const cloudformation: CloudFormationForm = {
  replacement: { always: ['BucketName', 'BucketNamePrefix', 'BucketNamespace'] },
  ref: 'BucketName',
  attributes: { Arn: 'arn:{partition}:s3:::{ref}' },
  satellites: { 'AWS::S3::BucketPolicy': [{ joins: 'Bucket' }] },
  groups: ['Policy'],
  born,
  setBy: { Name: ['BucketName'], Policy: ['AWS::S3::BucketPolicy.PolicyDocument'] },
  properties(block, satellites, doubtful) {
    const policies = satellites.filter(({ isRemoved }) => !isRemoved).map(({ values }) => values.PolicyDocument);
    const told = facts(block, block.values.BucketName);
    const { Name: name } = told;
    const isChosen = isUnknown(name) && name.$unknown === 'known-after-apply';
    return {
      ...told,
      ...(isChosen ? { Name: withParts(name, [{ nameOf: block.address }]) } : {}),
      BucketRegion: regionOfBlock(block),
      Policy: unsettledPart(block, satellites) ?? onlyPolicy(policies, doubtOf(doubtful)),
    };
  },
};

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
  terraform,
  cloudformation,
};
