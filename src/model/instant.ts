const day = 86_400_000;
const dot = 46;
const zero = 48;

/**
 * Reads a timestamp as AWS writes it: `2026-01-01T00:00:00.000Z`, with one to nine digits of fraction or none, and `Z`
 * or an offset such as `+00:00`. Digits beyond the millisecond are cut off.
 *
 * @returns milliseconds since 1970, or undefined for any other text, 30 February and a bare date included
 */
export function parseInstant(text: string): number | undefined {
  if (text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined;
  const hours = digits(text, 11, 13);
  const minutes = digits(text, 14, 16);
  const seconds = digits(text, 17, 19);
  const date = dayAt(text);
  const end = text.charCodeAt(19) === dot ? fractionEnd(text) : 19;
  const offset = offsetAt(text, end);
  if (date === undefined || offset === undefined || !(hours < 24 && minutes < 60 && seconds < 60)) return undefined;
  return date * day + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + milliseconds(text, end) - offset;
}

/**
 * Reads a calendar date, `2026-01-01`, as the instant at which it begins in UTC.
 *
 * @returns milliseconds since 1970, or undefined for any other text
 */
export function parseDate(text: string): number | undefined {
  const date = text.length === 10 ? dayAt(text) : undefined;
  return date === undefined ? undefined : date * day;
}

/** Days from 1970-01-01 to the date with which a text begins. */
function dayAt(text: string): number | undefined {
  if (text[4] !== '-' || text[7] !== '-') return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const dayOfMonth = digits(text, 8, 10);
  // Written so that a number that is none fails every comparison.
  const exists = year >= 0 && month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= daysInMonth(year, month);
  return exists ? daysBefore(year, month) + dayOfMonth - 1 : undefined;
}

/** Not a number where another character than an ASCII digit stands, or the text ends. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Where one to nine digits after the dot end; -1 for none or more. */
function fractionEnd(text: string): number {
  let at = 20;
  while (at < 30 && digits(text, at, at + 1) >= 0) at++;
  return at === 20 || at === 30 ? -1 : at;
}

function milliseconds(text: string, end: number): number {
  const length = Math.min(end - 20, 3);
  return length < 1 ? 0 : digits(text, 20, 20 + length) * 10 ** (3 - length);
}

/** Milliseconds by which local time is ahead of UTC: `Z` or `+hh:mm` up to the end of the text. */
function offsetAt(text: string, at: number): number | undefined {
  if (at < 0) return undefined;
  const sign = text[at];
  if (sign === 'Z') return text.length === at + 1 ? 0 : undefined;
  if ((sign !== '+' && sign !== '-') || text[at + 3] !== ':' || text.length !== at + 6) return undefined;
  const [hours, minutes] = [digits(text, at + 1, at + 3), digits(text, at + 4, at + 6)];
  if (!(hours < 24 && minutes < 60)) return undefined;
  return (hours * 60 + minutes) * (sign === '-' ? -60_000 : 60_000);
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
