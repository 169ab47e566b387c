import { expect, it } from 'vitest';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from '../fixtures/plan.ts';
import { known, openings, propertiesAt } from './proposed.ts';

const id = 'sg-0aaa0000000000001';
const group = 'aws_security_group.web';
const ssh = (description = '') => ({
  protocol: 'tcp',
  from_port: 22,
  to_port: 22,
  cidr_blocks: ['0.0.0.0/0'],
  description,
});
const https = { ...ssh(), from_port: 443, to_port: 443 };
const rule = {
  security_group_id: id,
  ip_protocol: 'tcp',
  from_port: 22,
  to_port: 22,
  cidr_ipv4: '0.0.0.0/0',
  description: null,
};

/** What a group opens whose rule of its own is deleted, by its inline rules before and after. */
async function left(before: readonly object[], after: readonly object[], actions = ['update']) {
  const state = { id, name: 'web', egress: [], tags_all: {} };
  const plan = planOf({
    [group]: { actions, before: { ...state, ingress: before }, after: { ...state, ingress: after } },
    'aws_vpc_security_group_ingress_rule.ssh': { actions: ['delete'], before: rule },
  });
  const proposal = readTerraformPlan(plan, 'plan.json', await known());
  return openings(propertiesAt(proposal, group));
}

const open = ['22-22 0.0.0.0/0'];

it.each<[string, readonly object[], readonly object[], readonly string[]]>([
  ['goes with it where the group has it on both sides', [ssh()], [ssh()], []],
  ['goes with it beside what the group changes', [ssh()], [ssh(), https], ['443-443 0.0.0.0/0']],
  ['stays where the group takes it over', [], [ssh()], open],
  ['stays where the group describes it anew', [ssh()], [ssh('office')], open],
  ['goes with it where the group has it no more', [ssh()], [], []],
])('what a deleted rule opens %s', async (_, before, after, expected) => {
  expect(await left(before, after)).toEqual(expected);
});
