import { expect, it } from 'vitest';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from '../fixtures/plan.ts';
import { known } from '../sources/proposed.ts';

const group = 'aws_security_group.web';
const created = { after: { name: 'web', ingress: [], egress: [], tags: {}, tags_all: {} }, unknown: { id: true } };
const role = { Key: 'Role', Value: 'web' };
const toGroup = [`${group}.id`, group];

/** Types and tags of all that is read of a plan with one tag, by what that refers to. */
async function tagged(resource_id: string | undefined, references: readonly string[] = []) {
  const tag = {
    after: { key: 'Role', value: 'web', ...(resource_id === undefined ? {} : { resource_id }) },
    unknown: { id: true, ...(resource_id === undefined ? { resource_id: true } : {}) },
    written: { key: [], value: [], resource_id: references },
  };
  const proposal = readTerraformPlan(planOf({ [group]: created, 'aws_ec2_tag.one': tag }), 'plan.json', await known());
  return proposal.changes.map(({ type, after }) => [type, after?.properties.Tags, after?.properties.IpPermissions]);
}

const own = 'AWS::EC2::SecurityGroup';
const open = expect.objectContaining({ $unknown: 'known-after-apply' });
const more = expect.objectContaining({ $unknown: 'not-collected' });
const bare = [own, []];

it.each<[string, string | undefined, readonly string[], readonly (readonly unknown[])[]]>([
  ['is that of the new group that it refers to', undefined, toGroup, [[own, [role]]]],
  ['may be that of any group', undefined, ['var.id'], [[own, [open]]]],
  ['is that of a group elsewhere', 'sg-0aaa0000000000009', [], [bare, [own, [role, more]]]],
  ['is that of an instance elsewhere', 'i-0aaa0000000000009', [], [bare, ['AWS::EC2::Instance', [role, more]]]],
  ['of a subnet is that of nothing that is read', 'subnet-0aaa0000000000009', [], [bare]],
])('a tag of its own %s', async (_, id, references, expected) => {
  const found = (await tagged(id, references)).map(([type, tags]) => [type, tags]);
  expect(found).toHaveLength(expected.length);
  for (const one of expected) expect(found).toContainEqual(one);
});

it('a tag of its own opens no port, whoever it may belong to', async () => {
  expect(await tagged(undefined, ['var.id'])).toMatchObject([[own, [open], []]]);
});
