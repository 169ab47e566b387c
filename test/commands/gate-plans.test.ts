import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { readProposal } from '../../src/commands/_gate-input.ts';
import { planned } from '../../src/model/planned.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { acmePlan, groupValues, newGroup } from '../fixtures/acme-plan.ts';
import { judge, quietIo, shippedQuestion } from '../scenarios/audited.ts';

const now = Date.UTC(2026, 10, 24, 2);
const office = '198.51.100.0/24';
const web = acmePlan([newGroup('web', office)]);

let temp: string;
let catalogue: Catalogue;
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'proviso-plans-'));
  catalogue = await loadCatalogue();
});
afterAll(() => rm(temp, { recursive: true, force: true }));

async function read(plans: Readonly<Record<string, object>>, options: Readonly<Record<string, string>> = {}) {
  const cwd = await mkdtemp(join(temp, 'run-'));
  for (const [name, plan] of Object.entries(plans)) await writeFile(join(cwd, name), JSON.stringify(plan));
  return readProposal(Object.keys(plans), options, { ...quietIo(), cwd }, { catalogue, now });
}

describe('a place that is named for a plan', () => {
  it.each([
    [{ region: 'eu-central-1' }, 'plan.json is for region eu-west-1, and --region says eu-central-1'],
    [{ account: '444455556666' }, 'plan.json is for account 111122223333, and --account says 444455556666'],
  ])('is an error where the plan names another one: %o', async (options, message) => {
    await expect(read({ 'plan.json': web }, options)).rejects.toMatchObject({ code: 'input', message });
  });

  it('is none where the plan names the same', async () => {
    const { home } = await read({ 'plan.json': web }, { region: 'eu-west-1', account: '111122223333' });
    expect(home).toEqual({ account: '111122223333', region: 'eu-west-1' });
  });
});

describe('several plans', () => {
  const addresses = async (plans: Readonly<Record<string, object>>) =>
    (await read(plans)).changes.map(({ declared, after }) => [declared.address, after?.id]);

  it('tell apart what they call alike', async () => {
    expect(await addresses({ 'a.json': web, 'b.json': web })).toEqual([
      ['a.json/aws_security_group.web', 'a.json/aws_security_group.web'],
      ['b.json/aws_security_group.web', 'b.json/aws_security_group.web'],
    ]);
  });

  it('have no name before their addresses where there is one', async () => {
    expect(await addresses({ 'a.json': web, './a.json': web })).toEqual([
      ['aws_security_group.web', 'aws_security_group.web'],
    ]);
  });

  it('find their own resources by what is written', async () => {
    const bastion = acmePlan(
      [
        newGroup('web', office),
        {
          address: 'aws_instance.bastion',
          actions: ['create'],
          after: { ami: 'ami-0123456789abcdef0', vpc_security_group_ids: [null] },
          unknown: { id: true, arn: true, vpc_security_group_ids: [true] },
        },
      ],
      {},
      {
        'aws_instance.bastion': {
          vpc_security_group_ids: { references: ['aws_security_group.web.id', 'aws_security_group.web'] },
        },
      },
    );
    const { changes } = await read({ 'a.json': web, 'b.json': bastion });
    const instance = changes.find(({ type }) => type === 'AWS::EC2::Instance');
    expect(instance?.after?.properties.SecurityGroups).toEqual([
      expect.objectContaining({ GroupId: 'b.json/aws_security_group.web' }),
    ]);
  });

  it('are counted together, with the doubts of each', async () => {
    const { coverage, doubts, madeAt, files } = await read({
      'a.json': { ...web, complete: false },
      'b.json': { ...web, timestamp: '2026-11-20T00:00:00Z' },
    });
    expect(coverage).toMatchObject({ declared: 2, mapped: 2 });
    expect(doubts).toMatchObject([
      { code: 'incomplete', detail: expect.stringMatching(/a\.json: the plan is not complete/) },
    ]);
    expect(madeAt).toBe(Date.UTC(2026, 10, 20));
    expect(files.map((file) => basename(file))).toEqual(['a.json', 'b.json']);
  });

  it('that set one thing differently leave it open', async () => {
    const sets = (cidr: string) =>
      acmePlan([
        {
          address: 'aws_security_group.web',
          actions: ['update'],
          before: groupValues('web', office, 'sg-0a1b2c3d4e5f60001'),
          after: groupValues('web', cidr, 'sg-0a1b2c3d4e5f60001'),
        },
      ]);
    const { changes, doubts } = await read({ 'a.json': sets(office), 'b.json': sets('0.0.0.0/0') });
    expect(changes.map(({ after }) => after?.properties.IpPermissions)).toEqual([
      expect.objectContaining({ $unknown: 'known-after-apply' }),
      expect.objectContaining({ $unknown: 'known-after-apply' }),
    ]);
    expect(doubts).toMatchObject([{ code: 'incomplete' }]);
  });

  it('are judged together: a rule of one opens the group of another', async () => {
    const id = 'sg-0a1b2c3d4e5f60001';
    const values = groupValues('web', office, id);
    const group = acmePlan([{ address: 'aws_security_group.web', actions: ['no-op'], before: values, after: values }]);
    const rule = acmePlan([
      {
        address: 'aws_vpc_security_group_ingress_rule.ssh',
        actions: ['create'],
        after: { security_group_id: id, ip_protocol: 'tcp', from_port: 22, to_port: 22, cidr_ipv4: '0.0.0.0/0' },
        unknown: { id: true, arn: true },
      },
    ]);
    const proposal = await read({ 'a.json': group, 'b.json': rule });
    const question = await shippedQuestion();
    const { results } = await judge(question, planned(proposal, question.catalogue.types).after, now);
    const outcomes = results.filter(({ rule: name }) => name === 'sg-no-public-ssh').map(({ outcome }) => outcome);
    expect(outcomes).toContain('fail');
  });

  it('have the lines of their files', async () => {
    const cwd = await mkdtemp(join(temp, 'run-'));
    for (const name of ['a', 'b']) {
      await mkdir(join(cwd, name));
      await writeFile(join(cwd, name, 'plan.json'), JSON.stringify(web));
      await writeFile(
        join(cwd, name, 'main.tf'),
        `${'\n'.repeat(name === 'a' ? 0 : 4)}resource "aws_security_group" "web" {}\n`,
      );
    }
    const io = { ...quietIo(), cwd };
    const { changes } = await readProposal(['a/plan.json', 'b/plan.json'], {}, io, { catalogue, now });
    expect(changes.map(({ declared }) => [declared.file, declared.line])).toEqual([
      ['a/main.tf', 1],
      ['b/main.tf', 5],
    ]);
  });
});
