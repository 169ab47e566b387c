import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planned } from '../../src/model/planned.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import type { Json } from '../../src/model/value.ts';
import { openChangeSet } from '../../src/sources/cloudformation.ts';
import { judge, shippedQuestion } from '../scenarios/audited.ts';
import { aroundPath, expectOnlyDoubt, pathsIn } from './known-later.ts';
import { changeAt, codesOf, fixture, known, openings, propertiesAt } from './proposed.ts';

const files = [fixture('change-sets/web.json'), fixture('change-sets/storage.json')];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-change-set-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The fixture with something else in it. */
async function changed(edit: (set: ChangeSetJson) => unknown, options: object = {}): Promise<Proposal> {
  const set = JSON.parse(await readFile(fixture('change-sets/web.json'), 'utf8')) as ChangeSetJson;
  const edited = edit(set) ?? set;
  const file = join(folder, 'set.json');
  await writeFile(file, typeof edited === 'string' ? edited : JSON.stringify(edited));
  return openChangeSet(file, { ...(await known()), ...options });
}

interface ChangeSetJson {
  [name: string]: unknown;
  Changes: { ResourceChange: Record<string, unknown> }[];
}

const only =
  (id: string, more: Record<string, unknown> = {}) =>
  (set: ChangeSetJson) => ({
    ...set,
    Changes: set.Changes.filter(({ ResourceChange: one }) => one.LogicalResourceId === id).map((change) => ({
      ...change,
      ResourceChange: { ...change.ResourceChange, ...more },
    })),
  });

describe('a change set', () => {
  let proposal: Proposal;

  beforeAll(async () => {
    proposal = await openChangeSet(files, await known());
  });

  test('tells where and when it was made', () => {
    expect(proposal).toMatchObject({
      noun: 'CloudFormation change set',
      partition: 'aws',
      home: { account: '111122223333', region: 'eu-west-1' },
      madeAt: Date.UTC(2026, 10, 24, 9, 30, 0, 123),
      coverage: { declared: 9, mapped: 9, unmapped: [] },
      doubts: [{ code: 'deferred' }],
    });
    expect(proposal.stack).toBeUndefined();
  });

  test.each<[string, string, string | undefined, string | undefined]>([
    ['Web', 'update', 'sg-0a1b2c3d4e5f60718', 'sg-0a1b2c3d4e5f60718'],
    ['Database', 'create', undefined, 'Database'],
    ['Old', 'delete', 'sg-0123456789abcdef0', undefined],
    ['Archive', 'forget', 'acme-archive', 'acme-archive'],
    ['Logs', 'replace', 'acme-logs', 'acme-web-logs'],
    ['Logs (kept)', 'forget', undefined, 'acme-logs'],
    ['Found', 'none', 'sg-00000000000000001', 'sg-00000000000000001'],
    ['Undecided', 'update', 'sg-00000000000000002', 'sg-00000000000000002'],
    ['Storage/Uploads', 'create', undefined, 'acme-uploads'],
    ['DatabaseFromWeb', 'update', 'sg-0fedcba9876543210', 'sg-0fedcba9876543210'],
  ])('makes of %s: %s', (address, action, before, later) => {
    const change = changeAt(proposal, address);
    expect([change.action, change.before?.id, change.after?.id]).toEqual([action, before, later]);
  });

  test('knows values before and after', () => {
    const { before } = changeAt(proposal, 'Web');
    expect(openings(before?.properties ?? {})).toEqual(['22-22 198.51.100.0/24', '?']);
    expect(openings(propertiesAt(proposal, 'Web'))).toEqual(['22-22 0.0.0.0/0', '?']);
  });

  test('leaves open what the rest of the stack may add, but not to what is new', () => {
    expect(openings(propertiesAt(proposal, 'Found'))).toEqual(['?']);
    expect(propertiesAt(proposal, 'Database').IpPermissions).toHaveLength(1);
    expect(changeAt(proposal, 'Storage/Uploads').after).not.toHaveProperty('gaps.Policy');
    expect(JSON.stringify(proposal.changes.map(({ parts }) => parts))).not.toContain('the rest of the stack');
  });

  test('leaves open what a resource gets only when it is made', () => {
    expect(JSON.stringify(propertiesAt(proposal, 'Database'))).toContain('"GroupId":{"$unknown":"known-after-apply"');
  });

  test('leaves open what is decided only when it is executed', () => {
    expect(propertiesAt(proposal, 'Undecided').IpPermissions).toMatchObject({ $unknown: 'known-after-apply' });
  });

  test('knows the ids that AWS has given', () => {
    expect(changeAt(proposal, 'Web').aliases).toEqual(['sg-0a1b2c3d4e5f60718']);
    expect(changeAt(proposal, 'Database').aliases).toBeUndefined();
  });

  test('reads pages and nested change sets from one list as well', async () => {
    const all = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as object));
    const list = await changed(() => all);
    expect(list.changes.map(({ declared }) => declared.address)).toEqual(
      proposal.changes.map(({ declared }) => declared.address),
    );
  });

  test('without its nested change set names that, and is in doubt', async () => {
    const alone = await changed((set) => set);
    expect(codesOf(alone)).toContain('unexpanded');
    expect(alone.doubts.map(({ detail }) => detail).join()).toMatch(
      /the stack Storage changes .* --change-set-name arn:aws:cloudformation:eu-west-1/,
    );
    expect(openings(propertiesAt(alone, 'Database'))).toContain('?');
  });

  test('holds its own over several pages', async () => {
    const paged = await changed((set) => [
      { ...set, Changes: set.Changes.slice(0, 4), NextToken: 'more' },
      { ...set, Changes: set.Changes.slice(4), NextToken: null },
    ]);
    expect(paged.changes).toHaveLength(proposal.changes.length - 1);
    expect(codesOf(paged)).not.toContain('incomplete');
  });

  test('is in doubt where a page between two files may lack', async () => {
    const set = JSON.parse(await readFile(files[0] ?? '', 'utf8')) as ChangeSetJson;
    const pages = [
      { ...set, Changes: set.Changes.slice(0, 2), NextToken: 'second' },
      { ...set, Changes: set.Changes.slice(4) },
    ];
    const paths = pages.map((_, index) => join(folder, `page-${index}.json`));
    await Promise.all(pages.map((page, index) => writeFile(paths[index] ?? '', JSON.stringify(page))));
    expect(codesOf(await openChangeSet(paths, await known()))).toContain('incomplete');
  });

  test.each<[string, string, (set: ChangeSetJson) => unknown]>([
    ['goes on elsewhere', 'incomplete', (set) => ({ ...set, NextToken: 'more' })],
    ['could not be made', 'errored', (set) => ({ ...set, Status: 'FAILED', StatusReason: 'No access' })],
    ['is still being made', 'errored', (set) => ({ ...set, Status: 'CREATE_IN_PROGRESS' })],
    ['says nothing of its state', 'errored', ({ Status: _, ...set }) => set],
    ['was overtaken', 'stale', (set) => ({ ...set, ExecutionStatus: 'OBSOLETE' })],
    ['was executed', 'stale', (set) => ({ ...set, ExecutionStatus: 'EXECUTE_COMPLETE' })],
    ['cannot be executed', 'errored', (set) => ({ ...set, ExecutionStatus: 'UNAVAILABLE' })],
    ['is empty', 'empty', (set) => ({ ...set, Changes: [] })],
    [
      'changes nothing',
      'empty',
      ({ Changes: _, ...set }) => ({
        ...set,
        Status: 'FAILED',
        StatusReason: "The submitted information didn't contain changes.",
      }),
    ],
    ['may make a resource anew', 'deferred', only('Web', { Action: 'Modify', Replacement: 'Conditional' })],
    ['does what nobody knows yet', 'deferred', only('Web', { Action: 'Teleport' })],
    ['was described without values', 'unreadable', only('Web', { BeforeContext: undefined, AfterContext: undefined })],
  ])('that %s is in doubt: %s', async (_, code, edit) => {
    expect(codesOf(await changed(edit))).toContain(code);
  });

  test('without values has nothing that could be known', async () => {
    const bare = await changed(only('Web', { BeforeContext: undefined, AfterContext: undefined }));
    expect(bare.doubts[0]?.detail).toContain('--include-property-values');
    expect(propertiesAt(bare, 'Web').IpPermissions).toMatchObject({ $unknown: 'not-collected' });
  });

  test.each([
    ['****', 'redacted'],
    ['{{changeSet:KNOWN_AFTER_APPLY}}', 'known-after-apply'],
    ['arn:aws:s3:::{{changeSet:KNOWN_AFTER_APPLY}}/*', 'known-after-apply'],
    ['{{resolve:ssm:/acme/name}}', 'known-after-apply'],
    [{ $unknown: 'nothing' }, 'type'],
  ])('does not take %j for a value', async (value, reason) => {
    const AfterContext = JSON.stringify({ Properties: { GroupDescription: value } });
    expect(propertiesAt(await changed(only('Web', { AfterContext })), 'Web').Description).toMatchObject({
      $unknown: reason,
    });
  });

  test.each(['****', '{{resolve:ssm:/acme/name}}', '{{changeSet:KNOWN_AFTER_APPLY}}'])(
    'does not take %j before and after for the same value',
    async (value) => {
      const context = JSON.stringify({ Properties: { GroupDescription: value } });
      const more = { Action: 'Modify', Replacement: 'False', BeforeContext: context, AfterContext: context };
      const { before, after } = changeAt(await changed(only('Web', more)), 'Web');
      expect(before?.properties.Description).not.toEqual(after?.properties.Description);
    },
  );

  test.each([
    ['is not JSON', '{"Properties":', 'failed'],
    ['is nested too deep', '['.repeat(200), 'failed'],
    ['has properties of another kind', '{"Properties":[]}', 'type'],
    ['has one text for all properties', '{"Properties":"{{changeSet:KNOWN_AFTER_APPLY}}"}', 'known-after-apply'],
  ])('knows nothing of a resource whose context %s', async (_, AfterContext, reason) => {
    const properties = propertiesAt(await changed(only('Web', { AfterContext })), 'Web');
    expect(properties.IpPermissions).toMatchObject({ $unknown: reason });
  });

  test.each<[string, (set: ChangeSetJson) => unknown, string]>([
    ['a template', () => ({ Resources: {} }), 'this is no change set'],
    ['a list of nothing', () => [], 'it holds no change set'],
    ['not JSON', () => '{"Changes": [', 'cannot be read: it is not JSON'],
    ['an error of the CLI', () => 'An error occurred (ChangeSetNotFound)', 'cannot be read'],
    ['two change sets', (set) => [set, { ...set, ChangeSetId: 'other' }], 'another change set than the first'],
    [
      'a change without a type',
      (set) => ({ ...set, Changes: [{ ResourceChange: { Action: 'Add' } }] }),
      'has no LogicalResourceId',
    ],
  ])('that is %s is refused', async (_, edit, message) => {
    await expect(changed(edit)).rejects.toThrow(message);
  });

  test('for another account is refused', async () => {
    const options = { account: '444455556666' };
    await expect(changed((set) => set, options)).rejects.toThrow('for account 111122223333, and not for 444455556666');
  });

  test('of which any value is not known yet passes nothing for it', async () => {
    const question = await shippedQuestion();
    const verdicts = async (proposal: Proposal) => {
      const { results } = await judge(question, planned(proposal, question.catalogue.types).after, 0);
      return new Map(
        results.map(({ rule, resource, region, outcome }) => [
          `${rule} ${resource?.declared?.address ?? region}`,
          outcome,
        ]),
      );
    };
    const whole = await changed((set) => set);
    const before = await verdicts(whole);
    const context = (set: ChangeSetJson, index: number) =>
      JSON.parse(String(set.Changes[index]?.ResourceChange.AfterContext ?? '{}')) as Json;
    const original = JSON.parse(await readFile(fixture('change-sets/web.json'), 'utf8')) as ChangeSetJson;
    let turned = 0;
    for (const index of original.Changes.keys())
      for (const path of pathsIn(context(original, index)).filter(
        ([first, ...more]) => first !== undefined && more.length > 0,
      )) {
        const copy = context(original, index);
        aroundPath(copy, path)[path.at(-1) ?? ''] = '{{changeSet:KNOWN_AFTER_APPLY}}';
        const proposal = await changed((set) => {
          Object.assign(set.Changes[index]?.ResourceChange ?? {}, { AfterContext: JSON.stringify(copy) });
        });
        turned += expectOnlyDoubt(before, await verdicts(proposal), `${index} ${path.join('.')}`);
      }
    expect(turned).toBeGreaterThan(0);
  });

  test('nested in itself ends', async () => {
    const circle = await changed((set) => {
      const id = 'arn:aws:cloudformation:eu-west-1:111122223333:changeSet/inner/1';
      const nest = {
        ResourceChange: {
          Action: 'Modify',
          LogicalResourceId: 'In',
          ResourceType: 'AWS::CloudFormation::Stack',
          ChangeSetId: id,
        },
      };
      return [
        { ...set, Changes: [nest] },
        { ...set, ParentChangeSetId: set.ChangeSetId, ChangeSetId: id, Changes: [nest] },
      ];
    });
    expect(codesOf(circle)).toContain('unexpanded');
  });
});

describe('the tags of the stack', () => {
  const team = [{ Key: 'Team', Value: 'web' }];
  const tagsOf = async (edit: (set: ChangeSetJson) => unknown, options: object = {}) => {
    const { before, after } = changeAt(await changed(edit, options), 'Web');
    return [before, after].map((side) => side?.properties.Tags);
  };
  const unknown = [{ $unknown: 'not-collected' }];

  test('are those that the change set tells, on both sides where it does not change them', async () => {
    expect(await tagsOf(only('Web'))).toEqual([team, team]);
  });

  test('are not known before a change of tags', async () => {
    const [before, after] = await tagsOf(only('Web', { Scope: ['Tags', 'Properties'] }));
    expect(before).toMatchObject(unknown);
    expect(after).toEqual(team);
  });

  test('are not known of what is imported', async () => {
    for (const tags of await tagsOf(only('Web', { Action: 'Import' }))) expect(tags).toMatchObject(unknown);
  });

  test.each<[string, unknown]>([
    ['no list', undefined],
    ['something else than tags', [{ Key: 'Team' }]],
  ])('are not known where the change set has %s', async (_what, Tags) => {
    for (const tags of await tagsOf((set) => ({ ...only('Web')(set), Tags }))) expect(tags).toMatchObject(unknown);
  });

  test.each<[object, object[]]>([
    [{ Owner: 'ann' }, [{ Key: 'Owner', Value: 'ann' }, ...team]],
    [{ Team: 'api' }, [{ Key: 'Team', Value: 'api' }]],
    [{}, []],
  ])('with %j of the user are %j', async (stackTags, expected) => {
    const [, after] = await tagsOf(only('Web'), { stackTags });
    expect(after).toEqual(expected);
  });
});
