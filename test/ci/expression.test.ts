import { describe, expect, it } from 'vitest';
import { applies, evaluate, interpolate } from './expression.ts';

const context = { inputs: { policy: 'p.yaml', accept: true }, steps: { audit: { outputs: { 'exit-code': '1' } } } };

describe("GitHub's expressions", () => {
  it.each<[string, string | boolean]>([
    ['inputs.policy', 'p.yaml'],
    ['inputs.nothing', ''],
    ['steps.other.outputs.x', ''],
    ["steps.audit.outputs.exit-code == '1'", true],
    ["!cancelled() && steps.audit.outputs.exit-code != ''", true],
    ["!cancelled() && (steps.audit.outputs.exit-code == '0' || inputs.accept)", true],
    ["inputs.policy == 'it''s' || inputs.missing", ''],
  ])('%s', (source, value) => {
    expect(evaluate(source, context)).toBe(value);
  });

  it('stand in texts', () => {
    expect(interpolate('a ${{ inputs.policy }} b ${{ inputs.none }}c', context)).toBe('a p.yaml b c');
  });

  it('let a step run after a failure only if it asks about the state', () => {
    expect(applies(undefined, true, context)).toBe(false);
    expect(applies("${{ inputs.policy != '' }}", true, context)).toBe(false);
    expect(applies('${{ !cancelled() }}', true, context)).toBe(true);
    expect(applies(undefined, false, context)).toBe(true);
  });

  it.each([
    ['inputs.a +', 'cannot read the expression from  +'],
    ["'open", "cannot read the expression from 'open"],
    ['(inputs.a', 'the expression ends too soon'],
    ['inputs.a inputs.b', 'what is inputs.b'],
  ])('that are not understood fail: %s', (source, says) => {
    expect(() => evaluate(source, context)).toThrow(says);
  });
});
