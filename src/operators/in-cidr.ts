import { type Cidr, covers, parseCidr, union } from '../model/cidr.ts';
import { textsOperand, textsSchema } from '../model/operand.ts';
import { OperandError, type Operator } from '../model/operator.ts';
import { FALSE, truth, UNKNOWN } from '../model/truth.ts';
import { sayBare, sayList } from '../model/words.ts';

/**
 * An address or block, every address of which lies in one of the operand's blocks: two operands that are the halves of
 * a block hold it together. A bare address is a block of one. Text that is neither is UNKNOWN.
 */
export const operator: Operator = {
  name: 'inCidr',
  summary: 'Is an IP address or CIDR block that lies wholly inside the given blocks.',
  operand: { ...textsSchema, examples: ['198.51.100.0/24', ['203.0.113.7', '2001:db8::/32']] },
  kinds: ['string'],
  whenAbsent: FALSE,
  prepare(operand) {
    const texts = textsOperand(operand, 'an address or CIDR block');
    const listed = Array.isArray(operand);
    const inside = union(texts.map((text, index) => blockOperand(text, listed ? [index] : [])));
    return {
      test(value) {
        const block = typeof value === 'string' ? parseBlock(value) : undefined;
        return block === undefined ? UNKNOWN : truth(covers(inside, block));
      },
    };
  },
  words: (operand, negated) => `${negated ? 'does not lie inside' : 'lies inside'} ${sayList(operand, 'or', sayBare)}`,
};

function parseBlock(text: string): Cidr | undefined {
  return parseCidr(text.includes('/') ? text : `${text}${text.includes(':') ? '/128' : '/32'}`);
}

function blockOperand(text: string, at: readonly (string | number)[]): Cidr {
  const block = parseBlock(text);
  if (block !== undefined) return block;
  throw new OperandError(`'${text}' is not an address or CIDR block such as 198.51.100.0/24 or 2001:db8::/32`, at);
}
