import { describe, expect, it } from 'vitest';
import { type Checkup, doctorPage } from '../../src/commands/_doctor-page.ts';
import { noColours } from '../../src/finding/reporter.ts';

const account = '111122223333';
const arn = `arn:aws:iam::${account}:user/auditor`;

const well: Checkup = {
  node: { version: '22.12.0', needs: '>=20.19', supported: true },
  policy: { file: 'policies.yaml', clauses: 2, rules: 1 },
  missingParameters: [],
  output: { folder: 'reports' },
  credentials: { account, arn, origin: 'environment variables' },
  clockAhead: 0,
  accounts: [{ id: account, name: 'production', regions: ['eu-west-1', 'us-east-1'] }],
  noSuchRegions: [],
  region: 'eu-west-1',
  permissions: [
    {
      action: 'ec2:DescribeSecurityGroups',
      standing: 'allowed',
      accounts: [{ account, standing: 'allowed' }],
      rules: ['sg-no-public-ssh'],
      clauses: ['a'],
    },
  ],
  incomplete: [],
  exitCode: 0,
};

const page = (changes: Partial<Checkup> = {}, columns = 80) =>
  doctorPage({ ...well, ...changes }, { columns, colours: noColours });

/** The lines of one thing that was looked at: the one that names it, and those under it. */
function rowOf(what: string, changes: Partial<Checkup>): string {
  const lines = page(changes).split('\n');
  const start = lines.findIndex((line) => line.slice(2).startsWith(what));
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith(' '.repeat(15)));
  return lines.slice(start, start + 1 + length).join('\n');
}

it('fits into eighty columns and says at its end how it stands', () => {
  expect(page()).toMatchInlineSnapshot(`
    "✔ Node         22.12.0, needed is >=20.19
    ✔ policy       policies.yaml: 2 clauses, 1 rule
    ✔ output       reports can be written
    ✔ endpoint     AWS
    ✔ credentials  arn:aws:iam::111122223333:user/auditor
                   from environment variables; nothing says when they expire
    ✔ clock        agrees with AWS's
    ✔ account      111122223333 production
                   2 regions: eu-west-1, us-east-1
    ✔ permissions  1 allowed, 0 refused, 0 not probed
                   tried in eu-west-1; --region names another one

    ✔ ALLOWED 1
      ec2:DescribeSecurityGroups

    Nothing is in the way of an audit, as far as could be tried.
    "
  `);
  expect(
    Math.max(
      ...page()
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80);
});

describe('the clock', () => {
  it.each([
    [0, "✔ clock        agrees with AWS's"],
    [-20, "✔ clock        is 20 seconds ahead of AWS's"],
    [3600, "? clock        is 3600 seconds behind AWS's"],
    [-3600, "? clock        is 3600 seconds ahead of AWS's"],
  ])('that of AWS is %i seconds ahead', (clockAhead, line) => {
    expect(rowOf('clock', { clockAhead })).toContain(line);
  });
});

it.each<[string, string, Partial<Checkup>, readonly string[]]>([
  [
    'when credentials expire',
    'credentials',
    { credentials: { account, arn, origin: 'x', expires: '2026-11-24T03:00:00.000Z' } },
    ['✔', arn, '03:00'],
  ],
  [
    'what to do without credentials',
    'credentials',
    { credentials: { problem: 'none were found', hint: 'Sign in.' } },
    ['✖', 'none were found', 'Sign in.'],
  ],
  [
    'why nothing can be written',
    'output',
    { output: { folder: 'r', problem: 'r cannot be written: the disk is full' } },
    ['✖', 'the disk is full'],
  ],
  ['what the policy lacks', 'policy', { missingParameters: ['a.b'] }, ['✖', 'a.b']],
  [
    'that Node is too old',
    'Node',
    { node: { version: '18.0.0', needs: '>=20.19', supported: false } },
    ['✖', '18.0.0', '>=20.19'],
  ],
  [
    'why an account cannot be reached',
    'account',
    {
      accounts: [
        {
          id: account,
          role: 'R',
          regions: [],
          problem: 'it cannot be reached: AccessDenied',
          needs: 'sts:AssumeRole on R',
        },
      ],
    },
    ['✖', 'AccessDenied', 'needs sts:AssumeRole on R'],
  ],
  ['which region does not exist', 'region', { noSuchRegions: ['eu-wset-1'] }, ['✖', 'eu-wset-1']],
])('says %s', (_name, what, changes, words) => {
  for (const word of words) expect(rowOf(what, changes)).toContain(word);
});

it('tells of a refusal in which accounts, what is unknown without it, and what allows it', () => {
  const refused = {
    action: 's3:GetBucketPolicy',
    standing: 'refused',
    accounts: [
      { account, standing: 'allowed' },
      { account: '444455556666', standing: 'refused', why: 's3:GetBucketPolicy was denied (AccessDenied)' },
    ],
    rules: ['s3-bucket-tls-only'],
    clauses: ['1.1-protect-3'],
  } as const;
  const grant = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'ReadForRules', Effect: 'Allow', Action: ['s3:GetBucketPolicy'], Resource: '*' }],
  } as const;
  const shown = page({ permissions: [...well.permissions, refused], grant, exitCode: 3 });
  expect(shown).toContain('✖ permissions  1 allowed, 1 refused, 0 not probed');
  expect(shown).toContain(
    [
      '  s3:GetBucketPolicy',
      '    444455556666: s3:GetBucketPolicy was denied (AccessDenied)',
      '    unknown without it: s3-bucket-tls-only',
      '    of the promises: 1.1-protect-3',
    ].join('\n'),
  );
  const statement = shown.slice(shown.indexOf('\n{\n'), shown.lastIndexOf('\n}\n') + 3);
  expect(JSON.parse(statement)).toEqual(grant);
});

it('a list that is not whole is told apart, unless a permission that is shown explains it', () => {
  const why = 'ec2:DescribeVolumes was denied (AccessDenied)';
  const refused = {
    action: 'ec2:DescribeVolumes',
    standing: 'refused',
    accounts: [{ account, standing: 'refused', why }],
    rules: ['a'],
    clauses: [],
  } as const;
  const list = { account, region: 'eu-west-1', type: 'AWS::EC2::Volume', reason: 'denied', detail: why } as const;
  const odd = { ...list, type: 'AWS::S3::Bucket', reason: 'failed', detail: 'one bucket cannot be read' } as const;
  const shown = page({ permissions: [refused], incomplete: [list, odd], exitCode: 3 });
  expect(shown).toContain('LISTS THAT ARE NOT WHOLE 1\n');
  expect(shown).toContain('AWS::S3::Bucket in 111122223333 eu-west-1: one bucket cannot be read');
  expect(page({ permissions: [refused], incomplete: [list], exitCode: 3 })).not.toContain('NOT WHOLE');
  expect(page({ incomplete: [list], exitCode: 3 })).toContain('LISTS THAT ARE NOT WHOLE 1\n');
});

it('what others have named does no harm to a terminal or a build log', () => {
  const nasty = '::error::x\u001b[31m\u202e##[error]y\n::warning::z';
  const shown = page({
    endpoint: nasty,
    accounts: [{ id: account, name: nasty, role: nasty, regions: [], problem: nasty, needs: nasty }],
    credentials: { problem: nasty, hint: nasty },
    incomplete: [{ account, region: 'eu-west-1', type: 'AWS::S3::Bucket', reason: 'failed', detail: nasty }],
    noSuchRegions: [nasty],
  });
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|^\s*::|##\[/m);
});
