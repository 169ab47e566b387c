import { describe, expect, it } from 'vitest';
import { type JsonObject, unknown } from '../../src/model/value.ts';
import { compileRule } from '../../src/rule/compile.ts';
import { parseMessage } from '../../src/rule/message.ts';
import { resourceOf, ruleFrom, runOf, verdictOf } from './acme.ts';

async function message(template: string, properties: object, assert = '{ Open: true }'): Promise<string | undefined> {
  return (await verdictOf(`assert: ${assert}\nmessage: ${JSON.stringify(template)}`, properties as JsonObject)).message;
}

describe('a message', () => {
  it.each<[string, object, string]>([
    ['{Name} on {Port}', { Name: 'web', Port: 22 }, 'web on 22'],
    ['{Name}', {}, '(none)'],
    ['{Name}', { Name: unknown('denied') }, '(not collected)'],
    ['{Disks[].Size}', { Disks: [{ Size: 1 }, { Size: 2 }, {}] }, '1, 2'],
    ['{Disks[].Size}', { Disks: [1, 2, 3, 4, 5, 6, 7].map((Size) => ({ Size })) }, '1, 2, 3, 4, 5 and 2 more'],
    ['{Disks[].Size}', { Disks: [{ Size: 1 }, { Size: 1 }] }, '1'],
    ['{Names}', { Names: ['a', 'b'] }, 'a, b'],
    ['{Names}', { Names: [] }, '(none)'],
    ['{Detail}', { Detail: { Depth: 1 } }, '{"Depth":1}'],
    ['{{{Name}}} {@account} {@region} {@id}', { Name: 'x' }, '{x} 111122223333 eu-west-1 server-1'],
    ['{Name}', { Name: 'a\u001b[31mred\u0007\r\nb\u202ec' }, 'a[31mredbc'],
    ['{Name}', { Name: 'x'.repeat(500) }, `${'x'.repeat(199)}…`],
    ['{Name}', { Name: `${'x'.repeat(198)}😀${'y'.repeat(9)}` }, `${'x'.repeat(198)}…`],
    ['no field', {}, 'no field'],
  ])('%s of %j reads so', async (template, properties, expected) => {
    expect(await message(template, properties)).toBe(expected);
  });

  it('names the values that decided, not those beside them', async () => {
    const disks = { Disks: [{ Size: 1 }, { Size: 9 }, { Size: 2 }] };
    expect(await message('{Disks[].Size}', disks, '{ none: { in: Disks, where: { Size: { gt: 5 } } } }')).toBe('9');
  });

  it('is given for failures alone', async () => {
    expect(await message('{Name}', { Open: unknown('denied') })).toBeUndefined();
    expect(await message('{Name}', { Open: true })).toBeUndefined();
  });

  it('calls what has no name yet by its address', async () => {
    const rule = await ruleFrom('assert: { Open: true }\nmessage: "{Name} {Port}"');
    const declared = { address: 'aws_server.web' };
    const properties = { Open: false, Name: unknown('known-after-apply'), Port: unknown('denied') };
    const resource = resourceOf(properties, { declared });
    expect(compileRule(rule, {}).judge(resource, runOf()).message).toBe('aws_server.web (not collected)');
  });

  it('has braces in pairs', () => {
    expect(parseMessage('a {b} c}')).toBe(7);
    expect(parseMessage('a {b')).toBe(2);
    expect(parseMessage('{{}}')).toEqual([{ kind: 'text', text: '{}' }]);
    expect(parseMessage('{b}')).toEqual([
      { kind: 'text', text: '' },
      { kind: 'field', name: 'b', start: 1 },
      { kind: 'text', text: '' },
    ]);
  });
});
