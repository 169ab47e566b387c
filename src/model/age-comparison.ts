import { type Duration, durationPattern, hasPassed, parseDuration, sayDuration } from './duration.ts';
import { parseInstant } from './instant.ts';
import { doubts } from './observations.ts';
import { textOperand } from './operand.ts';
import { OperandError, type Operator, type Run } from './operator.ts';
import { FALSE, TRUE, truth, UNKNOWN } from './truth.ts';
import { type Json, unknown } from './value.ts';
import { expectation, say } from './words.ts';

/**
 * `olderThan` and `within`, which are each other's opposite for every timestamp. Something is older than a duration
 * from the first millisecond after its creation plus that duration; calendar months are counted in UTC, and a day that
 * the last month lacks is its last day. Clocks differ and a collection takes its time, so that what lies less than a day
 * ahead counts as new; a time further in the future has no age, and neither question about it has an answer.
 */
export function ageComparison(name: string, summary: string, older: boolean): Operator {
  const words = (operand: Json, negated: boolean) =>
    `is ${older === negated ? 'at most' : 'more than'} ${sayOperand(operand)} old`;
  return {
    name,
    summary,
    operand: { type: 'string', pattern: durationPattern, examples: ['90d', '12h', '6mo'] },
    kinds: ['timestamp', 'string'],
    whenAbsent: FALSE,
    prepare(operand) {
      const duration = durationOperand(operand);
      return {
        test(value, _resource, run) {
          const created = instantOf(value);
          if (created === undefined || isAhead(created, run)) return UNKNOWN;
          return truth(hasPassed(duration, created, run.now) === older);
        },
        explain(value, _resource, run, path, answer) {
          const created = instantOf(value);
          const expected = expectation(words(operand, answer === TRUE));
          if (created !== undefined && isAhead(created, run))
            return [{ path, observed: unknown('type', `${say(value)} lies in the future`), expected }];
          return answer === UNKNOWN ? doubts(value, path, expected) : [{ path, observed: value, expected }];
        },
      };
    },
    words,
  };
}

const day = 86_400_000;

function isAhead(created: number, { now }: Pick<Run, 'now'>): boolean {
  return created > now + day;
}

function instantOf(value: Json): number | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined;
}

function sayOperand(operand: Json): string {
  const duration = typeof operand === 'string' ? parseDuration(operand) : undefined;
  return duration === undefined ? say(operand) : sayDuration(duration);
}

function durationOperand(operand: Json): Duration {
  const text = textOperand(operand, 'a duration such as 90d, 12h or 6mo');
  const duration = parseDuration(text);
  if (duration !== undefined) return duration;
  throw new OperandError(`'${text}' is not a duration: write 30m, 12h, 90d, 2w, 6mo, 1y or ISO 8601 such as P90D`);
}
