import { dateComparison } from '../model/date-comparison.ts';

/** Strictly before an instant, or before a day begins in UTC. */
export const operator = dateComparison('before', 'Is a time before the given instant or day (UTC).', true);
