import type { Call } from '../model/resource-type.ts';

/** Who the credentials belong to: asked once, before anything else. */
export const callerIdentity: Call = { service: 'sts', operation: 'GetCallerIdentity' };

/** All regions, those that are switched off for the account included. */
export const describeRegions: Call = {
  service: 'ec2',
  operation: 'DescribeRegions',
  input: { AllRegions: true },
};

/** The calls that this folder makes by itself; those of the resource types are declared with them. */
export const ownCalls: readonly Call[] = [callerIdentity, describeRegions];
