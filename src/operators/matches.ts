import type { RE2JS } from 're2js';
import { textOperand } from '../model/operand.ts';
import { OperandError, type Operator } from '../model/operator.ts';
import { FALSE, truth, UNKNOWN } from '../model/truth.ts';
import { unknown } from '../model/value.ts';
import { expectation, say } from '../model/words.ts';

/** Longest pattern, in UTF-16 units, and largest compiled one, in instructions. */
const longestPattern = 500;
const largestProgram = 500;
/** Longest text that is matched, in UTF-16 units: longer text is UNKNOWN. */
const longestText = 10_000;

let engine: typeof RE2JS | undefined;

/**
 * An RE2 pattern that must match the whole text, as if it stood between `^` and `$`; letter case counts unless the
 * pattern begins with `(?i)`. RE2 knows neither back-references nor look-around, and its time grows linearly with the
 * text. Globs (`like`) are easier to read wherever they do.
 */
export const operator: Operator = {
  name: 'matches',
  summary: 'Is text that matches the RE2 pattern from its beginning to its end.',
  operand: { type: 'string', minLength: 1, maxLength: longestPattern, examples: ['[0-9]{12}', '(?i)prod-.*'] },
  kinds: ['string'],
  whenAbsent: FALSE,
  async load() {
    engine ??= (await import('re2js')).RE2JS;
  },
  prepare(operand) {
    const pattern = compilePattern(textOperand(operand, 'a pattern'));
    return {
      test: (value) =>
        typeof value === 'string' && value.length <= longestText ? truth(pattern.testExact(value)) : UNKNOWN,
      explain(value, _resource, _run, path, answer) {
        const expected = expectation(words(operand, answer > UNKNOWN));
        if (answer !== UNKNOWN) return [{ path, observed: value, expected }];
        const observed =
          typeof value === 'string'
            ? unknown('limit', `a text of ${value.length} characters is too long for a pattern`)
            : unknown('type', 'only text can be matched');
        return [{ path, observed, expected }];
      },
    };
  },
  words,
};

function words(operand: Parameters<Operator['words']>[0], negated: boolean): string {
  return `${negated ? 'does not match' : 'matches'} the pattern ${say(operand)}`;
}

function compilePattern(text: string): RE2JS {
  if (engine === undefined) throw new Error("operator 'matches' was used before it was loaded");
  if (text === '') throw new OperandError('an empty pattern');
  if (text.length > longestPattern) throw new OperandError(`a pattern longer than ${longestPattern} characters`);
  let pattern: RE2JS;
  try {
    pattern = engine.compile(text);
  } catch (error) {
    throw new OperandError(`not an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (pattern.programSize() > largestProgram) throw new OperandError('a pattern too large when its repetitions unfold');
  return pattern;
}
