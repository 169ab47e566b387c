import { expect, test } from 'vitest';
import { resourceType as organizationTrail } from '../../src/resources/cloud-trail-organization-trail.ts';
import { resourceType as trail } from '../../src/resources/cloud-trail-trail.ts';

const keep = (group: 'Status' | 'Selectors') => trail.groups?.[group]?.keep ?? (() => null);

test('a delivery without an error says so, so that nothing passes for want of one', () => {
  expect(keep('Status')({ IsLogging: true }, {})).toEqual({ IsLogging: true, LatestDeliveryError: '' });
  const broken = { IsLogging: true, LatestDeliveryError: 'AccessDenied' };
  expect(keep('Status')(broken, {})).toEqual(broken);
  expect(() => keep('Status')('text', {})).toThrow('not an object');
});

test('a basic selector that excludes nothing says so, and advanced ones stay as they are', () => {
  const basic = {
    EventSelectors: [{ ReadWriteType: 'All' }, { ExcludeManagementEventSources: ['kms.amazonaws.com'] }, 7],
  };
  expect(keep('Selectors')(basic, {})).toEqual({
    EventSelectors: [
      { ReadWriteType: 'All', ExcludeManagementEventSources: [] },
      { ExcludeManagementEventSources: ['kms.amazonaws.com'] },
      7,
    ],
  });
  const advanced = { TrailARN: 'arn', AdvancedEventSelectors: [] };
  expect(keep('Selectors')(advanced, {})).toEqual(advanced);
});

test.each([[{}], [{ TrailARN: 'arn' }], [{ EventSelectors: null }], ['text']])(
  'an answer without selectors is broken: %j',
  (answer) => {
    expect(() => keep('Selectors')(answer, {})).toThrow('selectors');
  },
);

test('only a trail that says that it is not the organisation’s is passed over', () => {
  const isOther = organizationTrail.listing.isOther ?? (() => true);
  expect(
    [{ IsOrganizationTrail: false }, { IsOrganizationTrail: true }, {}, 'text'].map((item) => isOther(item)),
  ).toEqual([true, false, false, false]);
});
