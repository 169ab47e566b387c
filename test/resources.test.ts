import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { shapesOf } from '../.ci/generate-shapes.mjs';
import { permissionOf } from '../src/aws/permission.ts';
import { parsePath } from '../src/model/path.ts';
import type { Call, Group, ResourceType, Shape } from '../src/model/resource-type.ts';
import { loadResourceTypes } from '../src/resources/index.ts';

const types = await loadResourceTypes();
const shapes = new Map<string, Shape>(Object.entries(await shapesOf([...types.values()])));

/** The shape at a path; undefined where there is none, or where nothing can be known of it. */
function shapeAt(shape: Shape | undefined, path: string): Shape | undefined {
  let here = shape;
  for (const { name, items } of parsePath(path)) {
    const member = typeof here === 'object' && 'fields' in here ? here.fields[name] : undefined;
    here = !items ? member : typeof member === 'object' && 'list' in member ? member.list : undefined;
  }
  return here;
}

const isScalar = (shape: Shape | undefined) => shape === 'string' || shape === 'number' || shape === 'timestamp';

/** `ElasticLoadBalancingV2` → `elastic-load-balancing-v2`. */
function kebab(type: string): string {
  return type
    .split('::')
    .slice(1)
    .map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase())
    .join('-');
}

/** An operation of the SDK: members of its input, the required ones first, and of its output. */
async function operationOf({ service, operation }: Call) {
  const client = (await import(`@aws-sdk/client-${service}`)) as Record<string, unknown>;
  const schema = client[`${operation}$`];
  if (!Array.isArray(schema)) throw new Error(`@aws-sdk/client-${service} has no operation ${operation}`);
  const [input, output] = [schema[4], schema[5]].map((lazy) => (typeof lazy === 'function' ? lazy() : lazy));
  return {
    command: client[`${operation}Command`],
    isPaginated: client[`paginate${operation}`] !== undefined,
    members: (input[4] ?? []) as string[],
    required: ((input[4] ?? []) as string[]).slice(0, (input[6] as number | undefined) ?? 0),
    answer: (output[4] ?? []) as string[],
  };
}

/** All calls of a type, and whether a list is read to its end. */
function callsOf({ listing, groups = {} }: ResourceType): [string, Call, boolean][] {
  const ofGroup = ([name, { call, value, shared }]: [string, Group]): [string, Call, boolean][] => [
    [name, call, value.endsWith('[]')],
    ...(shared?.before === undefined ? [] : [[`before ${name}`, shared.before.call, false] as [string, Call, boolean]]),
  ];
  return [
    ['listing', listing.call, listing.items.endsWith('[]')],
    ...(listing.region?.otherwise === undefined
      ? []
      : [['region', listing.region.otherwise.call, false] as [string, Call, boolean]]),
    ...Object.entries(groups).flatMap(ofGroup),
  ];
}

const references = (input: Call['input']) =>
  [...JSON.stringify(input ?? {}).matchAll(/\{"from":"([^"]+)"\}/g)].map(([, from]) => from ?? '');

/** What a call may refer to without a resource. */
const ambient = new Set(['@account', '@region']);

test('each file declares the type that its name says', async () => {
  const files = await readdir(new URL('../src/resources', import.meta.url));
  const declared = files.filter((file) => file.endsWith('.ts') && file !== 'index.ts' && !file.startsWith('_'));
  expect(declared.sort()).toEqual([...types.keys()].map((type) => `${kebab(type)}.ts`).sort());
});

test('no two types are listed by the same question, of which the ledger has one line only', () => {
  const questions = [...types.values()].map(({ listing: { call } }) =>
    JSON.stringify([call.service, call.operation, call.input]),
  );
  expect(questions).toEqual([...new Set(questions)]);
});

describe.each([...types.values()].map((type) => [type.type, type] as const))('%s', (name, type) => {
  const shape = shapes.get(name);

  test('is named as CloudFormation names things, and has a noun for sentences', () => {
    expect(name).toMatch(/^AWS::[A-Z][A-Za-z0-9]+::[A-Z][A-Za-z0-9]+$/);
    expect(type.noun).toMatch(/^[A-Za-z0-9 -]+[^s]$/);
    if (type.invented !== undefined) expect(type.invented).toMatch(/^[A-Z].*\.$/);
  });

  test('has its id, name, ARN and tags in the answer', () => {
    expect(shapeAt(shape, type.id)).toBe('string');
    expect(type.always).toContain(type.id);
    if (type.name !== undefined) expect(shapeAt(shape, type.name)).toBe('string');
    const inArn = type.arn?.includes('{')
      ? [...type.arn.matchAll(/\{(\w+)\}/g)].map(([, part]) => part ?? '')
      : [type.arn ?? type.id];
    for (const part of inArn) {
      if (!['partition', 'region', 'account'].includes(part))
        expect([part, shapeAt(shape, part)]).toEqual([part, 'string']);
    }
    const tags = type.tags === undefined ? { map: 'string' } : shapeAt(shape, type.tags);
    const listed = { list: { fields: expect.objectContaining({ Key: 'string', Value: 'string' }) } };
    expect([{ map: 'string' }, listed]).toContainEqual(tags);
  });

  test('names what AWS always answers by paths that exist, each once', () => {
    for (const path of type.always) expect([path, shapeAt(shape, path)]).not.toEqual([path, undefined]);
    expect(type.always).toEqual([...new Set(type.always)]);
  });

  test('is related to types that exist, by values of one kind that exist', () => {
    for (const [relation, { to, from, match }] of Object.entries(type.relations ?? {})) {
      const target = match === '@region' ? 'string' : shapeAt(shapes.get(to), match);
      const [own, other] = [shapeAt(shape, from), types.has(to) ? target : undefined];
      expect([relation, isScalar(own), own]).toEqual([relation, true, other]);
    }
  });

  test.each(callsOf(type))(
    'makes a call that the SDK has, with an input that it takes: %s',
    async (_, call, isList) => {
      const operation = await operationOf(call);
      expect(operation.command).toBeTypeOf('function');
      const given = Object.keys(call.input ?? {});
      expect(operation.members).toEqual(expect.arrayContaining(given));
      expect(given).toEqual(expect.arrayContaining(operation.required));
      const hasToken = operation.answer.some((member) => /^(next)?(token|marker)$|^continuationtoken$/i.test(member));
      if (isList && hasToken)
        expect([call.operation, operation.isPaginated || call.tokens !== undefined]).toEqual([call.operation, true]);
      if (call.tokens !== undefined) {
        const { input, output, size } = call.tokens;
        expect(operation.isPaginated).toBe(false);
        expect(operation.members).toEqual(expect.arrayContaining(size === undefined ? [input] : [input, size]));
        expect(operation.answer).toContain(output);
      }
      if (call.pageSize !== undefined) expect(operation.isPaginated || call.tokens?.size !== undefined).toBe(true);
    },
  );

  test.each(callsOf(type))('needs a permission that IAM can grant: %s', (_, call) => {
    expect(permissionOf(call)).toMatch(
      /^(autoscaling|backup|cloudtrail|ec2|elasticloadbalancing|iam|identitystore|rds|s3|ssm|sso|tag):[A-Z][A-Za-z0-9]+$/,
    );
  });

  test('is listed by what its parent always has', () => {
    const parent = types.get(type.listing.parent ?? '');
    expect(parent?.reach).toBe(type.listing.parent === undefined ? undefined : type.reach);
    const froms = [...references(type.listing.call.input), ...Object.values(type.listing.inherit ?? {})];
    for (const from of froms.filter((each) => !ambient.has(each))) {
      expect([from, isScalar(shapeAt(shapes.get(parent?.type ?? ''), from))]).toEqual([from, true]);
      expect(parent?.always).toContain(from);
    }
    const located = type.listing.region?.property;
    if (located !== undefined) expect(shapeAt(shape, located)).toBe('string');
  });

  test('asks further by what it always has itself', () => {
    for (const { call, forEach = [] } of Object.values(type.groups ?? {})) {
      const froms = references(call.input);
      expect(type.always).toEqual(
        expect.arrayContaining(froms.filter((from) => from !== '@each' && !ambient.has(from))),
      );
      expect(froms.includes('@each')).toBe(forEach.length > 0);
      for (const path of forEach) expect([path, shapeAt(shape, path)]).toEqual([path, 'string']);
    }
  });

  test('puts no property group where the listing has a member of its own', async () => {
    const { groups, ...bare } = type;
    const parents = [...types.values()].filter((other) => other !== type);
    const { [name]: listed } = await shapesOf([bare, ...parents]);
    for (const group of Object.keys(groups ?? {})) expect([group, shapeAt(listed, group)]).toEqual([group, undefined]);
  });
});

const [policy] = [...types.values()].filter(({ type }) => type === 'AWS::IAM::ManagedPolicy');

test.each<[string, (type: ResourceType) => ResourceType, string]>([
  [
    'an operation',
    (type) => ({ ...type, listing: { ...type.listing, call: { service: 'iam', operation: 'ListEverything' } } }),
    'has no operation ListEverything',
  ],
  ['a list', (type) => ({ ...type, listing: { ...type.listing, items: 'Polices[]' } }), "AWS has no 'Polices[]'"],
  [
    'a derived member',
    (type) => ({ ...type, derived: { 'Versions[].Document': 'policy' as const } }),
    "AWS has no 'Versions[]'",
  ],
  [
    'a value of a group',
    (type) => ({ ...type, groups: { Own: { call: { service: 'iam', operation: 'GetPolicy' }, value: 'Plicy' } } }),
    "AWS has no 'Plicy'",
  ],
  [
    'a parent',
    (type) => ({ ...type, listing: { ...type.listing, parent: 'AWS::IAM::Account', inherit: { Id: 'Id' } } }),
    'no resource type is called AWS::IAM::Account',
  ],
])('%s that AWS does not have is an error when shapes are generated', async (_, change, message) => {
  if (policy === undefined) throw new Error('there is no policy type');
  await expect(shapesOf([change(policy)])).rejects.toThrow(message);
});

test('decoded documents, groups and inherited members have the shapes that rules see', () => {
  const at = (type: string, path: string) => shapeAt(shapes.get(type), path);
  expect(at('AWS::IAM::ManagedPolicy', 'PolicyVersionList[].Document')).toBe('policy');
  expect(at('AWS::S3::Bucket', 'Policy')).toBe('policy');
  expect(at('AWS::EC2::SecurityGroup', 'PrefixLists[].PrefixListId')).toBe('string');
  expect(at('AWS::EC2::SecurityGroup', 'PrefixLists[].Entries[].Cidr')).toBe('string');
  expect(at('AWS::EC2::SecurityGroup', 'IpPermissions[].FromPort')).toBe('number');
  expect(at('AWS::ElasticLoadBalancingV2::Listener', 'Rules[].Actions[].RedirectConfig.Protocol')).toBe('string');
  expect(at('AWS::S3::AccountPublicAccessBlock', 'AccountId')).toBe('string');
  expect(at('AWS::EC2::Instance', 'InventoryEntries.Entries')).toEqual({ list: { map: 'string' } });
  expect(at('AWS::Backup::RecoveryPoint', 'IsEncrypted')).toBe('boolean');
  expect(at('AWS::Backup::RecoveryPoint', 'CreationDate')).toBe('timestamp');
});
