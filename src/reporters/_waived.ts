import { several } from '../finding/counts.ts';
import type { Assessment, WaiverSummary } from '../finding/finding.ts';
import { parseDate } from '../model/instant.ts';

const day = 86_400_000;
const shown = 20;

/** `until 2027-03-31, in 5 days`, counted in whole days of UTC from the day of the run. */
function until({ expires }: WaiverSummary, now: string): string {
  const [end, today] = [parseDate(expires), parseDate(now.slice(0, 10))];
  const left = end === undefined || today === undefined ? undefined : Math.round((end - today) / day);
  const when = left === undefined ? '' : left === 0 ? ', its last day' : `, in ${several(left, 'day')}`;
  return `until ${expires}${when}`;
}

const idleWords: Readonly<Record<WaiverSummary['state'], string>> = {
  active: 'covers nothing here',
  unmatched: 'covers nothing here',
  expired: 'has expired',
  'over-broad': 'is too broad to cover anything',
};

/** The waivers that cover nothing, a line each: who counts on one must hear of it where it would have counted. */
export function idleWaivers({ waivers }: Assessment): readonly string[] {
  return waivers
    .filter(({ state, matched }) => state !== 'active' || matched === 0)
    .map(({ id, rule, covers, state, expires }) => {
      const when = state === 'expired' ? `, on ${expires}` : '';
      return `the waiver ${id} for ${rule}, ${covers}, ${idleWords[state]}${when}`;
    });
}

/** The waivers that cover something, a line each, the first to expire first; what came from a file is made plain by the caller. */
export function waivedLines({ waivers, now }: Assessment): readonly string[] {
  const covering = waivers.filter(({ state, matched }) => state === 'active' && matched > 0);
  covering.sort((a, b) => (a.expires < b.expires ? -1 : a.expires > b.expires ? 1 : 0));
  const lines = covering
    .slice(0, shown)
    .map(
      (waiver) =>
        `${waiver.rule}, ${waiver.covers}: ${several(waiver.matched, 'failure')} ${until(waiver, now)} (${waiver.owner})`,
    );
  return covering.length > shown ? [...lines, `and ${several(covering.length - shown, 'more waiver')}`] : lines;
}
