import { addMonths } from './instant.ts';

/** A length of time. Calendar months are kept apart, because their length depends on where they start. */
export interface Duration {
  /** Calendar months; a year is twelve. */
  readonly months: number;
  readonly milliseconds: number;
}

/** What a text must look like for {@link parseDuration}, for JSON Schema. */
export const durationPattern =
  '^([0-9]{1,6}(m|h|d|w|mo|y)|P(?=[0-9T])([0-9]{1,6}Y)?([0-9]{1,6}M)?([0-9]{1,6}W)?([0-9]{1,6}D)?' +
  '(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}S)?)?)$';

const short = /^(\d{1,6})(m|h|d|w|mo|y)$/;
const iso =
  /^P(?=[\dT])(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const longestMonths = 12_000;
const longestMilliseconds = 365_000 * day;

/**
 * Reads `30m` (minutes), `12h`, `90d`, `2w`, `6mo` (calendar months), `1y` (twelve of them), or the same in ISO 8601:
 * `PT30M`, `P90D`, `P6M`, `P1Y6M`. A day is 24 hours.
 *
 * @returns undefined for any other text, and for more than a thousand years
 */
export function parseDuration(text: string): Duration | undefined {
  const numbers = shortNumbers(text) ?? isoNumbers(text);
  if (numbers === undefined) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = numbers;
  const duration: Duration = {
    months: years * 12 + months,
    milliseconds: (weeks * 7 + days) * day + hours * hour + minutes * minute + seconds * second,
  };
  return duration.months > longestMonths || duration.milliseconds > longestMilliseconds ? undefined : duration;
}

/** The instant that lies so much later: the calendar months first, then the rest. */
export function addDuration(instant: number, duration: Duration): number {
  return (duration.months === 0 ? instant : addMonths(instant, duration.months)) + duration.milliseconds;
}

/** Whether more than a duration lies between two instants. Only near its end has the calendar to be asked. */
export function hasPassed(duration: Duration, since: number, now: number): boolean {
  const rest = now - since - duration.milliseconds;
  // So many months have 28 days each at least, and 31 at most, wherever they start.
  if (rest <= duration.months * 28 * day) return false;
  return rest > duration.months * 31 * day || now > addDuration(since, duration);
}

/** `90 days`, `6 calendar months`, `1 day and 12 hours`. */
export function sayDuration(duration: Duration): string {
  const parts = duration.months === 0 ? [] : [sayCount(duration.months, 'calendar month')];
  let rest = duration.milliseconds;
  for (const [unit, name] of [
    [day, 'day'],
    [hour, 'hour'],
    [minute, 'minute'],
    [second, 'second'],
  ] as const) {
    const number = Math.floor(rest / unit);
    rest -= number * unit;
    if (number > 0) parts.push(sayCount(number, name));
  }
  const last = parts.pop() ?? '0 days';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

function sayCount(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Years, months, weeks, days, hours, minutes, seconds. */
function shortNumbers(text: string): readonly number[] | undefined {
  const parts = short.exec(text);
  if (parts === null) return undefined;
  const place = ['y', 'mo', 'w', 'd', 'h', 'm'].indexOf(parts[2] ?? '');
  return [...new Array<number>(place).fill(0), Number(parts[1])];
}

function isoNumbers(text: string): readonly number[] | undefined {
  return iso
    .exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
}
