import { describe, expect, it } from 'vitest';
import { runCases } from '../../src/rule/cases.ts';
import { acme, ruleFrom } from './acme.ts';

async function outcomes(lines: string): Promise<string[]> {
  const results = runCases(await ruleFrom(lines), acme);
  return results.map((result) => `${result.case.name}: ${result.expected}, ${result.actual}`);
}

describe('a case', () => {
  it('is judged with what it says and nothing else', async () => {
    const lines = [
      'assert: { Port: 22 }',
      'pass: { right: { Port: 22 }, wrong: { Port: 23 } }',
      'fail: { absent: {}, nothing: { Port: } }',
      'unknown: { denied: { Port: { $unknown: denied } } }',
    ].join('\n');
    expect(await outcomes(lines)).toEqual([
      'right: pass, pass',
      'wrong: pass, fail',
      'absent: fail, fail',
      'nothing: fail, fail',
      'denied: unknown, unknown',
    ]);
  });

  it('plays among its surroundings', async () => {
    const volumes = (list: string) => `{ Id: s, $with: { Acme::Volume: ${list} } }`;
    const lines = [
      'assert: { every: { follow: volumes, where: { Encrypted: true }, allow-empty: false } }',
      `pass: { a: ${volumes('[{ ServerId: s, Encrypted: true }, { ServerId: other, Encrypted: false }]')} }`,
      `fail: { b: ${volumes('[{ ServerId: s, Encrypted: false }]')}, none of its own: ${volumes('[{ ServerId: t }]')}, elsewhere: ${volumes('[{ ServerId: s, Encrypted: true, $region: us-east-1 }]')} }`,
      `unknown: { c: ${volumes('{ $unknown: denied }')}, d: ${volumes('[{ ServerId: s, Encrypted: true }, { $unknown: throttled }]')}, e: ${volumes('[{ ServerId: s, Encrypted: true }, { ServerId: { $unknown: denied } }]')}, f: { Id: { $unknown: denied } } }`,
    ].join('\n');
    for (const line of await outcomes(lines)) expect(line).toMatch(/: (\w+), \1$/);
  });

  it('finds global types from everywhere, and itself among its kind', async () => {
    const lines = [
      'assert: { some: { follow: rack, where: { Locked: true } }, every: { of: Acme::Server, scope: region, where: { Port: 22 }, allow-empty: false } }',
      'pass: { a: { RackId: r, Port: 22, $with: { Acme::Rack: [{ Id: r, Locked: true }], Acme::Server: [{ Port: 23, $region: us-east-1 }] } } }',
      'fail: { b: { RackId: r, Port: 23, $with: { Acme::Rack: [{ Id: r, Locked: true }] } }, c: { RackId: r, Port: 22, $with: { Acme::Rack: [{ Id: r, Locked: true }], Acme::Server: [{ Port: 23 }] } } }',
      'unknown: { d: { RackId: r, Port: 22, $with: { Acme::Rack: { $unknown: denied } } } }',
    ].join('\n');
    for (const line of await outcomes(lines)) expect(line).toMatch(/: (\w+), \1$/);
  });

  it('plays at its own time, with its own parameters', async () => {
    const lines = [
      'params: { age: { description: x, schema: { type: string } } }',
      'assert: { Created: { within: { param: age } } }',
      'pass: { a: { $params: { age: 10d }, Created: 2026-11-20T00:00:00Z } }',
      'fail: { b: { $params: { age: 1d }, Created: 2026-11-20T00:00:00Z }, c: { $params: { age: 10d }, $now: 2027-01-01T00:00:00Z, Created: 2026-11-20T00:00:00Z } }',
      'unknown: { d: { $params: { age: 1d }, Created: soon }, no value: { Created: 2026-11-20T00:00:00Z } }',
    ].join('\n');
    expect(await outcomes(lines)).toEqual([
      'a: pass, pass',
      'b: fail, fail',
      'c: fail, fail',
      'd: unknown, unknown',
      'no value: unknown, not-evaluated',
    ]);
  });
});
