import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { originOf } from '../../src/aws/credential-origin.ts';
import { type CredentialOptions, credentialSource } from '../../src/aws/credentials.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-origin-'));
  const given = '{\\"Version\\": 1, \\"AccessKeyId\\": \\"AKIA\\", \\"SecretAccessKey\\": \\"example\\"}';
  const config = [
    '[default]',
    'aws_access_key_id = AKIA',
    'aws_secret_access_key = example',
    '[profile vault]',
    `credential_process = echo "${given}"`,
  ];
  await writeFile(join(folder, 'config'), config.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example' };

it.each<[string, Readonly<Record<string, string>>, CredentialOptions]>([
  ['environment variables', keys, {}],
  ['profile default: keys in a file', {}, {}],
  ['profile vault: a program that gives credentials', {}, { profile: 'vault' }],
])('the SDK itself says that credentials come from %s', async (words, env, options) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const identity = await credentialSource(options)();
  expect(originOf(identity, options)).toBe(words);
});

it('credentials of which nobody says where they come from are said to be so', () => {
  const identity = { accessKeyId: 'AKIA', secretAccessKey: 'example' };
  expect(originOf(identity, {})).toBe('the standard chain, which does not say where');
  expect(originOf({ ...identity, $source: { CREDENTIALS_NEW_WAY: '?' } }, {})).toContain('does not say where');
});
