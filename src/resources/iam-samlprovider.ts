import { bornAt } from '../model/declared-additions.ts';
import { namedArn } from '../model/declared-place.ts';
import { chosen } from '../model/declared-policy.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import type { JsonObject } from '../model/value.ts';

function propertiesOf(block: Block, arn: Declared, name: Declared, until: Declared): JsonObject {
  const resource = ['saml-provider/', chosen(name, 'its name')];
  return {
    Arn: namedArn(block, arn, { service: 'iam', region: 'global', resource }),
    CreateDate: bornAt(block),
    ValidUntil: chosen(until, 'how long it is valid'),
  };
}

const born = ['CreateDate', 'ValidUntil'];

const terraform: TerraformForm = {
  main: ['aws_iam_saml_provider'],
  identity: ['arn', 'id'],
  born,
  setBy: { Arn: ['name'] },
  properties: (block) => propertiesOf(block, block.values.arn, block.values.name, block.values.valid_until),
};

const cloudformation: CloudFormationForm = {
  replacement: { always: ['Name', 'AddPrivateKey', 'RemovePrivateKey'] },
  attributes: { Arn: 'id' },
  born,
  setBy: { Arn: ['Name'] },
  properties: (block) => propertiesOf(block, undefined, block.values.Name, undefined),
};

export const resourceType: ResourceType = {
  type: 'AWS::IAM::SAMLProvider',
  noun: 'SAML provider',
  reach: 'global',
  id: 'Arn',
  arn: 'Arn',
  always: ['Arn'],
  listing: { call: { service: 'iam', operation: 'ListSAMLProviders' }, items: 'SAMLProviderList[]' },
  terraform,
  cloudformation,
};
