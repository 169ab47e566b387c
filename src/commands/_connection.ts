import type { AwsOptions } from '../aws/open-aws.ts';
import { type Io, type Option, type Options, text, texts } from './_command.ts';

/** The options of every command that talks to AWS. Names follow the AWS command line. */
export const connectionOptions: readonly Option[] = [
  { flags: '--profile <name>', description: 'named profile of the AWS configuration', env: 'AWS_PROFILE' },
  { flags: '--region <region...>', description: 'collect only these regions (default: all that are enabled)' },
  { flags: '--role-arn <arn>', description: 'role to assume before anything is asked' },
  {
    flags: '--external-id <id>',
    description: "external id that the role's trust policy asks for",
    env: 'PROVISO_EXTERNAL_ID',
  },
  {
    flags: '--endpoint-url <url>',
    description: 'send all calls there instead of to AWS; the report says so',
    env: 'AWS_ENDPOINT_URL',
  },
];

/** Where and as whom AWS is asked, and which regions the user chose. */
export interface Connection {
  readonly aws: AwsOptions;
  readonly regions: readonly string[] | undefined;
  /** What the report calls the endpoint, where its address means nothing to the reader. */
  readonly endpointName?: string;
}

export function connectionOf(options: Options, io: Io): Connection {
  const regions = texts(options.region);
  const region = regions[0] ?? io.env.AWS_REGION ?? io.env.AWS_DEFAULT_REGION;
  const given = {
    profile: text(options.profile),
    roleArn: text(options.roleArn),
    externalId: text(options.externalId),
    endpointUrl: text(options.endpointUrl),
    region: region === '' ? undefined : region,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== '');
  return {
    aws: { ...(Object.fromEntries(set) as AwsOptions), signal: io.signal },
    regions: regions.length === 0 ? undefined : regions,
    ...(typeof options.endpointName === 'string' ? { endpointName: options.endpointName } : {}),
  };
}
