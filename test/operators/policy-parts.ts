import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/value.ts';

/** A policy variable, such as the name of whoever asks. */
export function variable(name: string): string {
  return `\${${name}}`;
}

export function document(statements: Json): JsonObject {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(members: JsonObject): JsonObject {
  return { Effect: 'Allow', ...members };
}

export function deny(members: JsonObject): JsonObject {
  return { Effect: 'Deny', ...members };
}

const texts = (...of: readonly string[]) =>
  fc.oneof(fc.constantFrom(...of), fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: 3 }));

const action = texts('*', '*:*', 's3:*', 's3:GetObject', 's3:Get*', 'iam:*', 'ec2:*', 'sts:AssumeRole', 's3:G?tObject');
const resource = texts(
  '*',
  'arn:aws:*',
  'arn:aws:s3:::acme-logs',
  'arn:aws:s3:::acme-logs/*',
  `arn:aws:s3:::acme/${variable('aws:username')}`,
);
const names = texts('*', '111122223333', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:role/app');

/** Conditions that narrow, that do not, and that cannot be decided. */
export const condition: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom(
    ...['Bool', 'BoolIfExists', 'StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'IpAddress'],
    ...['NotIpAddress', 'StringEqualsIfExists', 'ForAllValues:StringEquals', 'NumericLessThan', 'Null', 'ArnLike'],
  ),
  fc.dictionary(
    fc.constantFrom(
      ...['aws:SecureTransport', 'aws:PrincipalOrgID', 'aws:SourceIp', 'aws:SourceArn', 's3:TlsVersion'],
      ...['aws:MultiFactorAuthPresent', 'aws:RequestedRegion', 's3:x-amz-acl', 'aws:PrincipalArn'],
    ),
    texts(
      'true',
      'false',
      '*',
      'o-a1b2c3d4e5',
      '198.51.100.0/24',
      '0.0.0.0/0',
      'eu-west-1',
      '1.2',
      'arn:aws:s3:::acme-logs',
    ),
    { maxKeys: 2 },
  ),
  { maxKeys: 2 },
);

/** Statements of identity and resource policies, all of which AWS takes. */
export const statement: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      does: fc.oneof(
        { weight: 4, arbitrary: action.map((Action) => ({ Action })) },
        action.map((NotAction) => ({ NotAction })),
      ),
      on: fc.oneof(
        { weight: 4, arbitrary: resource.map((Resource) => ({ Resource })) },
        resource.map((NotResource) => ({ NotResource })),
      ),
      who: fc.oneof(
        {
          weight: 4,
          arbitrary: fc
            .oneof(
              fc.constant('*'),
              names.map((AWS) => ({ AWS })),
            )
            .map((Principal) => ({ Principal })),
        },
        names.map((AWS) => ({ NotPrincipal: { AWS } })),
      ),
      Condition: condition,
    },
    { requiredKeys: ['Effect', 'does', 'on', 'who'] },
  )
  .map(({ does, on, who, ...rest }): JsonObject => ({ ...rest, ...does, ...on, ...who }));
