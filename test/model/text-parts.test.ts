import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversOpen, withParts } from '../../src/model/text-parts.ts';
import { FALSE, TRUE, UNKNOWN } from '../../src/model/truth.ts';
import { type TextPart, unknown } from '../../src/model/value.ts';
import { coversWildcard, parseWildcard } from '../../src/model/wildcard.ts';

const own: TextPart = { nameOf: 'Logs' };
const other: TextPart = { nameOf: 'Web' };
const arn = 'arn:aws:s3:::';
const bucket = { before: arn, nameOf: 'Logs', after: '' };
const objects = { ...bucket, after: '/?*' };

describe('a pattern, made of parts, covers a bucket whose name nobody knows', () => {
  it.each<[string, readonly TextPart[], number, number]>([
    ['its ARN', [arn, own], TRUE, FALSE],
    ['its objects', [arn, own, '/*'], FALSE, TRUE],
    ['both', [arn, own, '*'], TRUE, TRUE],
    ['some objects', [arn, own, '/private/*'], FALSE, FALSE],
    ['a longer name', [arn, own, '-copy'], FALSE, FALSE],
    ['another bucket', [arn, other], UNKNOWN, UNKNOWN],
    ['two names', [arn, own, other], UNKNOWN, UNKNOWN],
    ['another partition', ['arn:aws-cn:s3:::', own], FALSE, FALSE],
    ['a name alone', [own], UNKNOWN, UNKNOWN],
    ['wildcards before the name', ['arn:*:s3:::', own], UNKNOWN, UNKNOWN],
    ['a policy variable', [arn, own, '/$\u007Baws:username}/*'], UNKNOWN, UNKNOWN],
    ['all buckets', [`${arn}*`], TRUE, TRUE],
    ['everything', ['*'], TRUE, TRUE],
    ['a literal, which may be its name', [`${arn}logs`], UNKNOWN, FALSE],
    ['a pattern of some names', [`${arn}????????*`], UNKNOWN, UNKNOWN],
    ['a pattern with letters of its address', [`${arn}*Logs*`], UNKNOWN, UNKNOWN],
    ['another service', ['arn:aws:sqs:*'], FALSE, FALSE],
    ['nothing', [], FALSE, FALSE],
  ])('by %s', (_what, pattern, ofBucket, ofObjects) => {
    expect([coversOpen(pattern, bucket), coversOpen(pattern, objects)]).toEqual([ofBucket, ofObjects]);
  });

  const text = fc.array(fc.constantFrom('a', 'b', '/', '*', '?', 'arn:', 'aws:s3:::'), { maxLength: 5 });
  const part = fc.oneof(
    fc.constantFrom<TextPart>(arn, own, other, '/*', '*'),
    text.map((all): TextPart => all.join('')),
  );
  const name = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((all) => all.join(''));

  it('only if it does so for every name that there may be, and not only if it does so for none', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }),
        fc.constantFrom('', '/?*', '*'),
        name,
        name,
        (pattern, after, a, b) => {
          const marker = withParts(unknown('known-after-apply'), pattern);
          const joined = marker.parts ?? [pattern.join('')];
          const answer = coversOpen(joined, { ...bucket, after });
          if (answer === UNKNOWN || joined.length > 20) return;
          const filled = pattern.map((one) => (typeof one === 'string' ? one : one.nameOf === 'Logs' ? a : b)).join('');
          const real = coversWildcard(parseWildcard(filled), parseWildcard(`${arn}${a}${after}`));
          expect(real === UNKNOWN ? answer : real).toBe(answer);
        },
      ),
      { numRuns: 20_000, seed: 20_261_124 },
    );
  });
});
