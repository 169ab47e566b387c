import { expect, it } from 'vitest';
import { suggestion } from '../../src/model/suggest.ts';

it.each([
  ['pas', ['pass', 'fail'], "did you mean 'pass'?"],
  ['HttpToken', ['HttpTokens', 'HttpEndpoint'], "did you mean 'HttpTokens'?"],
  ['ippermissions', ['IpPermissions', 'IpPermissionsEgress'], "did you mean 'IpPermissions'?"],
  ['banana', ['pass', 'fail'], 'one of: pass, fail'],
  ['banana', Array.from({ length: 13 }, (_, index) => `word${index}`), undefined],
  ['x', [], undefined],
])('%s among %j gives %s', (word, candidates, hint) => {
  expect(suggestion(word, candidates)).toBe(hint);
});
