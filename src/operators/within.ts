import { ageComparison } from '../model/age-comparison.ts';

/** Age up to a limit: `within: 6mo`. Unknown for what lies more than a day in the future. */
export const operator = ageComparison('within', 'Is a time that lies no further back than the duration.', false);
