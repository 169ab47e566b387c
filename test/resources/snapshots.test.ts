import { expect, test } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { resourceType as image } from '../../src/resources/ec2-image.ts';
import { resourceType as volumes } from '../../src/resources/ec2-snapshot.ts';
import { resourceType as clusters } from '../../src/resources/rds-dbcluster-snapshot.ts';
import { resourceType as databases } from '../../src/resources/rds-dbsnapshot.ts';

const root = { DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-root' } };
const data = { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-data' } };

test.each<[string, { [name: string]: Json }, string | undefined]>([
  ['its root device', { RootDeviceName: '/dev/xvda', BlockDeviceMappings: [data, root] }, 'snap-root'],
  [
    'none where the root device is another',
    { RootDeviceName: '/dev/sda1', BlockDeviceMappings: [data, root] },
    undefined,
  ],
  ['none where no root device is named', { BlockDeviceMappings: [root] }, undefined],
  ['none of an instance store', { RootDeviceName: '/dev/sda1', RootDeviceType: 'instance-store' }, undefined],
  [
    'none while it is made',
    { RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: {} }] },
    undefined,
  ],
  [
    'none of a device that is left out',
    { RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', NoDevice: '' }] },
    undefined,
  ],
])('an image boots the snapshot of %s', (_, members, RootSnapshotId) => {
  const kept = image.listing.keep?.({ ImageId: 'ami-0a1', ...members });
  expect(kept).toEqual({ ImageId: 'ami-0a1', ...members, ...(RootSnapshotId === undefined ? {} : { RootSnapshotId }) });
});

test.each<[Json, string]>([
  ['ami-0a1', 'an image is not an object'],
  [null, 'an image is not an object'],
  [{ BlockDeviceMappings: {} }, 'not a list'],
  [{ RootDeviceName: '/dev/xvda', BlockDeviceMappings: ['/dev/sdf', root] }, 'a block device is not an object'],
])('%j is no image', (item, message) => {
  expect(() => image.listing.keep?.(item)).toThrow(message);
});

test('only what the account owns is asked for', () => {
  expect(volumes.listing.call.input).toEqual({ OwnerIds: ['self'] });
  expect(image.listing.call.input).toMatchObject({ Owners: ['self'] });
  for (const { listing } of [databases, clusters])
    expect(listing.call.input).toEqual({ IncludeShared: false, IncludePublic: false });
});

test('images are asked for that AWS hides of itself', () => {
  expect(image.listing.call.input).toMatchObject({ IncludeDeprecated: true, IncludeDisabled: true });
});
