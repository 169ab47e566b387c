import type { ResourceType } from '../model/resource-type.ts';
import { trailAlways, trailGroups } from './_trail.ts';
import { cloudformation, terraform } from './_trail-forms.ts';

export const resourceType: ResourceType = {
  type: 'AWS::CloudTrail::Trail',
  noun: 'trail',
  reach: 'region',
  id: 'TrailARN',
  name: 'Name',
  arn: 'TrailARN',
  always: trailAlways,
  listing: {
    // Each trail in its own region alone: with its shadows, one of all regions would be found in each of them.
    call: { service: 'cloudtrail', operation: 'DescribeTrails', input: { includeShadowTrails: false } },
    items: 'trailList[]',
  },
  groups: trailGroups,
  terraform,
  cloudformation,
};
