import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  JsonTextError,
  type PlanPart,
  PlanPartError,
  planAction,
  planParts,
  planReader,
} from '../src/terraform-plan.ts';

const file = new URL('fixtures/plans/change.json', import.meta.url);
const plan = JSON.parse(readFileSync(file, 'utf8'));

async function partsOf(chunks: Parameters<typeof planParts>[0], options = {}): Promise<readonly PlanPart[]> {
  const parts: PlanPart[] = [];
  for await (const part of planParts(chunks, options)) parts.push(part);
  return parts;
}

function of<Member extends PlanPart['member']>(parts: readonly PlanPart[], member: Member) {
  return parts.filter((part): part is Extract<PlanPart, { member: Member }> => part.member === member);
}

describe('the parts of a plan', () => {
  test('are the same however the document is cut', async () => {
    const bytes = readFileSync(file);
    const whole = await partsOf([bytes]);
    const cut = Array.from({ length: Math.ceil(bytes.length / 97) }, (_, at) => bytes.subarray(at * 97, at * 97 + 97));
    expect(await partsOf(cut)).toEqual(whole);
    expect(await partsOf(createReadStream(file, { highWaterMark: 1000 }))).toEqual(whole);
  });

  test('are all changes, with what the plan says of them', async () => {
    const changes = of(await partsOf(createReadStream(file)), 'resource_changes').map(({ value }) => value);
    expect(changes).toMatchObject(plan.resource_changes);
    expect(changes.map((change) => change && planAction(change.change.actions))).toContain('create-then-delete');
    expect(changes.find((change) => change?.change.importing)?.change.importing).toEqual({ id: 'acme-found' });
    expect(changes.find((change) => change?.previous_address)?.previous_address).toBe('aws_s3_bucket.far');
    expect(changes.find((change) => change?.change.replace_paths)?.change.replace_paths).toEqual([['description']]);
  });

  test('are the configuration, by the calls that lead to it', async () => {
    const parts = of(await partsOf(createReadStream(file)), 'configuration');
    const web = parts.filter(({ calls }) => calls.join('.') === 'web');
    expect(web.flatMap((part) => (part.kind === 'resource' ? [part.value.address] : []))).toEqual([
      'aws_security_group.open',
      'aws_security_group.web',
      'aws_vpc_security_group_ingress_rule.open',
    ]);
    expect(web.flatMap((part) => (part.kind === 'call' ? [part.name] : []))).toEqual(['source', 'expressions']);
    expect(web.flatMap((part) => (part.kind === 'variable' ? [part.name] : []))).toEqual(['cidrs', 'name', 'ports']);
    expect(web.flatMap((part) => (part.kind === 'output' ? [part.name] : []))).toEqual(['group']);
  });

  test('are the rest: drift, state, variables, providers, checks and what the plan is', async () => {
    const parts = await partsOf(createReadStream(file));
    expect(of(parts, 'resource_drift')).toHaveLength(plan.resource_drift.length);
    expect(of(parts, 'prior_state').map(({ value }) => value?.address)).toContain('data.aws_region.current');
    expect(of(parts, 'variables').map(({ name }) => name)).toEqual(Object.keys(plan.variables));
    expect(of(parts, 'provider_config').map(({ key }) => key)).toEqual(['aws', 'aws.far', 'terraform']);
    expect(of(parts, 'checks').map(({ value }) => value)).toEqual(plan.checks);
    expect(of(parts, 'complete')).toEqual([{ member: 'complete', value: true }]);
    expect(of(parts, 'timestamp')).toEqual([{ member: 'timestamp', value: plan.timestamp }]);
  });

  test('that nobody wants are named and not parsed', async () => {
    const wants = (_member: string, _mode: string, type: string) => type === 'aws_iam_user';
    const changes = of(await partsOf(createReadStream(file), { wants }), 'resource_changes');
    expect(changes).toHaveLength(plan.resource_changes.length);
    expect(changes.filter(({ value }) => value !== undefined).map(({ head }) => head.type)).toEqual(['aws_iam_user']);
    expect(changes.every(({ head }) => head.mode === 'managed')).toBe(true);
  });

  test('whose mode and type come late, or with escapes, are parsed to be sure', async () => {
    const change = '{"actions":["no-op"]}';
    const entries = [
      `{"change":${change},"address":"a.b","mode":"managed","type":"a","name":"b"}`,
      `{"address":"a.b","mode":"managed","type":"\\u0061","name":"b","change":${change}}`,
      `{"address":"a.b","m\\u006fde":"managed","type":"a","name":"b","change":${change}}`,
    ];
    const text = `{"format_version":"1.2","resource_changes":[${entries.join(',')}]}`;
    const parts = of(await partsOf([Buffer.from(text)], { wants: () => false }), 'resource_changes');
    expect(parts.map(({ value }) => value?.type)).toEqual(['a', 'a', 'a']);
  });

  test('of members that a later format may have are passed over', async () => {
    const text = '{"format_version":"1.99","novel":{"a":[1]},"complete":true}';
    expect((await partsOf([Buffer.from(text)])).map(({ member }) => member)).toEqual(['format_version', 'complete']);
  });
});

test.each<[readonly string[], string | undefined]>([
  [['delete', 'create'], 'delete-then-create'],
  [['create', 'delete'], 'create-then-delete'],
  [['create', 'forget'], 'create-then-forget'],
  [['forget'], 'forget'],
  [['no-op'], 'no-op'],
  [['delete', 'create', 'delete'], undefined],
  [['mend'], undefined],
  [['toString'], undefined],
  [[], undefined],
])('the actions %j mean %s', (actions, meaning) => {
  expect(planAction(actions)).toBe(meaning);
});

test.each<[string, typeof JsonTextError | typeof PlanPartError]>([
  ['{"format_version":"2.0"}', PlanPartError],
  ['{"complete":"yes"}', PlanPartError],
  ['{"timestamp":1}', PlanPartError],
  ['{"deferred_changes":[{}]}', PlanPartError],
  ['{"output_changes":{"a":{}}}', PlanPartError],
  ['{"prior_state":{"values":{"root_module":{"resources":[{}]}}}}', PlanPartError],
  ['{"configuration":{"root_module":{"resources":[{}]}}}', PlanPartError],
  ['{"variables":', JsonTextError],
])('what is no plan is an error with its place: %s', (text, kind) => {
  const reader = planReader();
  expect(() => {
    reader.write(Buffer.from(text));
    reader.end();
  }).toThrow(kind);
});
