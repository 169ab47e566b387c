import { expect, it } from 'vitest';
import { placeInPolicy, policyFolder } from '../../src/policy/place-in-policy.ts';

it.each([
  ['policies.yaml', ''],
  ['./policy/policies.yaml', 'policy/'],
  ['policy\\policies.yaml', 'policy/'],
  ['/opt/proviso/policies.yaml', undefined],
  ['C:\\proviso\\policies.yaml', undefined],
  ['../policies.yaml', undefined],
  ['policy/../../policies.yaml', undefined],
])('the policy %s lies in the folder %s of the run', (file, folder) => {
  expect(policyFolder({ file })).toBe(folder);
});

it.each([
  ['policies.yaml', 'policies.yaml', 'policies.yaml'],
  ['policies.yaml', 'parts/aws.yaml', 'parts/aws.yaml'],
  ['/opt/acme/policies.yaml', '/opt/acme/parts/aws.yaml', 'parts/aws.yaml'],
  ['C:\\acme\\policies.yaml', 'C:\\acme\\parts/aws.yaml', 'parts/aws.yaml'],
  ['../acme/policies.yaml', '../acme/policies.yaml', 'policies.yaml'],
])('of the policy %s, a clause in %s stands in %s wherever the program runs', (root, file, shown) => {
  expect(placeInPolicy({ file: root }, { file, line: 12, column: 3 })).toEqual({ file: shown, line: 12 });
});
