import { describe, expect, it } from 'vitest';
import { isUnknown, type Json } from '../../src/model/value.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { known, propertiesAt } from './proposed.ts';

async function rulesOf(SecurityGroupIngress: Json): Promise<readonly Json[]> {
  const Properties = { GroupDescription: 'web', SecurityGroupIngress };
  const text = JSON.stringify({ Resources: { Web: { Type: 'AWS::EC2::SecurityGroup', Properties } } });
  const proposal = await readTemplate(Buffer.from(text), 'web.json', { ...(await known()), region: 'eu-west-1' });
  const { IpPermissions: rules } = propertiesAt(proposal, 'Web');
  return Array.isArray(rules) ? rules : [rules ?? null];
}

const office = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '198.51.100.0/24' };

describe('a rule of a security group that is no rule', () => {
  it.each<[string, Json]>([
    ['a text', '0.0.0.0/0'],
    ['a number', 22],
    ['null', null],
    ['a list', [office]],
    ['an empty list', []],
    ['an empty map', {}],
    ['without a source', { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }],
  ])('such as %s, makes the list unknown and is not skipped', async (_what, odd) => {
    const rules = await rulesOf([office, odd]);
    expect(rules.filter((rule) => isUnknown(rule))).toMatchObject([{ $unknown: 'type' }]);
    expect(rules).toHaveLength(2);
  });

  it.each<[string, Json]>([
    ['a text', '0.0.0.0/0'],
    ['a map', office],
  ])('is not empty where %s stands for the list', async (_what, odd) => {
    expect(await rulesOf(odd)).toMatchObject([{ $unknown: 'type' }]);
  });
});
