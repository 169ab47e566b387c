const timestamp = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const date = /^(\d{4})-(\d\d)-(\d\d)$/;
const day = 86_400_000;

/**
 * Reads a timestamp as AWS writes it: `2026-01-01T00:00:00.000Z`, with one to nine digits of fraction or none, and `Z`
 * or an offset such as `+00:00`. Digits beyond the millisecond are cut off.
 *
 * @returns milliseconds since 1970, or undefined for any other text, 30 February and a bare date included
 */
export function parseInstant(text: string): number | undefined {
  if (text.length > 40) return undefined;
  const parts = timestamp.exec(text);
  if (parts === null) return undefined;
  const midnight = parseDate(text.slice(0, 10));
  const [hours, minutes, seconds] = [Number(parts[4]), Number(parts[5]), Number(parts[6])];
  const [offsetHours, offsetMinutes] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (midnight === undefined || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * (parts[8] === '-' ? -60_000 : 60_000);
  const fraction = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return midnight + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + fraction - offset;
}

/**
 * Reads a calendar date, `2026-01-01`, as the instant at which it begins in UTC.
 *
 * @returns milliseconds since 1970, or undefined for any other text
 */
export function parseDate(text: string): number | undefined {
  const parts = date.exec(text);
  if (parts === null) return undefined;
  const [year, month, dayOfMonth] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month)) return undefined;
  return (daysBefore(year, month) + dayOfMonth - 1) * day;
}

/**
 * The same day of the month and time of day so many calendar months later, in UTC. Where that month is too short, its
 * last day: 31 August and six months give 28 or 29 February.
 */
export function addMonths(instant: number, months: number): number {
  const start = new Date(instant);
  const index = start.getUTCFullYear() * 12 + start.getUTCMonth() + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  const dayOfMonth = Math.min(start.getUTCDate(), daysInMonth(year, month));
  const timeOfDay = instant - Math.floor(instant / day) * day;
  return (daysBefore(year, month) + dayOfMonth - 1) * day + timeOfDay;
}

/** @param month 1 to 12 */
function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to the first of a month. A year here begins in March, so that the leap day is its last. */
function daysBefore(year: number, month: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const monthsSinceMarch = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((monthsSinceMarch * 153 + 2) / 5) - 719_468;
}
