import { operator } from '../../src/operators/like.ts';
import { denied, describeOperator } from './operator-table.ts';

describeOperator(operator, {
  rows: [
    ['vault-*', 'vault-main', 'TRUE'],
    ['vault-*', 'vault-', 'TRUE'],
    ['vault-*', 'Vault-main', 'FALSE'],
    ['vault-*', 'my-vault-main', 'FALSE'],
    ['*-logs', 'acme-logs', 'TRUE'],
    ['*-logs', 'acme-logs-2', 'FALSE'],
    ['prod-?', 'prod-1', 'TRUE'],
    ['prod-?', 'prod-', 'FALSE'],
    ['prod-?', 'prod-12', 'FALSE'],
    ['a.c', 'abc', 'FALSE'],
    ['[ab]', 'a', 'FALSE'],
    ['*', '', 'TRUE'],
    ['', '', 'TRUE'],
    ['', 'a', 'FALSE'],
    [['prod-*', 'stage-*'], 'stage-1', 'TRUE'],
    [['prod-*', 'stage-*'], 'dev-1', 'FALSE'],
    [[], 'a', 'FALSE'],
    ['*', undefined, 'FALSE'],
    ['*', 5, 'UNKNOWN'],
    ['*', true, 'UNKNOWN'],
    ['*', ['a'], 'UNKNOWN'],
    ['*', { a: 1 }, 'UNKNOWN'],
    ['*', denied, 'UNKNOWN'],
  ],
  words: [
    ['vault-*', 'is like "vault-*"', 'is not like "vault-*"'],
    [['a*', 'b*'], 'is like "a*" or "b*"', 'is not like "a*" or "b*"'],
  ],
  refused: [
    [5, 'write "5" in quotes'],
    [null, 'expected a pattern'],
    [['a', 5], 'write "5" in quotes', { at: [1] }],
  ],
});
