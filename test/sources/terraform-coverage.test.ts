import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Assessment } from '../../src/finding/finding.ts';
import { summariseGate } from '../../src/finding/gate-summary.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

function proposed(changes: Readonly<Record<string, PlannedChange>>) {
  return readTerraformPlan(planOf(changes), 'plan.json', { ...catalogue, now: 0 });
}

const tagOf = (resource_id: string): PlannedChange => ({ after: { resource_id, key: 'Team', value: 'web' } });
const instance: PlannedChange = {
  actions: ['no-op'],
  before: { id: 'i-0123456789abcdef0' },
  after: { id: 'i-0123456789abcdef0' },
};
const face: PlannedChange = {
  actions: ['no-op'],
  before: { id: 'eni-0a1', attachment: [] },
  after: { id: 'eni-0a1', attachment: [] },
};

describe('the resources on which rules are evaluated', () => {
  test.each<[string, Readonly<Record<string, PlannedChange>>, number, readonly object[]]>([
    [
      'hold what adds to one of them',
      { 'aws_instance.web': instance, 'aws_ec2_tag.web': tagOf('i-0123456789abcdef0') },
      2,
      [],
    ],
    ['hold what adds to one that is declared elsewhere', { 'aws_ec2_tag.web': tagOf('i-0123456789abcdef1') }, 1, []],
    [
      'lack what adds to something that is not read',
      { 'aws_instance.web': instance, 'aws_ec2_tag.net': tagOf('subnet-0123456789abcdef0') },
      1,
      [{ type: 'aws_ec2_tag', count: 1 }],
    ],
    [
      'lack what adds to nothing',
      { 'aws_instance.web': instance, 'aws_network_interface.spare': face },
      1,
      [{ type: 'aws_network_interface', count: 1 }],
    ],
  ])('%s', (_, changes, mapped, unmapped) => {
    const declared = Object.keys(changes).length;
    expect(proposed(changes).coverage).toEqual({ declared, mapped, unmapped });
  });
});

describe('what a change does to something that is declared elsewhere', () => {
  const rule = {
    security_group_id: 'sg-0a1',
    ip_protocol: 'tcp',
    from_port: 443,
    to_port: 443,
    cidr_ipv4: '198.51.100.0/24',
  };
  const at = 'aws_vpc_security_group_ingress_rule';

  test.each<[string, Readonly<Record<string, PlannedChange>>, object]>([
    ['is to create where it only adds', { [`${at}.a`]: { after: rule } }, { create: 1, update: 0 }],
    [
      'is to delete where it only takes away',
      { [`${at}.a`]: { actions: ['delete'], before: rule } },
      { delete: 1, update: 0 },
    ],
    [
      'is to update where it does both',
      { [`${at}.a`]: { after: rule }, [`${at}.b`]: { actions: ['delete'], before: rule } },
      { create: 0, delete: 0, update: 1 },
    ],
  ])('%s', (_, changes, expected) => {
    const nothing = { clauses: [], rules: [] } as unknown as Assessment;
    const proposal = proposed(changes);
    const coverage = { ...proposal.coverage, judged: 0, unjudged: [] };
    const gated = { proposal, doubts: [], rulesLeftOut: [], coverage, before: nothing, after: nothing };
    expect(summariseGate(gated).changes).toMatchObject(expected);
  });
});

test('a rule of the older kind is mended at an attribute that it has', () => {
  const setBy = catalogue.types.get('AWS::EC2::SecurityGroup')?.terraform?.setBy ?? {};
  const attributes = Object.values(setBy)
    .flat()
    .filter((setter) => setter.startsWith('aws_security_group_rule.'));
  expect(attributes).toContain('aws_security_group_rule.cidr_blocks');
  expect(attributes.join()).not.toMatch(/cidr_ipv|prefix_list_id\b|referenced/);
});
