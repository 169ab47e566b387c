import type { Call } from '../model/resource-type.ts';

// The calls that this folder makes by itself; those of the resource types are declared with them.

/** Who the credentials belong to: asked once, before anything else. */
export const callerIdentity: Call = { service: 'sts', operation: 'GetCallerIdentity' };

/** All regions, those that are switched off for the account included. */
export const describeRegions: Call = {
  service: 'ec2',
  operation: 'DescribeRegions',
  input: { AllRegions: true },
};

/** Credentials of a role in another account. It is the caller who needs the permission, and not that role. */
export const assumeRole: Call = { service: 'sts', operation: 'AssumeRole' };
