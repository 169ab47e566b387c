import { ageComparison } from '../model/age-comparison.ts';

/** Age above a limit: `olderThan: 90d`. Unknown for what lies more than a day in the future. */
export const operator = ageComparison('olderThan', 'Is a time that lies further back than the duration.', true);
