import type { ResourceType } from '../model/resource-type.ts';
import { isObject } from '../model/value.ts';
import { trailAlways, trailGroups } from './_trail.ts';

export const resourceType: ResourceType = {
  type: 'AWS::CloudTrail::OrganizationTrail',
  noun: 'trail of the organisation',
  invented:
    'A trail that the organisation has in all of its accounts, as one of them sees it: a shadow of what lies in the management account.',
  reach: 'global',
  id: 'TrailARN',
  name: 'Name',
  arn: 'TrailARN',
  always: trailAlways,
  listing: {
    call: { service: 'cloudtrail', operation: 'DescribeTrails', input: { includeShadowTrails: true } },
    items: 'trailList[]',
    isOther: (item) => isObject(item) && item.IsOrganizationTrail === false,
  },
  groups: trailGroups,
};
