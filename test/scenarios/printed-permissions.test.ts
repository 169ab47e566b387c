import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installProgram, type Program } from './program.ts';

let program: Program;
beforeAll(async () => {
  program = await installProgram();
}, 120_000);
afterAll(() => program.remove());

const elsewhere = { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
const permissions = (args: readonly string[], options = {}) => program.run(['permissions', ...args], options);

describe.each(['json', 'cloudformation', 'terraform'])('proviso permissions --format %s', (format) => {
  it('prints the same bytes in another time zone, locale and folder', { timeout: 60_000 }, async () => {
    const first = await permissions(['--format', format]);
    const second = await permissions(['--format', format], { env: elsewhere, cwd: await program.room() });
    expect([first.code, second.code, second.stdout]).toEqual([0, 0, first.stdout]);
    expect(first.stdout).toContain('ec2:DescribeRegions');
    expect(first.stdout).not.toContain('sts:GetCallerIdentity');
  });
});

describe('proviso permissions', () => {
  it('follows the policy, and says what else is needed for its roles', { timeout: 60_000 }, async () => {
    const role = 'arn:aws:iam::444455556666:role/ProvisoAuditor';
    const policy = `title: Acme
scope: { accounts: [{ id: "444455556666", role: "${role}", external-id: acme-secret }] }
clauses: { ssh: { claim: SSH is closed., verified: [rules], rules: [s3-account-public-access-block] } }
`;
    const room = await program.room();
    await writeFile(join(room, 'acme.yaml'), policy);
    const { code, stdout, stderr } = await permissions(['--policy', 'acme.yaml'], { cwd: room });
    const { Statement } = JSON.parse(stdout) as {
      readonly Statement: readonly { readonly Action: readonly string[] }[];
    };
    expect([code, Statement.flatMap(({ Action }) => Action)]).toEqual([
      0,
      ['ec2:DescribeRegions', 's3:GetAccountPublicAccessBlock'],
    ]);
    expect(stderr).toBe(
      '2 actions for 1 rule; sts:GetCallerIdentity, which a run asks as well, needs none\n' +
        `whoever starts the run also needs sts:AssumeRole on ${role}\n`,
    );
  });

  it.each([
    [['--rule', 's3-bucket-tls-onyl'], "there is no rule 's3-bucket-tls-onyl'"],
    [['--format', 'yaml'], "argument 'yaml' is invalid"],
    [['--policy', 'absent.yaml'], 'absent.yaml cannot be read'],
  ])('%j is a mistake with one message', { timeout: 60_000 }, async (args, message) => {
    const { code, stdout, stderr } = await permissions(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});
