import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../docs/project-copy.ts';
import { anywhere, office, templateOf, writeRepository } from './change.ts';
import { makePackage } from './package.ts';
import { runProcess } from './runner.ts';

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
  readonly exclude: string;
  readonly pass_filenames: boolean;
}

const hooks: readonly Hook[] = parse(await readFile(join(root, '.pre-commit-hooks.yaml'), 'utf8'));

/** The members that pre-commit's manifest has, with their kinds; the first four are required. */
const members: Readonly<Record<string, string>> = {
  ...{ id: 'string', name: 'string', entry: 'string', language: 'string' },
  ...{ description: 'string', files: 'string', exclude: 'string', minimum_pre_commit_version: 'string' },
  ...{ types: 'array', types_or: 'array', exclude_types: 'array', args: 'array', stages: 'array' },
  ...{ pass_filenames: 'boolean', require_serial: 'boolean', always_run: 'boolean', verbose: 'boolean' },
};

function hookOf(id: string): Hook {
  const found = hooks.find((hook) => hook.id === id);
  if (found === undefined) throw new Error(`there is no hook ${id}`);
  return found;
}

describe('the manifest of hooks', () => {
  it('has what pre-commit asks for, and nothing that it does not know', () => {
    for (const hook of hooks) {
      const kinds = Object.entries(hook).map(([name, value]) => [name, Array.isArray(value) ? 'array' : typeof value]);
      expect(members).toMatchObject(Object.fromEntries(kinds));
      for (const name of ['id', 'name', 'entry', 'language']) expect(hook).toHaveProperty(name);
    }
  });

  it('starts a command that the package installs', async () => {
    const { bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    for (const { entry } of hooks) expect(Object.keys(bin)).toContain(entry.split(' ')[0]);
  });

  it.each<[path: string, isTemplate: boolean]>([
    ['front.template', true],
    ['stacks/front.template.yaml', true],
    ['front.template.json', true],
    ['front.cfn.yml', true],
    ['cloudformation/front.yaml', true],
    ['infra/cfn/web/front.json', true],
    ['templates/front.yaml', false],
    ['front.yaml', false],
    ['cloudformation/readme.md', false],
    ['front.template.yaml.bak', false],
    ['mycloudformation/front.yaml', false],
    ['cloudformation/parameters.json', false],
    ['cloudformation/prod-parameters.json', false],
    ['cloudformation/params/prod.yaml', false],
    ['cloudformation/web.params.json', false],
    ['cloudformation/teams.yaml', true],
  ])('takes %s for a template: %s', (path, isTemplate) => {
    const { files, exclude } = hookOf('proviso-gate');
    expect(new RegExp(files).test(path) && !new RegExp(exclude).test(path)).toBe(isTemplate);
  });
});

describe('the gate of templates', () => {
  let pack: Awaited<ReturnType<typeof makePackage>>;
  let bin: string;
  beforeAll(async () => {
    pack = await makePackage();
    bin = join(pack.folder, 'bin');
    await mkdir(bin);
    const start = `#!/bin/sh\nexec "${process.execPath}" "${join(pack.folder, 'dist/cli.js')}" "$@"\n`;
    await writeFile(join(bin, 'proviso'), start);
    await chmod(join(bin, 'proviso'), 0o755);
  }, 120_000);
  afterAll(() => pack.remove());

  /** Commits as pre-commit lets it: those changed files go to the entry that the hook is for. */
  async function commit(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
    const folder = await pack.room();
    const env = { PATH: `${bin}:${process.env.PATH}`, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', PRE_COMMIT: '1' };
    const git = (...words: readonly string[]) => runProcess('git', words, folder, env);
    const identity = ['-c', 'user.name=Acme', '-c', 'user.email=dev@example.com', '-c', 'commit.gpgsign=false'];
    await writeRepository(folder);
    await git('init', '--quiet');
    await git('add', '.');
    expect(await git(...identity, 'commit', '--quiet', '--message', 'first')).toMatchObject({ code: 0 });
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    await git('add', '.');
    const hook = hookOf('proviso-gate');
    const { stdout } = await git('diff', '--staged', '--name-only', '--no-ext-diff', '-z', '--diff-filter=d');
    const changed = stdout.split('\0').filter((name) => name !== '');
    const chosen = changed.filter((name) => new RegExp(hook.files).test(name) && !new RegExp(hook.exclude).test(name));
    const [command = '', ...own] = hook.entry.split(' ');
    return { chosen, ...(await runProcess(command, [...own, ...args, ...chosen], folder, env)) };
  }

  it('stops a commit that opens a port', { timeout: 60_000 }, async () => {
    const ran = await commit({ 'web/front.template.yaml': templateOf(anywhere), 'web/notes.yaml': 'a: 1\n' });
    expect(ran.chosen).toEqual(['web/front.template.yaml']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/web\/front\.template\.yaml:\d+/);
    expect(ran.stdout).toContain('sg-no-public-ssh');
  });

  it('lets one pass that does not', { timeout: 60_000 }, async () => {
    const ran = await commit({ 'a.template.yaml': templateOf(office), 'cfn/b.yaml': templateOf(office) });
    expect([ran.chosen, ran.code]).toEqual([['a.template.yaml', 'cfn/b.yaml'], 0]);
  });

  it('judges all changed templates, of which one may be broken', { timeout: 60_000 }, async () => {
    const ran = await commit({ 'a.template.yaml': templateOf(office), 'cfn/b.yaml': templateOf(anywhere) });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('cfn/b.yaml');
  });

  it('stops what cannot be judged, unless the user has it warn', { timeout: 60_000 }, async () => {
    const files = { 'a.template.yaml': templateOf('!Ref Office') };
    expect((await commit(files)).code).toBe(3);
    expect((await commit(files, ['--on-unknown=warn'])).code).toBe(0);
  });

  it('says of a file that is no template what it is', { timeout: 60_000 }, async () => {
    const ran = await commit({ 'cfn/notes.yaml': 'a: 1\n' });
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain('cfn/notes.yaml');
  });
});
