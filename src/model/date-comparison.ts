import { parseDate, parseInstant } from './instant.ts';
import { textOperand } from './operand.ts';
import { OperandError, type Operator } from './operator.ts';
import { FALSE, truth, UNKNOWN } from './truth.ts';
import type { Json } from './value.ts';
import { sayBare } from './words.ts';

const day = 86_400_000;

/**
 * `before` and `after`. Both are strict. A bare date is that whole day in UTC: before it is before its first
 * millisecond, after it is from the first millisecond of the next day.
 */
export function dateComparison(name: string, summary: string, before: boolean): Operator {
  return {
    name,
    summary,
    operand: {
      type: 'string',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8,18}(Z|[+-][0-9]{2}:[0-9]{2}))?$',
      examples: ['2026-01-31', '2026-01-31T12:00:00Z'],
    },
    kinds: ['timestamp', 'string'],
    whenAbsent: FALSE,
    prepare(operand) {
      const { first, last } = periodOperand(operand);
      return {
        test(value) {
          const instant = typeof value === 'string' ? parseInstant(value) : undefined;
          return instant === undefined ? UNKNOWN : truth(before ? instant < first : instant > last);
        },
      };
    },
    words(operand, negated) {
      const word = before === negated ? 'after' : 'before';
      return `is ${negated ? `${isDate(operand) ? 'on' : 'at'} or ` : ''}${word} ${sayBare(operand)}`;
    },
  };
}

function isDate(operand: Json): boolean {
  return typeof operand === 'string' && operand.length === 10;
}

function periodOperand(operand: Json): { readonly first: number; readonly last: number } {
  const text = textOperand(operand, 'a date or time');
  const date = parseDate(text);
  if (date !== undefined) return { first: date, last: date + day - 1 };
  const instant = parseInstant(text);
  if (instant !== undefined) return { first: instant, last: instant };
  throw new OperandError(`'${text}' is neither a date such as 2026-01-31 nor a time such as 2026-01-31T12:00:00Z`);
}
