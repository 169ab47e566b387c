import { expect, test } from 'vitest';
import { resourceType as assignment } from '../../src/resources/sso-assignment.ts';
import { resourceType as permissionSet } from '../../src/resources/sso-permission-set.ts';

const set = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const assigned = (PrincipalType: string) => ({
  AccountId: '111122223333',
  PermissionSetArn: set,
  PrincipalId: 'p-1',
  PrincipalType,
});

test('an assignment is named by all of its parts, and only a group has members', () => {
  expect(assignment.listing.keep?.(assigned('GROUP'))).toEqual({
    ...assigned('GROUP'),
    AssignmentId: `${set} GROUP p-1`,
    GroupId: 'p-1',
  });
  expect(assignment.listing.keep?.(assigned('USER'))).toEqual({ ...assigned('USER'), AssignmentId: `${set} USER p-1` });
});

test.each([['text'], [{}], [{ ...assigned('ROLE') }], [{ PermissionSetArn: set, PrincipalType: 'USER' }]])(
  'an assignment that does not say what is assigned to whom is unreadable: %j',
  (item) => {
    expect(() => assignment.listing.keep?.(item)).toThrow('assignment');
  },
);

test('a permission set that is listed by name alone becomes an object', () => {
  expect(permissionSet.listing.keep?.(set)).toEqual({ PermissionSetArn: set });
  expect(() => permissionSet.listing.keep?.({})).toThrow('not named by text');
});
