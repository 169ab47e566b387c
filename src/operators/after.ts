import { dateComparison } from '../model/date-comparison.ts';

/** Strictly after an instant, or after a day has ended in UTC. */
export const operator = dateComparison('after', 'Is a time after the given instant or day (UTC).', false);
