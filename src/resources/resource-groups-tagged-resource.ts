import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::ResourceGroups::TaggedResource',
  noun: 'tagged resource',
  invented:
    'Anything in a region that has tags or once had some, whatever its type, as the tagging service lists it; what was never tagged does not show.',
  reach: 'region',
  id: 'ResourceARN',
  arn: 'ResourceARN',
  tags: 'Tags',
  always: ['ResourceARN'],
  listing: {
    call: { service: 'resource-groups-tagging-api', operation: 'GetResources', pageSize: 100 },
    items: 'ResourceTagMappingList[]',
  },
};
