import type { Group } from '../model/resource-type.ts';
import { isObject, type Json, type JsonObject } from '../model/value.ts';

/** AWS leaves the error out when there is none: kept as an empty text, so that nothing passes for want of it. */
function withError(status: Json): Json {
  if (!isObject(status)) throw new Error('the status is not an object');
  return { ...status, LatestDeliveryError: status.LatestDeliveryError ?? '' };
}

/** A trail has selectors of one kind or the other. A basic one that excludes nothing says so. */
function withExclusions(answer: Json): Json {
  if (!isObject(answer)) throw new Error('the selectors are not an object');
  const { EventSelectors: basic, AdvancedEventSelectors: advanced } = answer;
  if (!Array.isArray(basic) && !Array.isArray(advanced)) throw new Error('the answer has no selectors');
  if (!Array.isArray(basic)) return answer;
  const exclusions = (selector: JsonObject) => selector.ExcludeManagementEventSources ?? [];
  const whole = (basic as readonly Json[]).map((selector) =>
    isObject(selector) ? { ...selector, ExcludeManagementEventSources: exclusions(selector) } : selector,
  );
  return { ...answer, EventSelectors: whole };
}

export const trailAlways: readonly string[] = [
  'Name',
  'TrailARN',
  'HomeRegion',
  'IsMultiRegionTrail',
  'IsOrganizationTrail',
  'IncludeGlobalServiceEvents',
  'LogFileValidationEnabled',
  'S3BucketName',
  'Status.IsLogging',
  'Status.LatestDeliveryError',
  'Selectors.TrailARN',
  ...['ReadWriteType', 'IncludeManagementEvents', 'ExcludeManagementEventSources'].map(
    (member) => `Selectors.EventSelectors[].${member}`,
  ),
  'Selectors.AdvancedEventSelectors[].FieldSelectors',
  'Selectors.AdvancedEventSelectors[].FieldSelectors[].Field',
];

/** By its ARN, a trail tells of itself wherever it shows. */
export const trailGroups: Readonly<Record<string, Group>> = {
  Status: {
    call: { service: 'cloudtrail', operation: 'GetTrailStatus', input: { Name: { from: 'TrailARN' } } },
    value: '',
    keep: withError,
  },
  Selectors: {
    call: { service: 'cloudtrail', operation: 'GetEventSelectors', input: { TrailName: { from: 'TrailARN' } } },
    value: '',
    keep: withExclusions,
  },
};
