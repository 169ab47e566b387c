import { describe, expect, it } from 'vitest';

type Generate = (more: readonly object[]) => Promise<readonly string[]>;
const generator = '../../.ci/generate-clients.mjs';
const { generate } = (await import(generator)) as { readonly generate: Generate };

describe('the generated clients', () => {
  it.each([
    [{ service: 'ec2', operation: 'DescribeNothing' }, /ec2 has no operation DescribeNothing/],
    [{ service: 'ec2', operation: 'DescribeVpcs', input: { VpcId: 'vpc-1' } }, /ec2:DescribeVpcs takes no VpcId/],
    [
      { service: 'ssm', operation: 'ListInventoryEntries', tokens: { input: 'Marker', output: 'NextToken' } },
      /no such token members/,
    ],
    [
      { service: 'ssm', operation: 'ListInventoryEntries', tokens: { input: 'NextToken', output: 'More' } },
      /answers with no More/,
    ],
  ])('refuse %o', async (call, message) => {
    await expect(generate([call])).rejects.toThrow(message);
  });
});
