import { describe, expect, it } from 'vitest';
import { width } from '../../src/finding/plain-text.ts';
import { reporter as json } from '../../src/reporters/json.ts';
import { reporter as ndjson } from '../../src/reporters/ndjson.ts';
import { reporter as terminal } from '../../src/reporters/terminal.ts';
import { acmePolicy, acmeRule, acmeSnapshot } from '../fixtures/acme.ts';
import { judge, type Run } from '../fixtures/acme-run.ts';
import { render } from './render.ts';

const names: Readonly<Record<string, string>> = {
  colours: '\u001b[32m✔ HOLDS everything\u001b[0m',
  'a cleared screen': '\u001b[2J\u001b[H',
  'a window title': '\u001b]0;owned\u0007',
  'a one-byte escape': '\u009b31m',
  'new lines': 'web\n✔ HOLDS  1.1-data-1\r\nPASS 1',
  'a turned direction': 'web\u202ecod.exe\u2066',
  'a command for the build log': '::error file=a::owned',
  'an old command for the build log': 'x ##[error]owned',
  'a separator': 'a\u2028::error::b',
  'half a character': 'web\ud800',
  'the name of a prototype': '__proto__',
  'a very long name': 'x'.repeat(10_000),
  'a very long name with spaces': 'xy ::error:: '.repeat(1000),
  'wide characters': '日本'.repeat(100),
};

async function run(name: string): Promise<Run> {
  const record = { GroupId: `sg-${name}`, GroupName: name, Open: true, Description: name };
  const snapshot = acmeSnapshot([{ type: 'AWS::EC2::SecurityGroup', region: 'eu-west-1', records: [record] }], {
    endpoint: `http://127.0.0.1/${name}`,
    accounts: [{ id: '111122223333', name }],
  });
  const rules = [
    await acmeRule(
      'sg-closed',
      'resource: AWS::EC2::SecurityGroup\nassert: { Open: false }\nmessage: "{GroupName} is open"',
    ),
    await acmeRule('sg-plain', 'resource: AWS::EC2::SecurityGroup\nassert: { Description: none }'),
  ];
  return judge(snapshot, rules, await acmePolicy());
}

describe.each(Object.entries(names))('%s', (_, name) => {
  it('does nothing to a terminal or a build log', async () => {
    const text = await render(terminal, await run(name));
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\u2028\u2029]/u);
    for (const line of text.split('\n')) {
      expect(line).not.toMatch(/^\s*::|##\[/);
      expect(width(line)).toBeLessThanOrEqual(78);
    }
    expect(text.split('\n').filter((line) => line.startsWith('✔'))).toEqual([]);
  });

  it.each([json, ndjson])('is kept by $name, which shows nothing raw', async (reporter) => {
    const done = await run(name);
    const text = await render(reporter, done);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\u2028\u2029]|##\[|^\s*::/mu);
    const lines = text.trimEnd().split('\n');
    const results = reporter === json ? JSON.parse(text).results : lines.slice(0, -1).map((line) => JSON.parse(line));
    expect(results.map((result: { resource: unknown }) => result.resource)).toEqual(
      done.results.map(({ resource }) => resource),
    );
  });
});
