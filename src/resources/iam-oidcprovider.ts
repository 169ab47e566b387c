import { namedArn } from '../model/declared-place.ts';
import type { Block, CloudFormationForm, Declared, ResourceType, TerraformForm } from '../model/resource-type.ts';
import { isUnknown, type JsonObject, unknown } from '../model/value.ts';

/** A provider is named by where it is found. IAM leaves out the scheme, and nothing is said of what else it may change. */
function hostOf(url: Declared): Declared {
  if (isUnknown(url)) return url;
  const host = typeof url === 'string' ? /^https:\/\/([a-z0-9.-]+(?:\/[^/?#]+)*)$/.exec(url)?.[1] : undefined;
  return host ?? unknown('known-after-apply', 'what IAM makes of the URL is known only when it exists');
}

function propertiesOf(block: Block, arn: Declared, url: Declared): JsonObject {
  return { Arn: namedArn(block, arn, { service: 'iam', region: 'global', resource: ['oidc-provider/', hostOf(url)] }) };
}

const terraform: TerraformForm = {
  main: ['aws_iam_openid_connect_provider'],
  identity: ['arn', 'id'],
  setBy: { Arn: ['url'] },
  properties: (block) => propertiesOf(block, block.values.arn, block.values.url),
};

const cloudformation: CloudFormationForm = {
  replacement: { always: ['Url'] },
  attributes: { Arn: 'id' },
  setBy: { Arn: ['Url'] },
  properties: (block) => propertiesOf(block, undefined, block.values.Url),
};

export const resourceType: ResourceType = {
  type: 'AWS::IAM::OIDCProvider',
  noun: 'OIDC provider',
  reach: 'global',
  id: 'Arn',
  arn: 'Arn',
  always: ['Arn'],
  listing: { call: { service: 'iam', operation: 'ListOpenIDConnectProviders' }, items: 'OpenIDConnectProviderList[]' },
  terraform,
  cloudformation,
};
