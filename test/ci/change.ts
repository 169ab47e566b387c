import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Attributes of a security group as Terraform plans them, with one rule. */
function planned(source: string, isKnown: boolean) {
  const ports = { from_port: 22, to_port: 22, protocol: 'tcp', description: '', self: false };
  const others = { ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [] };
  return {
    after: {
      name: 'front',
      vpc_id: 'vpc-1',
      egress: [],
      ...(isKnown ? { ingress: [{ ...ports, ...others, cidr_blocks: [source] }] } : {}),
    },
    after_unknown: { id: true, arn: true, ...(isKnown ? {} : { ingress: true }) },
  };
}

/** What `terraform show -json` prints of a plan for one security group; without a source, one that is known after apply. */
export function planOf(source: string | undefined): string {
  const name = { mode: 'managed', type: 'aws_security_group', name: 'front', address: 'aws_security_group.front' };
  const change = { actions: ['create'], before: null, ...planned(source ?? '', source !== undefined) };
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.15.0',
    complete: true,
    errored: false,
    applyable: true,
    variables: { password: { value: 'example-secret' } },
    resource_changes: [{ ...name, provider_name: 'registry.terraform.io/hashicorp/aws', change }],
    configuration: {
      provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } } },
      root_module: {
        resources: [{ ...name, provider_config_key: 'aws', expressions: { ingress: { references: ['local.rules'] } } }],
      },
    },
  });
}

/** A template with one security group. */
export function templateOf(source: string): string {
  const lines = [
    'Parameters:',
    '  Office: { Type: String }',
    'Resources:',
    '  Front:',
    '    Type: AWS::EC2::SecurityGroup',
    '    Properties:',
    '      GroupDescription: front',
    '      VpcId: vpc-1',
    '      SecurityGroupIngress:',
    `        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ${source} }`,
  ];
  return `${lines.join('\n')}\n`;
}

export const anywhere = '0.0.0.0/0';
export const office = '192.0.2.0/24';

/** A repository with plans and templates of all kinds, and a policy of one promise. */
export async function writeRepository(folder: string): Promise<void> {
  const clause = '{ claim: Nobody reaches SSH., verified: [rules], rules: [sg-no-public-ssh] }';
  const files = {
    'policies.yaml': `title: Acme\nclauses: { ssh: ${clause} }\n`,
    'infra/main.tf': 'resource "aws_security_group" "front" {\n  name    = "front"\n  ingress = local.rules\n}\n',
    'infra/broken.json': planOf(anywhere),
    'infra/kept.json': planOf(office),
    'infra/unknown.json': planOf(undefined),
    'broken.template.yaml': templateOf(anywhere),
    'kept.template.yaml': templateOf(office),
    'open.template.yaml': templateOf('!Ref Office'),
    'topic.template.yaml': 'Resources:\n  Alarms: { Type: AWS::SNS::Topic }\n',
    'office.json': JSON.stringify([{ ParameterKey: 'Office', ParameterValue: office }]),
    'notes.txt': 'nothing to judge\n',
  };
  await mkdir(join(folder, 'infra'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
