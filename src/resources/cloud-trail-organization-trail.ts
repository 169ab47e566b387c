import type { Declared, ResourceType } from '../model/resource-type.ts';
import { isObject, isUnknown } from '../model/value.ts';
import { trailAlways, trailGroups } from './_trail.ts';
import { cloudformation, terraform } from './_trail-forms.ts';

/** A trail of one account has no shadow. Where nobody knows, it may have one. */
const isOfOneAccount = (written: Declared) => written !== true && written !== 'true' && !isUnknown(written);

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
  // The account that makes it sees it too, like all others: what becomes of it shows here as well.
  terraform: { ...terraform, isOther: ({ values }) => isOfOneAccount(values.is_organization_trail) },
  cloudformation: { ...cloudformation, isOther: ({ values }) => isOfOneAccount(values.IsOrganizationTrail) },
};
