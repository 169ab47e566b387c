import fc from 'fast-check';
import { expect, test } from 'vitest';
import { internetBlocks } from '../../src/model/internet-blocks.ts';
import { isInternetWide } from '../../src/model/internet-width.ts';
import { permissionReader } from '../../src/model/ip-permission.ts';
import { judgeExposure, type OwnedBlock, type Question } from '../../src/model/port-exposure.ts';
import { FALSE, TRUE } from '../../src/model/truth.ts';
import type { JsonObject } from '../../src/model/value.ts';
import { placeOf } from '../operators/operator-table.ts';
import { groupType, open, permissionsShape, securityGroup, sources } from '../operators/security-group.ts';

const read = permissionReader(placeOf(permissionsShape, 'IpPermissions', groupType));
const all: Question = { protocols: 'any', ports: [[0, 9]], from: 'anywhere' };

function permissionsOf(list: readonly JsonObject[]) {
  return read(list, securityGroup({ IpPermissions: list }));
}

function isOpen(blocks: readonly OwnedBlock[], protocol: number, port: number): boolean {
  const here = blocks.filter(({ owner }) => {
    const isMeant = owner.protocol === -1 || owner.protocol === protocol;
    return isMeant && owner.first <= port && port <= owner.last;
  });
  return isInternetWide(here.map(({ cidr }) => cidr));
}

/** Every block with its owner, told without what is tested. */
function everyBlock(list: readonly JsonObject[]): readonly OwnedBlock[] {
  return permissionsOf(list).flatMap((owner) =>
    owner.sources().flatMap((source) => (source.kind === 'block' ? [{ ...source, owner, via: undefined }] : [])),
  );
}

const block = fc.constantFrom(
  '3.0.0.0/8',
  '4.0.0.0/8',
  '4.0.0.0/9',
  '5.0.0.0/9',
  '5.128.0.0/9',
  '10.0.0.0/8',
  '198.51.100.0/24',
  '0.0.0.0/0',
  '2600::/16',
  '2601::/17',
  '2601:8000::/17',
);
const permission = fc
  .record({
    IpProtocol: fc.constantFrom('tcp', 'tcp', 'udp', '-1'),
    first: fc.integer({ min: 0, max: 6 }),
    width: fc.integer({ min: 0, max: 4 }),
    blocks: fc.array(block, { minLength: 1, maxLength: 3 }),
  })
  .map(({ IpProtocol, first, width, blocks }): JsonObject => {
    return { IpProtocol, FromPort: first, ToPort: first + width, ...sources(...blocks) };
  });
const permissions = fc.array(permission, { maxLength: 6 });
const ports = Array.from({ length: 10 }, (_, port) => port);
/** One of the three stands for all that no permission names. */
const protocols = [6, 17, 99];

test('every port that is open to the internet is so by what is named', () => {
  fc.assert(
    fc.property(permissions, (list) => {
      const openBy = (blocks: readonly OwnedBlock[]) =>
        protocols.flatMap((protocol) => ports.filter((port) => isOpen(blocks, protocol, port)));
      expect(openBy(internetBlocks(permissionsOf(list), all))).toEqual(openBy(everyBlock(list)));
    }),
    { numRuns: 1000 },
  );
});

test('of what is named, nothing can be spared but what is the internet alone', () => {
  fc.assert(
    fc.property(permissions, (list) => {
      const named = internetBlocks(permissionsOf(list), all);
      for (const part of named.filter(({ cidr }) => !isInternetWide([cidr]))) {
        const others = named.filter((other) => other !== part);
        const isMissed = protocols.some((protocol) =>
          ports.some((port) => isOpen(named, protocol, port) && !isOpen(others, protocol, port)),
        );
        expect(isMissed).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test('something is named where the answer is that something is open, and nothing else', () => {
  const asked = fc.constantFrom<Question>(
    all,
    { ...all, protocols: [6] },
    { ...all, protocols: [17, 50], ports: [[2, 4]] },
    { ...all, ports: undefined },
  );
  fc.assert(
    fc.property(permissions, asked, (list, question) => {
      const found = permissionsOf(list);
      const answer = judgeExposure(found, question).answer;
      expect(internetBlocks(found, question).length > 0 ? TRUE : FALSE).toBe(answer);
    }),
  );
});

test('what is open over one protocol is no matter of another one', () => {
  const list = [open(5, '3.0.0.0/8'), { ...open(5, '4.0.0.0/8'), IpProtocol: 'udp' }];
  expect(internetBlocks(permissionsOf(list), all)).toEqual([]);
});

test('of more pieces than can be laid together, what is the internet alone stands first', () => {
  const list = Array.from({ length: 6_000 }, (_, index) =>
    open([index, 65_535 - index], `20.${index >> 8}.${index & 255}.0/24`, `${30 + (index % 200)}.0.0.0/9`),
  );
  const named = internetBlocks(permissionsOf([...list, open(7, '0.0.0.0/0')]), { ...all, ports: undefined });
  expect([named.length, named[0]?.text]).toEqual([12_001, '0.0.0.0/0']);
});
