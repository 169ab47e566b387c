import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proveRules } from '../../.ci/prove-rules.mjs';
import { installProgram, type Program } from './program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shipped = 'rules/network/sg-no-public-ssh.yaml';
const template = `Resources:
  Front:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: front
      VpcId: vpc-1
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }]
`;

let program: Program;
let original: string;
beforeAll(async () => {
  program = await installProgram();
  original = await readFile(join(program.folder, shipped), 'utf8');
  await writeFile(join(program.folder, 'template.yaml'), template);
}, 120_000);
afterAll(() => program.remove());

async function gateWith(rule: string, ...options: readonly string[]) {
  await writeFile(join(program.folder, shipped), rule);
  const judge = ['gate', 'template.yaml', '--format', 'json', '--rule', 'sg-no-public-ssh', '--on-unknown', 'warn'];
  const ended = await program.run([...judge, '--now', '2026-11-24T00:00:00Z', ...options]);
  await writeFile(join(program.folder, shipped), original);
  return ended;
}

describe('a rule that was proven when the program was built', { timeout: 60_000 }, () => {
  test('judges as the same rule does that is checked when it is read', async () => {
    const proven = await gateWith(original);
    const checked = await gateWith(`${original}# another comment\n`);
    const digestless = (text: string) => text.replace(/"digest": ?"[0-9a-f]{64}"/g, '');
    expect([proven.code, checked.code]).toEqual([1, 1]);
    expect(digestless(checked.stdout)).toBe(digestless(proven.stdout));
  });

  test('is checked again when its file was changed', async () => {
    const broken = await gateWith(original.replace('severity: ', 'severity: most-'));
    expect([broken.code, broken.stdout]).toEqual([2, '']);
    expect(broken.stderr).toContain(`${shipped}:`);
    const milder = await gateWith(original.replace(/^severity: .*/m, 'severity: low'), '--fail-on', 'high');
    expect(milder.code).toBe(0);
  });

  test('lends its proof to no file of another name or folder', async () => {
    const own = join(program.folder, 'own/other-name.yaml');
    await cp(join(program.folder, shipped), own);
    await writeFile(own, original.replace('severity: ', 'severity: most-'));
    expect((await gateWith(original, '--rules', 'own')).stderr).toContain('own/other-name.yaml:');
    await rm(join(program.folder, 'own'), { recursive: true });
  });

  test('is checked by those who ask for its check', async () => {
    await writeFile(join(program.folder, shipped), original.replace('severity: ', 'severity: most-'));
    for (const what of ['check', 'test']) {
      const ended = await program.run(['rules', what]);
      expect([what, ended.code]).toEqual([what, 2]);
    }
    await writeFile(join(program.folder, shipped), original);
  });
});

describe('the build', { timeout: 60_000 }, () => {
  test.each([
    ['is no rule', (text: string) => text.replace('severity: ', 'severity: most-'), `${shipped}:2:`],
    [
      'has a case that comes out otherwise',
      (text: string) =>
        text
          .replace(/^pass:/m, 'f:')
          .replace(/^fail:/m, 'pass:')
          .replace(/^f:/m, 'fail:'),
      'but it is',
    ],
  ])('refuses what %s', async (_what, spoil, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'proviso-proof-'));
    for (const part of ['src', 'node_modules', 'package.json']) await symlink(join(root, part), join(folder, part));
    await cp(join(root, 'rules/network'), join(folder, 'rules/network'), { recursive: true });
    const proven = await proveRules(folder, []);
    expect(proven['network/sg-no-public-ssh.yaml']?.digest).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(folder, shipped), spoil(original));
    await expect(proveRules(folder, [])).rejects.toThrow(message);
    await rm(folder, { recursive: true });
  });
});
