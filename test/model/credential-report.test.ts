import { expect, test } from 'vitest';
import { findCredentials, findRootCredentials } from '../../src/model/credential-report.ts';
import { isUnknown, type JsonObject } from '../../src/model/value.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
const made = '2026-11-24T01:00:00.000Z';
const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,note';

function answer(lines: readonly string[], head = columns): JsonObject {
  return { Content: Buffer.from([head, ...lines].join('\n')).toString('base64'), GeneratedTime: made };
}

const line = (name: string, rest: string) => `${name},${arn(name)},2023-02-01T09:00:00+00:00,${rest}`;
const user = (name: string) => ({ Arn: arn(name), CreateDate: '2023-02-01T09:00:00.000Z' });

test('a row becomes a value for each column, with the time of the report', () => {
  const report = answer([
    line('lee', 'FALSE,N/A,N/A,N/A,false,true,'),
    line('dana', 'true,2026-11-20T08:00:00+00:00,2025-01-01T00:00:00+00:00,N/A,TRUE,false,hello'),
  ]);
  expect(findCredentials(report, user('dana'))).toEqual({
    InReport: true,
    GeneratedTime: made,
    user: 'dana',
    arn: arn('dana'),
    user_creation_time: '2023-02-01T09:00:00+00:00',
    password_enabled: true,
    password_last_used: '2026-11-20T08:00:00+00:00',
    password_last_changed: '2025-01-01T00:00:00+00:00',
    mfa_active: true,
    access_key_1_active: false,
    note: 'hello',
  });
  const lee = findCredentials(report, user('lee'));
  expect(lee).toMatchObject({ password_enabled: false, mfa_active: false, access_key_1_active: true });
  expect(lee.password_last_changed).toBeUndefined();
});

test('a name with a comma stands between quotation marks', () => {
  const report = answer([`"da,na","${arn('da,na')}",2023-02-01T09:00:00+00:00,true,N/A,N/A,N/A,false,"true",`]);
  expect(findCredentials(report, user('da,na'))).toMatchObject({
    InReport: true,
    user: 'da,na',
    password_enabled: true,
    mfa_active: false,
    access_key_1_active: true,
  });
});

test.each(['N/A', 'no_information', 'not_supported', '', 'yes', '0', 'true '])(
  "a yes or no that says '%s' is neither",
  (word) => {
    const found = findCredentials(answer([line('dana', `${word},N/A,N/A,N/A,${word},false,`)]), user('dana'));
    for (const column of ['password_enabled', 'mfa_active']) {
      expect(found[column]).toMatchObject({ $unknown: 'not-collected' });
    }
  },
);

test.each(['no_information', 'N/A'])("a credential whose last use is '%s' says so", (word) => {
  const found = findCredentials(answer([line('dana', `true,${word},N/A,N/A,true,false,`)]), user('dana'));
  expect(found.password_last_used).toBe(word);
});

test('a time that IAM does not tell is not an absent one', () => {
  const found = findCredentials(
    answer([line('dana', 'true,not_supported,N/A,not_supported,true,false,')]),
    user('dana'),
  );
  expect(isUnknown(found.password_last_used)).toBe(true);
  expect(found.password_last_changed).toBeUndefined();
  expect(isUnknown(found.password_next_rotation)).toBe(true);
});

const root =
  '<root_account>,arn:aws:iam::111122223333:root,2021-11-02T10:00:00+00:00,not_supported,N/A,N/A,N/A,true,true,';

test('the root user is found by the account, and nobody is taken for them', () => {
  const impostor = line('root', 'true,N/A,N/A,N/A,false,false,').replace('user/root', 'user/x:iam::111122223333:root');
  const report = answer([line('dana', 'true,N/A,N/A,N/A,true,false,'), root]);
  const found = findRootCredentials(report, { AccountId: '111122223333' });
  expect(found).toMatchObject({ InReport: true, user: '<root_account>', access_key_1_active: true });
  expect(isUnknown(found.password_enabled)).toBe(true);
  for (const [lines, AccountId] of [
    [[root], '444455556666'],
    [[line('dana', 'true,N/A,N/A,N/A,true,false,')], '111122223333'],
    [[impostor], '111122223333'],
  ] as const)
    expect(findRootCredentials(answer(lines), { AccountId })).toEqual({ InReport: false, GeneratedTime: made });
  expect(() => findRootCredentials('text', { AccountId: '111122223333' })).toThrow('not an object');
});

test.each([
  ['is newer than the report', user('sam')],
  ['took the name of an earlier one', { ...user('dana'), CreateDate: '2026-11-24T01:30:00.000Z' }],
  ['has no time of creation', { Arn: arn('dana') }],
  ['has no ARN', { CreateDate: '2023-02-01T09:00:00.000Z' }],
])('a user who %s is not in it, and no column says anything', (_, newer) => {
  const report = answer([line('dana', 'true,N/A,N/A,N/A,true,false,')]);
  expect(findCredentials(report, newer)).toEqual({ InReport: false, GeneratedTime: made });
});

test('fractions of the second of creation do not matter', () => {
  const report = answer([line('dana', 'true,N/A,N/A,N/A,true,false,')]);
  const found = findCredentials(report, { ...user('dana'), CreateDate: '2023-02-01T09:00:00.730Z' });
  expect(found.InReport).toBe(true);
});

test.each<[string, unknown, string]>([
  ['is text', 'user,arn', 'not an object'],
  ['has no content', { GeneratedTime: made }, 'lacks its content'],
  ['has no time', { Content: '' }, 'or its time'],
  ['has a column twice', answer([], `${columns},mfa_active`), 'a column twice'],
  ['is empty', answer([], ''), 'begin with its columns'],
  [
    'is a page of HTML',
    { Content: Buffer.from('<html></html>').toString('base64'), GeneratedTime: made },
    'its columns',
  ],
  ['has other columns', answer([], 'user,name'), 'its columns'],
  ['is cut in the middle of a row', answer(['dana,arn:aws']), 'is cut'],
  [
    'tells of one user twice',
    answer([line('dana', 'true,,,,true,true,'), line('dana', 'true,,,,false,true,')]),
    'twice',
  ],
])('a report that %s is refused', (_, report, message) => {
  expect(() => findCredentials(report as JsonObject, user('dana'))).toThrow(message);
});

test('names that every object has are users and columns like others', () => {
  const report = answer([line('__proto__', 'true,N/A,N/A,N/A,false,true,x')], columns.replace('note', '__proto__'));
  const found = findCredentials(report, user('__proto__'));
  expect(found).toMatchObject({ user: '__proto__', mfa_active: false });
  expect(({} as { mfa_active?: unknown }).mfa_active).toBeUndefined();
});

test('five thousand users are found in one reading', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `user-${index}`);
  const report = answer(names.map((name) => line(name, 'true,N/A,N/A,N/A,true,false,')));
  for (const name of names) expect(findCredentials(report, user(name)).user).toBe(name);
});
