import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

function doubtsOf(changes: Readonly<Record<string, PlannedChange>>) {
  return readTerraformPlan(planOf(changes), 'plan.json', { ...catalogue, now: 0 }).doubts;
}

const made: PlannedChange = { actions: ['create'], after: { name: 'a' } };
const updated: PlannedChange = { actions: ['update'], before: { name: 'a' }, after: { name: 'b' } };
const replaced: PlannedChange = { ...updated, actions: ['delete', 'create'] };
const deleted: PlannedChange = { actions: ['delete'], before: { name: 'a' } };
const kept: PlannedChange = { actions: ['no-op'], before: { name: 'a' }, after: { name: 'a' } };
const forgotten: PlannedChange = { actions: ['forget'], before: { name: 'a' } };
const odd: PlannedChange = { ...updated, actions: ['mend'] };

const open = 'what security groups open';
const start = 'what servers are started from';

describe('what is not read, and feeds what is judged', () => {
  test.each<[string, PlannedChange, string]>([
    ['aws_ec2_managed_prefix_list.office', updated, open],
    ['aws_ec2_managed_prefix_list.office', deleted, open],
    ['aws_ec2_managed_prefix_list.office', replaced, open],
    ['aws_ec2_managed_prefix_list.office', odd, open],
    ['aws_ec2_managed_prefix_list_entry.home', made, open],
    ['aws_launch_template.web', updated, start],
    ['aws_launch_configuration.web', replaced, start],
    ['aws_spot_instance_request.web', made, 'which servers run'],
    ['aws_eks_node_group.web', made, 'which servers run, and in which security groups'],
    ['aws_vpc.main', made, 'which security groups there are'],
    ['aws_default_vpc.main', made, 'which security groups there are'],
    ['aws_eks_cluster.main', made, 'which security groups there are'],
    ['aws_cloudformation_stack.old', updated, 'what stacks declare'],
    ['awscc_ec2_security_group.web', made, 'what is declared as AWS::EC2::SecurityGroup'],
    ['awscc_s3_bucket_policy.logs', deleted, 'what is declared as AWS::S3::BucketPolicy'],
    ['awscc_rds_db_instance.main', updated, 'what is declared as AWS::RDS::DBInstance'],
    [
      'awscc_elasticloadbalancingv2_listener.main',
      updated,
      'what is declared as AWS::ElasticLoadBalancingV2::Listener',
    ],
    ['awscc_ec2_prefix_list.office', updated, open],
  ])('%s is a doubt that names it where it changes', (address, change, changes) => {
    const detail = `${address} changes ${changes}, and that is not judged`;
    expect(doubtsOf({ [address]: change })).toContainEqual(expect.objectContaining({ code: 'unread', detail }));
  });

  test.each<[string, PlannedChange]>([
    ['aws_ec2_managed_prefix_list.office', kept],
    ['aws_ec2_managed_prefix_list.office', forgotten],
    ['aws_ec2_managed_prefix_list_entry.home', kept],
    ['aws_launch_template.web', made],
    ['aws_default_vpc.main', updated],
    ['aws_vpc.main', updated],
    ['aws_vpc.main', deleted],
    ['aws_eks_cluster.main', deleted],
    ['aws_cloudformation_stack.old', kept],
    ['awscc_ec2_security_group.web', kept],
    ['awscc_logs_log_group.web', made],
    ['aws_route53_zone.main', updated],
  ])('%s is none where it alters nothing', (address, change) => {
    expect(doubtsOf({ [address]: change })).toEqual([]);
  });

  test.each<[string, object | undefined, string | undefined]>([
    [
      'of a type that is judged',
      { type_name: 'AWS::EC2::SecurityGroup' },
      'what is declared as AWS::EC2::SecurityGroup',
    ],
    ['of a type that is not known yet', {}, 'something whose type is not told'],
    ['of another type', { type_name: 'AWS::Logs::LogGroup' }, undefined],
  ])('what the Cloud Control API makes %s', (_, after, changes) => {
    const doubts = doubtsOf({ 'aws_cloudcontrolapi_resource.any': { ...made, after: after ?? {} } });
    const detail = `aws_cloudcontrolapi_resource.any changes ${changes}, and that is not judged`;
    expect(doubts.map((doubt) => doubt.detail)).toEqual(changes === undefined ? [] : [detail]);
  });

  test('several that change the same are one doubt', () => {
    const names = ['a', 'b', 'c', 'd'].map((name) => [`aws_ec2_managed_prefix_list_entry.${name}`, made] as const);
    const [doubt, ...others] = doubtsOf(Object.fromEntries(names));
    expect(others).toEqual([]);
    expect(doubt?.detail).toMatch(/entry\.a, .*entry\.b, .*entry\.c and 1 more change what security groups open/);
  });
});

describe('the group that a new VPC comes with', () => {
  const adopting = (references: readonly string[]): PlannedChange => ({
    after: { ingress: [], egress: [] },
    unknown: { id: true, vpc_id: true },
    written: { vpc_id: references },
  });

  test.each<[string, readonly string[], boolean]>([
    ['is judged where a block takes it over', ['aws_vpc.main.id', 'aws_vpc.main'], false],
    ['is a doubt where a block takes over that of another', ['aws_vpc.other.id', 'aws_vpc.other'], true],
    ['is a doubt where nobody can tell', ['var.vpc'], true],
  ])('%s', (_, references, isDoubt) => {
    const changes = { 'aws_vpc.main': made, 'aws_default_security_group.main': adopting(references) };
    expect(doubtsOf(changes).map(({ code }) => code)).toEqual(isDoubt ? ['unread'] : []);
  });
});

describe('the servers that an Auto Scaling group starts', () => {
  const group = 'aws_autoscaling_group.web';
  const template = (version: string) => [{ id: 'lt-0a1', name: 'web', version }];
  const values = { name: 'web', min_size: 1, max_size: 2, launch_template: template('1') };
  const said = `${group} changes which servers are started, and that is not judged`;

  test.each<[string, PlannedChange, boolean]>([
    ['of a new one', { after: values }, true],
    ['of a new one that may start none', { after: { ...values, max_size: 0 } }, false],
    ['from another template', { before: values, after: { ...values, launch_template: template('2') } }, true],
    [
      'from a template that is not known yet',
      {
        before: values,
        after: { ...values, launch_template: [{}] },
        unknown: { launch_template: [{ version: true }] },
      },
      true,
    ],
    ['with other tags', { before: values, after: { ...values, tag: [{ key: 'Role', value: 'bastion' }] } }, true],
    ['where there could be none before', { before: { ...values, max_size: 0 }, after: values }, true],
    ['more of the same', { before: values, after: { ...values, max_size: 9 } }, false],
    ['no longer', { actions: ['delete'], before: values }, false],
    ['as before', { actions: ['no-op'], before: values, after: values }, false],
  ])('%s', (_, change, isDoubt) => {
    const actions = change.before === undefined ? ['create'] : ['update'];
    const doubts = doubtsOf({ [group]: { actions, ...change } });
    expect(doubts.map(({ detail }) => detail)).toEqual(isDoubt ? [said] : []);
  });
});
