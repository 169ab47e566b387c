import { expect, test } from 'vitest';
import type { Json } from '../../src/model/value.ts';
import { resourceType as instance } from '../../src/resources/ec2-instance.ts';

const sshd =
  'port 22\naddressfamily any\npermitrootlogin no\npasswordauthentication no\nkbdinteractiveauthentication no\n';
const settings = { PermitRootLogin: 'no', PasswordAuthentication: 'no', KbdInteractiveAuthentication: 'no' };
const plugin = (output: string, status = 'Success') => ({ Name: 'aws:runShellScript', Status: status, Output: output });

function keepOne(plugins: Json | undefined) {
  const invocation = {
    InstanceId: 'i-1',
    DocumentName: 'AWS-RunShellScript',
    Status: 'Success',
    Comment: 'password is hunter2',
    RequestedDateTime: '2026-11-23T22:00:00.000Z',
    ...(plugins === undefined ? {} : { CommandPlugins: plugins }),
  };
  return instance.groups?.CommandInvocations?.keep?.([invocation], {});
}

const bare = {
  InstanceId: 'i-1',
  DocumentName: 'AWS-RunShellScript',
  Status: 'Success',
  RequestedDateTime: '2026-11-23T22:00:00.000Z',
};

const silent = { ...bare, ShowsSshdConfig: false };

test.each<[string, Json | undefined, object]>([
  ['printed them', [plugin(sshd)], { ...bare, ShowsSshdConfig: true, SshdConfig: settings }],
  [
    'printed them among other steps',
    [plugin('done'), plugin(sshd)],
    { ...bare, ShowsSshdConfig: true, SshdConfig: settings },
  ],
  ['failed after printing them', [plugin(sshd, 'Failed')], silent],
  ['printed them twice', [plugin(sshd), plugin(sshd)], silent],
  ['printed something else', [plugin('token=hunter2')], silent],
  ['printed nothing', [{ Name: 'aws:runShellScript', Status: 'Success' }], silent],
  ['has no steps', undefined, silent],
])('a command that %s keeps the settings of the server at most', (_, plugins, expected) => {
  expect(keepOne(plugins)).toEqual([expected]);
});

test.each<[string, Json, string]>([
  ['a text', 'text', 'the invocations are not a list'],
  ['a list of texts', ['text'], 'an invocation is not an object'],
])('commands that are %s are refused', (_, value, message) => {
  expect(() => instance.groups?.CommandInvocations?.keep?.(value, {})).toThrow(message);
});

const inventory = (answer: Json) => instance.groups?.InventoryEntries?.keep?.(answer, {});

test('an inventory keeps its entries and the time of their capture', () => {
  const answer = {
    TypeName: 'Custom:SshdConfig',
    CaptureTime: '2026-11-23T22:00:00Z',
    Entries: [{ a: 'b' }],
    NextToken: '',
  };
  expect(inventory(answer)).toEqual({ CaptureTime: '2026-11-23T22:00:00Z', Entries: [{ a: 'b' }] });
  expect(inventory({ Entries: [] })).toEqual({ Entries: [] });
});

test.each<[string, Json, string]>([
  ['goes on', { Entries: [], NextToken: 'more' }, 'more entries than one answer holds'],
  ['has no entries', { CaptureTime: '2026-11-23T22:00:00Z' }, 'lacks Entries'],
  ['is nothing', null, 'lacks Entries'],
])('an inventory that %s is refused', (_, answer, message) => {
  expect(() => inventory(answer)).toThrow(message);
});

const keepChanges = (events: Json) => instance.groups?.GroupEvents?.keep?.(events, {});
const opening = { EventName: 'AuthorizeSecurityGroupIngress', EventTime: '2026-11-23T22:00:00.000Z' };

test('of the events of a group it keeps when it was opened or closed, and nothing else', () => {
  const told = { ...opening, EventId: '1', Username: 'dana', CloudTrailEvent: '{"password":"hunter2"}' };
  const tagged = { ...told, EventName: 'CreateTags' };
  expect(keepChanges([told, tagged])).toEqual([opening]);
  expect(keepChanges([])).toEqual([]);
});

test.each<[string, Json]>([
  ['no list', { Events: [] }],
  ['no object', ['AuthorizeSecurityGroupIngress']],
  ['without a name', [{ EventTime: opening.EventTime }]],
  ['without a time', [{ EventName: opening.EventName }]],
])('events that are %s are a broken answer', (_, events) => {
  expect(() => keepChanges(events)).toThrow(/the events are|an event/);
});
