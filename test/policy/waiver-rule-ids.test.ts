import { expect, test } from 'vitest';
import { waiverRules } from '../../src/policy/waiver-results.ts';
import { waiverRuleIds } from '../../src/policy/waiver-rule-ids.ts';

test('every rule about waivers has its id kept free', () => {
  expect(waiverRules.map(({ id }) => id)).toEqual(waiverRuleIds);
});
