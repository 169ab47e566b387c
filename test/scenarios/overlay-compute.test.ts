import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/finding/finding.ts';
import { overlay } from '../../src/model/overlay.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { type Audited, audit, judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const account = '111122223333';

let question: Question;
const live = new Map<string, Audited>();

beforeAll(async () => {
  question = await shippedQuestion();
  for (const folder of ['elastic-load-balancing-v2-listener', 'ec2-instance', 'ec2-snapshot', 'rds-dbsnapshot']) {
    const text = readFileSync(new URL(`../fixtures/parity/${folder}/live.json`, import.meta.url), 'utf8');
    live.set(folder, await audit(question, JSON.parse(text)));
  }
});

/** A live account of the parity suite, and what a plan makes of it. */
async function laid(folder: string, plan: Buffer): Promise<{ readonly before: Snapshot; readonly after: Snapshot }> {
  const options = { ...question.catalogue, now, account };
  const audited = live.get(folder);
  if (audited === undefined) throw new Error(`${folder} was not audited`);
  return overlay(audited.snapshot, readTerraformPlan(plan, 'plan.json', options), options.types);
}

async function outcomesOf(snapshot: Snapshot, rule: string): Promise<Readonly<Record<string, Outcome>>> {
  const { results } = await judge(question, snapshot, now);
  const own = results.filter((result) => result.rule === rule && result.resource !== undefined);
  return Object.fromEntries(own.map(({ resource, outcome }) => [resource?.id ?? '', outcome]));
}

async function recordOf(snapshot: Snapshot, type: string, id: string): Promise<Resource | undefined> {
  for (const collection of snapshot.manifest.collections.filter((one) => one.type === type))
    for await (const batch of snapshot.records(collection)) for (const one of batch) if (one.id === id) return one;
  return undefined;
}

const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333';
const listener = (port: number) => `${arn}:listener/app/web/1/${port}`;
const target = `${arn}:targetgroup/web/50dc6c495c0c9188`;
const redirect = (protocol: string) => ({
  type: 'redirect',
  order: 1,
  redirect: [{ protocol, port: '443', status_code: 'HTTP_301' }],
});
const forward = { type: 'forward', order: 1, target_group_arn: target };
const rule = (port: number, priority: number, action: object) => ({
  arn: `${port}-${priority}`,
  id: `${port}-${priority}`,
  listener_arn: listener(port),
  priority,
  condition: [{ path_pattern: [{ values: ['/old/*'] }] }],
  action: [action],
});

describe('a listener that is there', () => {
  const folder = 'elastic-load-balancing-v2-listener';
  const redirects = 'elb-http-redirects-to-https';
  const state = {
    arn: listener(80),
    id: listener(80),
    load_balancer_arn: `${arn}:loadbalancer/app/web/1`,
    port: 80,
    protocol: 'HTTP',
    default_action: [redirect('HTTPS')],
  };

  test.each<[string, Readonly<Record<string, PlannedChange>>, Outcome]>([
    ['keeps its promise with one more redirect', { after: rule(80, 30, redirect('HTTPS')) } as never, 'pass'],
    ['breaks it by one more rule that answers', { after: rule(80, 30, forward) } as never, 'fail'],
    [
      'breaks it by a rule that is changed',
      {
        actions: ['update'],
        before: rule(80, 10, { type: 'fixed-response', fixed_response: [{ status_code: '404' }] }),
        after: rule(80, 10, forward),
      } as never,
      'fail',
    ],
  ])('%s, though only the rule is in the plan', async (_, change, expected) => {
    const plan = planOf({ 'aws_lb_listener_rule.one': change as PlannedChange });
    const { before, after } = await laid(folder, plan);
    expect((await outcomesOf(before, redirects))[listener(80)]).toBe('pass');
    expect((await outcomesOf(after, redirects))[listener(80)]).toBe(expected);
    const rules = (await recordOf(after, 'AWS::ElasticLoadBalancingV2::Listener', listener(80)))?.properties.Rules;
    expect(rules).toContainEqual(expect.objectContaining({ Priority: 'default', IsDefault: true }));
  });

  test('keeps the rules that others declare when its own are changed', async () => {
    const plan = planOf({
      'aws_lb_listener.http': {
        actions: ['update'],
        before: state,
        after: { ...state, default_action: [redirect('#{protocol}')] },
      },
    });
    const { after } = await laid(folder, plan);
    const record = await recordOf(after, 'AWS::ElasticLoadBalancingV2::Listener', listener(80));
    expect(record?.properties.Rules).toHaveLength(2);
    expect(record?.properties.Rules).toContainEqual(expect.objectContaining({ Priority: '10' }));
    expect((await outcomesOf(after, redirects))[listener(80)]).toBe('fail');
  });

  test('is mended when the rule that breaks it goes', async () => {
    const before = rule(8080, 20, forward);
    const whole = { ...state, arn: listener(8080), id: listener(8080), port: 8080 };
    const plan = planOf({
      'aws_lb_listener_rule.old': { actions: ['delete'], before },
      'aws_lb_listener.alt': {
        actions: ['update'],
        before: { ...whole, default_action: [redirect('#{protocol}')] },
        after: { ...whole, default_action: [redirect('HTTPS')] },
      },
    });
    const { after } = await laid(folder, plan);
    expect((await outcomesOf(after, redirects))[listener(8080)]).toBe('pass');
  });

  test.each<[string, Outcome]>([
    ['ELBSecurityPolicy-TLS13-1-2-2021-06', 'pass'],
    ['ELBSecurityPolicy-2016-08', 'fail'],
    ['ELBSecurityPolicy-Acme-2030', 'unknown'],
  ])('has a neighbour with the policy %s, as AWS describes it: %s', async (ssl_policy, expected) => {
    const { arn: _, id: __, ...values } = { ...state, port: 444, protocol: 'HTTPS', ssl_policy };
    const plan = planOf({ 'aws_lb_listener.tls': { after: values, unknown: { arn: true, id: true } } });
    const { after } = await laid(folder, plan);
    expect((await outcomesOf(after, 'elb-tls-policy-modern'))['aws_lb_listener.tls']).toBe(expected);
  });
});

describe('an instance that is there', () => {
  const folder = 'ec2-instance';
  const id = 'i-0aaa0000000000001';
  const state = {
    id,
    arn: `arn:aws:ec2:eu-west-1:${account}:instance/${id}`,
    primary_network_interface_id: 'eni-0aaa0000000000001',
    vpc_security_group_ids: ['sg-0aaa0000000000001'],
    instance_state: 'running',
    launch_template: [],
    tags: { Name: 'kept', Role: 'bastion' },
    tags_all: { Name: 'kept', Role: 'bastion' },
  };

  test('that is put into an open group makes that group the door of a bastion', async () => {
    const after = { ...state, vpc_security_group_ids: ['sg-0aaa0000000000002'] };
    const plan = planOf({ 'aws_instance.bastion': { actions: ['update'], before: state, after } });
    const sides = await laid(folder, plan);
    const record = await recordOf(sides.after, 'AWS::EC2::Instance', id);
    expect(record?.properties.NetworkInterfaces).toMatchObject([{ Groups: [{ GroupId: 'sg-0aaa0000000000002' }] }]);
    expect(record?.properties.LaunchTime).toBe('2026-11-24T01:00:00.000Z');
    expect(await outcomesOf(sides.after, 'bastion-ingress-restricted')).toMatchObject({
      'sg-0aaa0000000000001': 'not-applicable',
      'sg-0aaa0000000000002': 'fail',
    });
  });

  test('gets a group from a plan that has nothing else of it', async () => {
    const plan = planOf({
      'aws_network_interface_sg_attachment.more': {
        after: { security_group_id: 'sg-0aaa0000000000002', network_interface_id: 'eni-0aaa0000000000001' },
      },
      'aws_instance.bastion': { actions: ['no-op'], before: state, after: state },
    });
    const { after } = await laid(folder, plan);
    const record = await recordOf(after, 'AWS::EC2::Instance', id);
    expect(record?.properties.NetworkInterfaces).toMatchObject([
      { NetworkInterfaceId: 'eni-0aaa0000000000001', Groups: [{ GroupId: 'sg-0aaa0000000000001' }] },
      { Groups: [{ GroupId: 'sg-0aaa0000000000002' }] },
    ]);
  });

  test('is stopped by a resource of its own', async () => {
    const broken = 'i-0aaa0000000000002';
    const plan = planOf({ 'aws_ec2_instance_state.off': { after: { instance_id: broken, state: 'stopped' } } });
    const { before, after } = await laid(folder, plan);
    expect((await outcomesOf(before, 'bastion-disabled-by-default'))[broken]).toBe('fail');
    expect((await outcomesOf(after, 'bastion-disabled-by-default'))[broken]).toBe('pass');
  });

  test('has a tag from a resource of its own', async () => {
    const change = { after: { resource_id: 'i-0aaa0000000000003', key: 'Role', value: 'bastion' } };
    const { after } = await laid(folder, planOf({ 'aws_ec2_tag.role': change }));
    const record = await recordOf(after, 'AWS::EC2::Instance', 'i-0aaa0000000000003');
    expect(record?.properties.Tags).toEqual([
      { Key: 'Name', Value: 'web' },
      { Key: 'Role', Value: 'bastion' },
    ]);
  });
});

describe('the default group of a VPC', () => {
  test('stays as it is when Terraform lets go of it', async () => {
    const id = 'sg-0aaa0000000000002';
    const before = { id, name: 'open', ingress: [], egress: [], tags_all: {} };
    const plan = planOf({ 'aws_default_security_group.main': { actions: ['delete'], before } });
    const { after } = await laid('ec2-instance', plan);
    expect((await outcomesOf(after, 'sg-no-public-ssh'))[id]).toBe('fail');
  });
});

describe('snapshots that a plan makes', () => {
  test('are judged with the whole account at hand', async () => {
    const plan = readFileSync(new URL('../fixtures/parity/ec2-snapshot/plan.json', import.meta.url));
    const { after } = await laid('ec2-snapshot', plan);
    expect(await outcomesOf(after, 'ec2-snapshot-max-age')).toMatchObject({
      'aws_ebs_snapshot.kept': 'pass',
      'aws_ebs_snapshot.held': 'not-applicable',
      'aws_ebs_snapshot_copy.dated': 'pass',
      'aws_ebs_snapshot_copy.broken': 'fail',
      'aws_ebs_snapshot_copy.undecided': 'unknown',
    });
  });
});
