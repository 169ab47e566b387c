/**
 * The ids of the rules about waivers themselves, which no rule file may take. They stand apart from the rules, so that a
 * rule file is checked without all that judges waivers.
 */
export const waiverRuleIds = ['waiver-expired', 'waiver-over-broad', 'waiver-unmatched'] as const;
