import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../docs/project-copy.ts';
import { openPlatform, type Platform } from './platform.ts';
import { runProcess } from './runner.ts';

const script = join(root, 'templates/comment.mjs');
const bot = 'github-actions[bot]';

let folder: string;
let platform: Platform;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proviso-comment-'));
  await writeFile(join(folder, 'pull.json'), JSON.stringify({ pull_request: { number: 7 } }));
  await writeFile(join(folder, 'push.json'), JSON.stringify({ ref: 'refs/heads/main' }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  platform = await openPlatform();
});
afterEach(() => platform.close());

type Host = 'GitHub' | 'GitLab';

function environment(host: Host): Record<string, string> {
  const common = { PATH: process.env.PATH ?? '', TOKEN: platform.token };
  if (host === 'GitLab')
    return { ...common, CI_API_V4_URL: platform.url, CI_PROJECT_ID: 'acme/web', CI_MERGE_REQUEST_IID: '7' };
  const event = { GITHUB_REPOSITORY: 'acme/web', GITHUB_EVENT_PATH: join(folder, 'pull.json') };
  return { ...common, ...event, GITHUB_ACTIONS: 'true', GITHUB_API_URL: platform.url };
}

async function comment(host: Host, text: string, { name = 'gate', env = {} as Record<string, string> } = {}) {
  await writeFile(join(folder, 'summary.md'), text);
  const ran = await runProcess(process.execPath, [script, name, join(folder, 'summary.md')], folder, {
    ...environment(host),
    ...env,
  });
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  return ran.stdout;
}

const bodies = () => platform.comments.map(({ body }) => body);

describe.each<Host>(['GitHub', 'GitLab'])('the comment on %s', (host) => {
  it('is written once, and anew with each run', async () => {
    expect(await comment(host, 'It holds.\n')).toBe('');
    expect(await comment(host, 'It is broken.\n')).toBe('');
    expect(bodies()).toEqual(['<!-- proviso gate -->\nIt is broken.\n']);
  });

  it('is one for each name, whatever the name is', async () => {
    for (const name of ['gate', 'gate 2', '--> @everyone', 'gate']) await comment(host, name, { name });
    expect(bodies()).toEqual([
      '<!-- proviso gate -->\ngate',
      '<!-- proviso gate%202 -->\ngate 2',
      '<!-- proviso --%3E%20%40everyone -->\n--> @everyone',
    ]);
  });

  it('is never one of somebody else', async () => {
    platform.comments.push({ id: 1, by: 'mallory', body: '<!-- proviso gate -->\nAll is well.' });
    await comment(host, 'It is broken.');
    expect(bodies()[0]).toBe('<!-- proviso gate -->\nAll is well.');
    expect(bodies()).toHaveLength(2);
  });

  it('is found behind hundreds of others', async () => {
    const others = Array.from({ length: 250 }, (_, index) => ({ id: index + 1, by: bot, body: 'Built.' }));
    platform.comments.push(...others, { id: 251, by: bot, body: '<!-- proviso gate -->\nold' });
    await comment(host, 'new');
    expect(bodies().slice(250)).toEqual(['<!-- proviso gate -->\nnew']);
  });

  it('is cut at the end of a line when it is too long', async () => {
    await comment(host, `${'a'.repeat(99)}\n`.repeat(1000));
    const lines = (bodies()[0] ?? '').split('\n');
    expect((bodies()[0] ?? '').length).toBeLessThan(65_000);
    expect(lines.slice(-4)).toEqual(['a'.repeat(99), '', 'The rest is in the log of the job.', '']);
  });

  it('can be read to its end when it is cut in what is folded', async () => {
    const folded = `<details><summary>one</summary>\n\n</details>\n<details><summary>two</summary>\n\n\`\`\`\n`;
    await comment(host, `${folded}${`${'a'.repeat(99)}\n`.repeat(1000)}\`\`\`\n</details>\n`);
    const end = ['a'.repeat(99), '```', '', '</details>', '', 'The rest is in the log of the job.', ''];
    expect((bodies()[0] ?? '').split('\n').slice(-end.length)).toEqual(end);
  });

  it('has a name of at most 100 characters', async () => {
    expect(await comment(host, 'It holds.', { name: 'é'.repeat(101) })).toContain('more than 100 characters');
    expect(await comment(host, 'It holds.', { name: 'é'.repeat(100) })).toBe('');
    expect(bodies()).toHaveLength(1);
  });

  it('gives no commands', async () => {
    await comment(host, 'It is broken.\n/close\n/merge\nsee a/b\n');
    expect(bodies()).toEqual(['<!-- proviso gate -->\nIt is broken.\n&#47;close\n&#47;merge\nsee a/b\n']);
  });

  it.each([401, 403, 404, 500])('that is refused with %i is a warning, and tells no secret', async (status) => {
    platform.broken = { status };
    const said = await comment(host, 'It holds.');
    expect(said).toMatch(/^(?:::warning title=Proviso::|warning: )the comment cannot be written/);
    expect(said).not.toContain(platform.token);
  });

  it('follows no redirect with its token', async () => {
    const other = await openPlatform();
    platform.broken = { status: 307, location: `${other.url}/user` };
    expect(await comment(host, 'It holds.')).toContain('the comment cannot be written');
    expect(other.asked).toEqual([]);
    await other.close();
  });

  it('is a warning when nobody answers', async () => {
    const gone = { GITHUB_API_URL: 'http://127.0.0.1:1', CI_API_V4_URL: 'http://127.0.0.1:1' };
    expect(await comment(host, 'It holds.', { env: gone })).toContain('the comment cannot be written');
  });

  it('is none where there is no request', async () => {
    const env = { GITHUB_EVENT_PATH: join(folder, 'push.json'), CI_MERGE_REQUEST_IID: '' };
    expect(await comment(host, 'It holds.', { env })).toContain('belongs to no pull request');
    expect(platform.asked).toEqual([]);
  });
});

describe('a job that may not comment', () => {
  const refused = async (host: Host, env: Readonly<Record<string, string>>) => {
    platform.broken = { status: 403 };
    const summary = join(folder, 'step-summary.md');
    await writeFile(summary, 'Other steps.\n');
    const said = await comment(host, 'It is broken.\n', { env: { GITHUB_STEP_SUMMARY: summary, ...env } });
    return { said, summary: await readFile(summary, 'utf8') };
  };
  const body = '<!-- proviso gate -->\nIt is broken.\n';

  it('says it in its summary on GitHub', async () => {
    const { said, summary } = await refused('GitHub', {});
    expect(summary).toBe(`Other steps.\n${body}`);
    expect(said).toContain('runs from forks never have; what it would say is in the summary of the job');
  });

  it('says it there once', async () => {
    expect((await refused('GitHub', { IN_SUMMARY: 'true' })).summary).toBe('Other steps.\n');
    expect((await refused('GitHub', { IN_SUMMARY: 'false' })).summary).toContain(body);
  });

  it('goes on without one', async () => {
    expect((await refused('GitHub', { GITHUB_STEP_SUMMARY: '' })).said).toContain('HTTP 403');
    expect((await refused('GitHub', { GITHUB_STEP_SUMMARY: '/gone/summary.md' })).said).toContain('cannot be written');
  });

  it('names its artifact on GitLab', async () => {
    expect((await refused('GitLab', {})).said).toContain('what it would say is in the artifact ');
  });
});
