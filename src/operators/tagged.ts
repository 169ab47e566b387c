import { compileGlobs } from '../model/glob.ts';
import { membersOperand, textOperand, textsOperand, textsSchema } from '../model/operand.ts';
import { OperandError, type Operator, type OperatorPlace } from '../model/operator.ts';
import { tagReader } from '../model/resource.ts';
import { FALSE, TRUE, truth, UNKNOWN } from '../model/truth.ts';
import { type Found, isObject, isUnknown, type Json } from '../model/value.ts';
import { expectation, say, sayList } from '../model/words.ts';

/**
 * The judged resource has a tag, where the key is a parameter; a key that is known is written `tag.Owner`. Letter case
 * counts, in keys as in values.
 */
export const operator: Operator = {
  name: 'tagged',
  summary: 'Has the tag `key`, with a value that matches the glob `value`, or one of these globs, where given.',
  operand: {
    type: 'object',
    properties: { key: { type: 'string', minLength: 1, maxLength: 128 }, value: textsSchema },
    required: ['key'],
    additionalProperties: false,
    examples: [{ key: 'Owner' }, { key: 'Role', value: ['bastion', 'jump-*'] }],
  },
  kinds: ['object'],
  onItem: true,
  whenAbsent: FALSE,
  reads: ['/tag'],
  prepare(operand, place) {
    const { key, matches } = tagOperand(operand, place);
    const tag = tagReader(place.type, key);
    return {
      test(_value, resource) {
        const found = tag(resource);
        if (found === undefined) return FALSE;
        return typeof found === 'string' ? truth(matches(found)) : UNKNOWN;
      },
      explain(_value, resource, _run, _path, answer) {
        const expected = expectation(words(operand, answer === TRUE));
        return [{ path: `tag.${key}`, observed: readable(tag(resource)), expected }];
      },
    };
  },
  words,
};

function words(operand: Json, negated: boolean): string {
  const { key = operand, value } = isObject(operand) ? operand : {};
  const name = typeof key === 'string' ? key : `named by ${say(key)}`;
  const values = value === undefined ? '' : ` with a value like ${sayList(value, 'or')}`;
  return `${negated ? 'does not have' : 'has'} the tag ${name}${values}`;
}

function tagOperand(operand: Json, place: OperatorPlace): { key: string; matches: (value: string) => boolean } {
  const members = membersOperand(operand, ['key', 'value']);
  const key = textOperand(members.key, "a tag's key", ['key']);
  if (place.path !== '') throw new OperandError('tags belong to the resource as a whole, not to a part of it');
  if (place.type.tags === undefined) throw new OperandError(`${place.type.type} has no tags`);
  if (members.value === undefined) return { key, matches: () => true };
  return { key, matches: compileGlobs(textsOperand(members.value, 'a pattern', ['value'])) };
}

function readable(found: Found): Found {
  if (found === undefined || typeof found === 'string' || isUnknown(found)) return found;
  return { $unknown: 'type', detail: 'the value of a tag is not text' };
}
