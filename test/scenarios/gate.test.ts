import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assessment } from '../../src/finding/finding.ts';
import { openSnapshot } from '../../src/model/snapshot-reader.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import type { JsonObject } from '../../src/model/value.ts';
import { reporters } from '../../src/reporters/index.ts';
import { acmePlan, groupValues, newGroup } from '../fixtures/acme-plan.ts';
import { installProgram, type Program } from './program.ts';

let program: Program;
let demo: string;
beforeAll(async () => {
  program = await installProgram();
  demo = join(await program.room(), 'demo');
  const { code, stderr } = await program.run(['demo', '--out', demo]);
  if (code !== 0) throw new Error(stderr);
}, 120_000);
afterAll(() => program.remove());

const now = '2026-11-24T03:00:00Z';
const open = '0.0.0.0/0';
const office = '198.51.100.0/24';
const rule = ['--rule', 'sg-no-public-ssh', '--now', now];

const opens = acmePlan(
  [newGroup('web', open)],
  {},
  { 'aws_security_group.web': { ingress: { references: ['var.cidrs'] } } },
);
const closes = acmePlan([
  {
    address: 'aws_security_group.web',
    actions: ['update'],
    before: groupValues('web', open, 'sg-0a1b2c3d4e5f60001'),
    after: groupValues('web', office, 'sg-0a1b2c3d4e5f60001'),
  },
]);
const keeps = acmePlan([
  {
    address: 'aws_security_group.web',
    actions: ['no-op'],
    before: groupValues('web', open, 'sg-0a1b2c3d4e5f60001'),
    after: groupValues('web', open, 'sg-0a1b2c3d4e5f60001'),
  },
]);
const { ingress: _, ...untold } = groupValues('web');
const later = acmePlan(
  [
    {
      address: 'aws_security_group.web',
      actions: ['create'],
      after: untold,
      unknown: { id: true, arn: true, ingress: true },
    },
  ],
  {},
  { 'aws_security_group.web': { ingress: { references: ['module.network.rules'] } } },
);
const { ingress: [rule22] = [], ...restOfGroup } = groupValues('web', open, 'sg-0a1b2c3d4e5f60001') as {
  ingress?: readonly JsonObject[];
};
const opensMore = acmePlan([
  {
    address: 'aws_security_group.web',
    actions: ['update'],
    before: groupValues('web', open, 'sg-0a1b2c3d4e5f60001'),
    after: { ...restOfGroup, ingress: [{ ...rule22, ipv6_cidr_blocks: ['::/0'] }] },
  },
]);
const quiet = acmePlan([newGroup('web', office)]);
const unread = acmePlan([{ address: 'aws_route53_record.www', actions: ['create'], after: { name: 'www' } }]);

async function gate(content: object | string, args: readonly string[] = [], name = 'plan.json') {
  const cwd = await program.room();
  await writeFile(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  return { cwd, ...(await program.run(['gate', name, ...args], { cwd })) };
}

describe('a plan by itself', () => {
  it.each<[string, object, number, RegExp, (readonly string[])?]>([
    ['that opens SSH to the internet', opens, 1, /^This change breaks [0-9]+ promises?: 1 finding introduced/],
    ['that narrows it', closes, 0, /^This change mends [0-9]+ promises?: 0 findings introduced, 1\nfixed|1 fixed/],
    ['that leaves it open', keeps, 0, /0 findings introduced, 0 fixed,?\s1 was\s+there\s+before/],
    ['that leaves it open, where that matters', keeps, 1, /FAIL/, ['--all']],
    ['that opens it to IPv6, too', opensMore, 1, /1 finding introduced \(1\s+worse\s+than\s+before\)/],
    ['that keeps it closed', quiet, 0, /^This change breaks no promise/],
    ['that tells nothing yet', later, 3, /settle/],
    ['that tells nothing yet, where that warns', later, 0, /settle/, ['--on-unknown', 'warn']],
    ['of types that are not read', unread, 3, /NOTHING JUDGED {2}the resource that is declared/],
    ['of types that are not read, where that warns', unread, 3, /NOTHING JUDGED/, ['--on-unknown', 'warn']],
    ['of which no rule judges anything', opens, 3, /no rule judges the resource/, ['--rule', 's3-bucket-tls-only']],
    ['that ended with an error', { ...quiet, errored: true }, 3, /! FAILED/],
    [
      'that ended with an error, where that warns',
      { ...quiet, errored: true },
      3,
      /! FAILED/,
      ['--on-unknown', 'warn'],
    ],
    ['that was made for a part', { ...quiet, complete: false }, 3, /! INCOMPLETE/],
    ['that is too old', { ...quiet, timestamp: '2026-11-22T00:00:00Z' }, 3, /! STALE {2}the Terraform plan was made/],
    [
      'that was made later than now',
      { ...quiet, timestamp: '2026-11-24T03:06:00Z' },
      3,
      /! STALE {2}the Terraform plan was made at 2026-11-24T03:06:00.000Z, which is/,
    ],
    [
      'that was made by a clock that is a little fast',
      { ...quiet, timestamp: '2026-11-24T03:04:00Z' },
      0,
      /no promise/,
    ],
    [
      'that may be that old',
      { ...quiet, timestamp: '2026-11-22T00:00:00Z' },
      0,
      /made 2026-11-22/,
      ['--max-age', '1w'],
    ],
    ['whose failure is below the gate', opens, 0, /1 finding introduced/, ['--fail-on', 'none']],
  ])('%s ends as it deserves', async (__, plan, code, text, args = []) => {
    const ended = await gate(plan, [...(args.includes('--rule') ? ['--now', now] : rule), ...args]);
    expect([ended.stderr, ended.code]).toEqual(['', code]);
    expect(ended.stdout).toMatch(text);
  });

  it('is mended where its files say so, with the way to the variable', async () => {
    const cwd = await program.room();
    await writeFile(join(cwd, 'plan.json'), JSON.stringify(opens));
    const lines = ['variable "cidrs" {}', '', 'resource "aws_security_group" "web" {', '  ingress {}', '}'];
    await writeFile(join(cwd, 'main.tf'), lines.join('\n'));
    const { stdout } = await program.run(['gate', 'plan.json', ...rule], { cwd });
    expect(stdout).toContain('where     main.tf:4 aws_security_group.web (created)');
    expect(stdout).toContain('set by    ingress ← var.cidrs (main.tf:1)');
  });

  it('leaves nothing behind, and keeps what was asked for', async () => {
    const { cwd } = await gate(opens, rule);
    const out = await program.run(['gate', 'plan.json', ...rule, '--out', 'kept'], { cwd });
    expect(out.code).toBe(1);
    const kept = JSON.parse(await readFile(join(cwd, 'kept/assessment.json'), 'utf8')) as Assessment;
    expect(kept.gate?.changes).toMatchObject({ create: 1 });
    const { stdout } = await program.shell('ls', { cwd });
    expect(stdout).toBe('kept\nplan.json\n');
  });
});

describe('a plan over a recorded account', () => {
  it('judges the account after it, and only what the change does to it', async () => {
    const { code, stdout } = await gate(quiet, ['--live', demo, '--now', now]);
    expect(stdout).toMatch(/0 findings introduced, 0 fixed, [0-9]+ were there\s+before\./);
    expect(stdout).toContain('over the snapshot of\n2026-11-24T02:00:00.000Z');
    expect(code).toBe(0);
  });

  it('knows what a deletion breaks that it does not touch', async () => {
    const block = {
      account_id: '111122223333',
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    };
    const goes = acmePlan([
      {
        address: 'aws_s3_account_public_access_block.main',
        actions: ['delete'],
        before: { id: '111122223333', ...block },
      },
    ]);
    const made = acmePlan([
      { address: 'aws_s3_account_public_access_block.main', actions: ['create'], after: block, unknown: { id: true } },
    ]);
    const args = ['--live', demo, '--now', now, '--rule', 's3-account-public-access-block'];
    expect((await gate(made, args)).code).toBe(0);
    // Without the snapshot, the plan's own view of before is what it is compared with.
    const alone = await gate(goes, ['--now', now, '--rule', 's3-account-public-access-block']);
    expect(alone.stdout).toMatch(/aws_s3_account_public_access_block\.main \(deleted\)/);
    expect(alone.code).toBe(1);
  });

  it('is in doubt where the snapshot is old', async () => {
    const ended = await gate(quiet, ['--live', demo, '--now', '2026-11-26T03:00:00Z', '--max-age', '1d']);
    expect(ended.stdout).toMatch(/! STALE {2}the snapshot was taken at 2026-11-24T02:00:00.000Z, more than 1 day/);
    expect(ended.code).toBe(3);
  });

  it('of another account is refused, with both named', async () => {
    const text = JSON.stringify(opens).replaceAll('111122223333', '444455556666');
    const { code, stderr } = await gate(text, ['--live', demo, '--now', now]);
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      `error: plan.json is for account 444455556666, and ${demo} is of account 111122223333`,
    ]);
  });

  it('of another account is refused, though nothing but an ARN tells', async () => {
    const told = JSON.stringify(closes)
      .replaceAll('"allowed_account_ids"', '"other"')
      .replaceAll('111122223333', '444455556666');
    const { code, stderr } = await gate(told, ['--live', demo, '--now', now]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('plan.json is for account 444455556666, and')]);
  });

  it('of a region that the snapshot lacks is judged by itself, in doubt', async () => {
    const text = JSON.stringify(quiet).replaceAll('eu-west-1', 'sa-east-1');
    const { code, stdout } = await gate(text, ['--live', demo, ...rule]);
    expect(stdout).toContain('! ELSEWHERE');
    expect(code).toBe(3);
  });
});

const template = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Cidr: { Type: String, Default: ${office} }
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: web
      GroupDescription: web
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Cidr }
`;

describe('templates', () => {
  it.each<[string, readonly string[], number]>([
    ['as it stands', [], 0],
    ['with a parameter', ['--parameter', `Cidr=${open}`], 1],
    ['for an account and a region', ['--account', '111122223333', '--region', 'eu-west-1'], 0],
    ['over a recorded account', ['--live', '', '--region', 'eu-west-1'], 0],
  ])('one is judged %s', async (__, args, code) => {
    const ended = await gate(template, [...rule, ...args.map((arg) => arg || demo)], 'template.yaml');
    expect([ended.stderr, ended.code]).toEqual(['', code]);
  });

  it.each<[string, readonly string[], number]>([
    ['is in doubt while nobody says them', [], 3],
    ['is decided by them', ['--stack-tag', 'Role=web', 'Team=web'], 1],
    ['is decided where there are none', ['--stack-tag', 'none'], 0],
    ['is not asked when one is no tag', ['--stack-tag', 'Role'], 2],
    ['is not asked when one is given twice', ['--stack-tag', 'Role=web', 'Role=api'], 2],
  ])('what hangs on the tags of a stack %s', async (__, args, code) => {
    const judged = ['--rule', 'sg-egress-restricted', '--live', demo, '--region', 'eu-west-1'];
    const ended = await gate(template, [...judged, ...args], 'template.yaml');
    expect([ended.stdout, ended.code]).toEqual([expect.anything(), code]);
  });

  it('several are judged together, and what they call alike is told apart', async () => {
    const cwd = await program.room();
    await writeFile(join(cwd, 'a.yaml'), template);
    await writeFile(join(cwd, 'b.yaml'), template.replace(office, open));
    const { code, stdout } = await program.run(['gate', 'a.yaml', 'b.yaml', ...rule], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/1 finding introduced/);
    expect(stdout).toContain('b.yaml:10 b.yaml/Web (created)');
    expect(stdout).not.toContain('a.yaml/Web');
    expect(stdout).toContain('Rules judged 2 of 2 resources');
  });

  it('one that is given twice is judged once', async () => {
    const cwd = await program.room();
    await writeFile(join(cwd, 'a.yaml'), template);
    const { stdout } = await program.run(['gate', 'a.yaml', 'a.yaml', ...rule], { cwd });
    expect(stdout).toContain('Rules judged 1 of 1 resource');
  });

  it('one is compared with the one that is deployed', async () => {
    const cwd = await program.room();
    await writeFile(join(cwd, 'old.yaml'), template.replace(office, open));
    await writeFile(
      join(cwd, 'new.yaml'),
      template.replace(office, open).replace('GroupDescription: web', 'GroupDescription: front'),
    );
    const { code, stdout } = await program.run(['gate', 'new.yaml', '--previous', 'old.yaml', ...rule], { cwd });
    expect(stdout).toMatch(/0 findings introduced, 0 fixed, 1 was\s+there\s+before/);
    expect(code).toBe(0);
  });
});

describe('a mistake is one clear error', () => {
  it.each<[string, readonly string[], string]>([
    ['no input', [], 'there is nothing to judge'],
    [
      'an input behind an option that takes it',
      ['--parameter', 'Cidr=a', 'template.yaml'],
      'before --parameter, which',
    ],
    ['an input among parameters', ['template.yaml', '--parameter', 'Cidr=a', 'other.yaml'], 'inputs come before it'],
    ['an input that is not there', ['nowhere.json'], 'nowhere.json cannot be read: there is no such file or folder'],
    ['inputs of two kinds', ['plan.json', 'template.yaml'], 'plan.json and template.yaml are of two kinds'],
    [
      'sources of two plans',
      ['plan.json', 'other.json', '--source', '.'],
      '--source is about one plan, and 2 are given',
    ],
    ['a parameter for a plan', ['plan.json', '--parameter', 'A=b'], '--parameter has no effect for plan.json'],
    ['a parameter without a value', ['template.yaml', '--parameter', 'Cidr'], "'Cidr' gives no parameter"],
    ['a value for what is no name', ['template.yaml', '--parameter', 'My-Key=s3cret'], "'My-Key' gives no parameter"],
    [
      'a parameter that there is not',
      ['template.yaml', '--parameter', 'Cidrs=a'],
      'the template has no parameter "Cidrs"',
    ],
    ['sources for a template', ['template.yaml', '--source', '.'], '--source has no effect for template.yaml'],
    ['an account that is none', ['plan.json', '--account', '1234'], "'1234' is no account"],
    ['a region that is none', ['plan.json', '--region', 'Ireland'], "'Ireland' is no region"],
    ['an age that is none', ['plan.json', '--max-age', 'soon'], "'soon' is not a duration"],
    ['a snapshot that is none', ['plan.json', '--live', '.'], 'manifest.json'],
    ['a folder of results that is not empty', ['plan.json', '--out', '.'], 'is not empty, and nothing is overwritten'],
    ['one folder to verify', ['--verify-prediction', 'a'], '--verify-prediction needs two folders'],
    ['a prediction that is none', ['--verify-prediction', '.', '.'], 'assessment.json cannot be read'],
    [
      'an option that verifying does not know',
      ['--verify-prediction', 'a', 'b', '--live', 'c'],
      '--live has no effect',
    ],
    [
      'a rule to verify by',
      ['--verify-prediction', 'a', 'b', '--rule', 'sg-no-public-ssh'],
      '--rule has no effect with --verify-prediction',
    ],
    ['tags for verifying', ['--verify-prediction', 'a', 'b', '--stack-tag', 'none'], '--stack-tag has no effect'],
  ])('%s', async (__, args, message) => {
    const cwd = await program.room();
    for (const name of ['plan.json', 'other.json']) await writeFile(join(cwd, name), JSON.stringify(quiet));
    await writeFile(join(cwd, 'template.yaml'), template);
    const { code, stdout, stderr } = await program.run(['gate', ...args], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe('a prediction', () => {
  const deployed = { 'sg-0aaaaaaaaaaaaaaa1': open, 'sg-0aaaaaaaaaaaaaaa2': office };

  const none = { Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };

  /** The recorded account with a group that nobody knew of before. */
  async function accountWith(id: keyof typeof deployed): Promise<string> {
    const live = await openSnapshot(join(demo, 'snapshot'));
    const folder = join(await program.room(), 'after');
    const writer = await openSnapshotWriter(folder);
    const {
      collections,
      contentDigest: __,
      ledger: ___,
      format: ____,
      tool: _____,
      $schema: ______,
      ...facts
    } = live.manifest;
    for (const collection of collections) {
      let sample: Parameters<typeof writer.add>[0] | undefined;
      for await (const batch of live.records(collection)) {
        for (const record of batch) {
          writer.add(record);
          sample = record;
        }
      }
      if (sample?.type === 'AWS::EC2::SecurityGroup' && sample.region === 'eu-west-1') {
        const IpPermissions = [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...none, IpRanges: [{ CidrIp: deployed[id] }] },
        ];
        const properties = { ...sample.properties, GroupId: id, GroupName: 'web', IpPermissions, Tags: [] };
        writer.add({
          ...sample,
          id,
          name: 'web',
          arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`,
          properties,
        });
      }
      await writer.end(collection.account, collection.region, collection.type, collection);
    }
    const times = { startedAt: '2026-11-25T02:00:00.000Z', finishedAt: '2026-11-25T02:01:00.000Z' };
    await writer.finish({ ...facts, ...times }, live.ledger.values());
    return folder;
  }

  async function predicted(): Promise<string> {
    const { cwd, code } = await gate(opens, ['--live', demo, ...rule, '--out', 'predicted']);
    expect(code).toBe(1);
    return join(cwd, 'predicted');
  }

  const verifying = (...folders: readonly string[]) => program.run(['gate', '--verify-prediction', ...folders]);

  it('that came true is right, told again by the name', async () => {
    const { code, stdout, stderr } = await verifying(await predicted(), await accountWith('sg-0aaaaaaaaaaaaaaa1'));
    expect(stdout).toContain(
      'touched   precision 100 %, recall 100 %: 1 failure predicted, 1 found, 1 of them foreseen',
    );
    expect(stdout).toContain('1 predicted, told again: 0 by id, 1 by name, 0 by tags; 0 not found');
    expect([code, stderr]).toEqual([0, '']);
  });

  it('that did not come is wrong', async () => {
    const { code, stdout } = await verifying(await predicted(), await accountWith('sg-0aaaaaaaaaaaaaaa2'));
    expect(stdout).toMatch(/✖ did not come: sg-no-public-ssh, .* which the change touches/);
    expect(code).toBe(5);
  });

  it('of which nothing is found again says nothing', async () => {
    const { code, stdout, stderr } = await verifying(await predicted(), demo);
    expect(stdout).toContain('1 not found');
    expect(stderr).toContain('nothing was deployed');
    expect(code).toBe(3);
  });

  it('is held against the account for programs, too', async () => {
    const folders = [await predicted(), await accountWith('sg-0aaaaaaaaaaaaaaa1')];
    const { stdout } = await verifying(...folders, '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'proviso-prediction/1',
      matched: { name: 1, unmatched: 0 },
      touched: { precision: 1, recall: 1 },
      misses: [],
    });
  });

  it('made by another policy is warned of', async () => {
    const folder = await predicted();
    const cwd = await program.room();
    await writeFile(join(cwd, 'own.yaml'), 'title: Another\n');
    const ended = await program.run(['gate', '--verify-prediction', folder, demo, '--policy', 'own.yaml'], { cwd });
    expect(ended.stderr).toContain('the prediction was made by another policy');
  });
});

describe('the same change gives the same bytes', () => {
  const utc = { NO_COLOR: '1', TZ: 'UTC', LANG: 'C', LC_ALL: 'C' };
  const formats = Object.keys(reporters).filter((format) => format !== 'terminal');
  const places = [
    { ...utc, TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    { ...utc, TZ: 'America/St_Johns', LANG: 'sv_SE.UTF-8', LC_ALL: 'sv_SE.UTF-8', COLUMNS: '240' },
  ];

  async function bytes(env: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
    const cwd = await program.room();
    await writeFile(join(cwd, 'plan.json'), JSON.stringify(opens));
    await writeFile(join(cwd, 'main.tf'), 'resource "aws_security_group" "web" {\n}\n');
    const reports = formats.flatMap((format) => ['--report', `${format}:${format}`]);
    const args = ['gate', 'plan.json', '--live', demo, '--now', now, '--out', 'out', ...reports];
    const { code, stdout, stderr } = await program.run(args, { cwd, env });
    expect([code, stderr]).toEqual([1, '']);
    const files = [...formats, 'out/assessment.json', 'out/results.ndjson', 'out/change.ndjson'];
    const read = await Promise.all(files.map(async (file) => [file, await readFile(join(cwd, file), 'utf8')] as const));
    return { terminal: stdout, ...Object.fromEntries(read) };
  }

  it.each(places)('in $TZ, in $LANG', async (env) => {
    expect(await bytes(env)).toEqual(await bytes(utc));
  });
});
