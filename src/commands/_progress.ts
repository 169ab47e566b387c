import { plain } from '../finding/plain-text.ts';
import type { FleetEvent } from '../fleet/collect-accounts.ts';
import type { Io } from './_command.ts';

/** What the user should know beyond the run: it gets a line of its own. */
function noteOf(event: FleetEvent, several: boolean): string | undefined {
  switch (event.kind) {
    case 'notice':
      return event.text;
    case 'unreachable':
      return `account ${event.account} cannot be collected: ${plain(event.obstacle.detail ?? event.obstacle.reason)}`;
    case 'left-out': {
      const where = several ? `${event.region} of ${event.account}` : event.region;
      return `${event.records} × ${event.type} in ${where} left out: the region is not among those to collect`;
    }
    default:
      return undefined;
  }
}

/** Tells how far a collection is: on one line what goes on, on lines of their own what the user should know. */
export function showProgress(io: Io, accounts: number): (event: FleetEvent) => void {
  let ended = 0;
  const counts = new Map<string, { lists: number; records: number }>();
  const show = (text: string) => io.progress(accounts === 1 ? text : `${ended} of ${accounts} accounts done; ${text}`);
  return (event) => {
    const { account, kind } = event;
    const note = noteOf(event, accounts > 1);
    if (note !== undefined) io.note(note);
    if (kind === 'ended' || kind === 'unreachable') ended += 1;
    if (kind === 'begun') show(`asking for the regions of ${account}`);
    else if (kind === 'ended') show(`${account} is collected`);
    else if (kind === 'collected') {
      const { lists = 0, records = 0 } = counts.get(account) ?? {};
      const count = { lists: lists + 1, records: records + event.records };
      counts.set(account, count);
      const last = `last ${event.type} in ${event.region}`;
      show(`collecting ${account}: ${count.records} resources in ${count.lists} lists, ${last}`);
    }
  };
}
