import { acmePolicy, acmeRule, acmeSnapshot } from '../fixtures/acme.ts';
import { judge, type Run } from '../fixtures/acme-run.ts';

/** Names that an account may hold, each of which means something to a browser. */
export const hostileNames: readonly string[] = [
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '<img src="https://example.com/x" onerror="alert(1)">',
  '"><b>bold</b>',
  "' onmouseover='alert(1)",
  '&lt;script&gt;',
  'javascript:alert(1)',
  '=cmd|/c calc!A1',
  'a\u2028b\u2029c',
  'web\u202ecod.exe\u2066',
  'tab\tline\nnull\u0000escape\u001b[31m',
  '%0A::error::owned',
  '\ud800half',
  '__proto__',
  'x'.repeat(10_000),
  'xy '.repeat(3000),
  '日本'.repeat(500),
];

/** An account all of whose names are hostile, under a policy that is no better. */
export async function hostileRun(): Promise<Run> {
  const records = hostileNames.map((name) => ({
    GroupId: `sg-${name}`,
    GroupName: name,
    Open: true,
    Description: name,
  }));
  const [first = ''] = hostileNames;
  const snapshot = acmeSnapshot([{ type: 'AWS::EC2::SecurityGroup', region: 'eu-west-1', records }], {
    endpoint: `http://127.0.0.1/${first}`,
    accounts: [{ id: '111122223333', name: first }],
  });
  const rules = [
    await acmeRule(
      'sg-closed',
      'title: "</title><script>alert(2)</script>"\nresource: AWS::EC2::SecurityGroup\nassert: { Open: false }\nmessage: "{GroupName} is open"',
    ),
    await acmeRule('sg-plain', 'resource: AWS::EC2::SecurityGroup\nassert: { Description: none }'),
  ];
  const policy = await acmePolicy(`title: "</title><script>alert(3)</script>"
clauses:
  "1 <b>": { claim: "</summary><script>alert(4)</script>", owner: "<i>nobody</i>", section: "</h3>", verified: [rules], rules: [sg-closed, sg-plain] }
`);
  return judge(snapshot, rules, policy);
}
