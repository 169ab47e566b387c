import { addDuration, type Duration, durationPattern, parseDuration, sayDuration } from './duration.ts';
import { parseInstant } from './instant.ts';
import { textOperand } from './operand.ts';
import { OperandError, type Operator } from './operator.ts';
import { FALSE, truth, UNKNOWN } from './truth.ts';
import type { Json } from './value.ts';
import { say } from './words.ts';

/**
 * `olderThan` and `within`, which are each other's opposite for every timestamp. Something is older than a duration
 * from the first millisecond after its creation plus that duration; calendar months are counted in UTC, and a day that
 * the last month lacks is its last day. A time in the future has no age: it is within every duration.
 */
export function ageComparison(name: string, summary: string, older: boolean): Operator {
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
          const created = typeof value === 'string' ? parseInstant(value) : undefined;
          return created === undefined ? UNKNOWN : truth(run.now > addDuration(created, duration) === older);
        },
      };
    },
    words: (operand, negated) => `is ${older === negated ? 'at most' : 'more than'} ${sayOperand(operand)} old`,
  };
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
