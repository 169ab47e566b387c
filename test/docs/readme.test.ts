import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundle } from '../../.ci/build.mjs';
import { mayImport } from '../../.ci/check-layers.mjs';
import { neededPermissions } from '../../src/access/needed-permissions.ts';
import { policyDocument } from '../../src/access/policy-document.ts';
import { defaultTimings } from '../../src/aws/engine.ts';
import { loadRules } from '../../src/commands/_rules.ts';
import { loadCommands } from '../../src/commands/index.ts';
import { outcomes } from '../../src/finding/finding.ts';
import { maxLineBytes } from '../../src/model/lines.ts';
import { yamlSizeLimit } from '../../src/model/yaml.ts';
import { checkPolicy } from '../../src/policy/check.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { runCases } from '../../src/rule/cases.ts';
import { visitLimit } from '../../src/rule/evaluator.ts';
import { loadRule } from '../../src/rule/load.ts';
import { checkParameters } from '../../src/rule/parameters.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { loadCatalogue } from '../rule/catalogue.ts';
import { commandLines, mistakeIn } from './command-lines.ts';
import { documentOf, documents, exampleFiles } from './documents.ts';
import { codeSpans, proseOf, tableRows } from './markdown.ts';
import { root } from './project-copy.ts';

const run = promisify(execFile);
const catalogue = await loadCatalogue();
const commands = await loadCommands();
const bytes = (text: string) => new TextEncoder().encode(text);

/** All blocks of one language. */
function blocksOf(language: string) {
  return documents.flatMap(({ blocks }) => blocks.filter((block) => block.language === language));
}

const exampleRules = async (): Promise<readonly Rule[]> =>
  Promise.all(
    blocksOf('yaml')
      .filter(({ title }) => title.includes('rules/'))
      .map(({ title, text }) => loadRule(title, bytes(text), catalogue)),
  );

describe('the program that the documents describe', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proviso-readme-'));
    for (const part of ['rules', 'policies.yaml', 'package.json'])
      await cp(join(root, part), join(folder, part), { recursive: true });
    await bundle(root, ['src/cli.ts'], join(folder, 'dist'));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const proviso = (...args: readonly string[]) =>
    run(process.execPath, [join(folder, 'dist/cli.js'), ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    });

  test('finds in the demo what is quoted, and knows the finding that is explained', { timeout: 60_000 }, async () => {
    const { stdout } = await proviso('demo', '--out', 'demo');
    const quoted = blocksOf('text').filter(({ title }) => title === 'demo');
    expect(quoted.length).toBeGreaterThan(0);
    for (const { text } of quoted) expect(stdout).toContain(text);
    // Findings of changes are of another run, which their page shows.
    const texts = documents.map(({ text }) => text.replaceAll(/^```(?:text|bash) gate[\s\S]*?^```$/gm, ''));
    const findings = texts.flatMap((text) => [...text.matchAll(/\bf_[0-9a-f]{16}\b/g)].map(([id]) => id));
    expect(findings.length).toBeGreaterThan(1);
    for (const id of new Set(findings))
      expect((await proviso('explain', id, '--run', 'demo')).stdout).toContain(`${id} · FAIL`);
  });

  test('judges by the rule and the policy that are shown', { timeout: 60_000 }, async () => {
    const own = documentOf('README.md').blocks.filter(({ title }) => title.startsWith('my-'));
    for (const { title, text } of own) {
      await mkdir(join(folder, dirname(title)), { recursive: true });
      await writeFile(join(folder, title), text);
    }
    await proviso('demo', '--out', 'recorded');
    expect((await proviso('rules', 'test', 'my-rules')).stderr).toMatch(/^1 rule, 3 cases right, 0 wrong/);
    const judge = ['--from', 'recorded', '--rules', 'my-rules', '--policy', 'my-policy.yaml', '--format', 'json'];
    const { stdout } = await proviso('audit', ...judge);
    const { clauses } = JSON.parse(stdout) as { readonly clauses: readonly { id: string; verdict: string }[] };
    expect(clauses.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['1.3-server-1', 'holds'],
      ['1.10-bak-1', 'holds'],
    ]);
  });

  test('ends with the exit codes of the table', { timeout: 60_000 }, async () => {
    const { stdout } = await proviso('--help');
    const [, help = ''] = stdout.split('Exit codes:\n');
    const told = [...help.replaceAll(/ {5}(?=\d)/g, '\n').matchAll(/^ *(\d+) +(.*)$/gm)].map(([, code, what]) => [
      code,
      what,
    ]);
    const table = tableRows(documentOf('README.md').text).filter(([code]) => /^\d+$/.test(code ?? ''));
    expect(table.map(([code, what]) => [code, what])).toEqual(told);
    expect(told).toHaveLength(8);
  });
});

test.each(documents)('$file names commands and options that exist', (document) => {
  const mistakes = commandLines(document).map((line) => [line, mistakeIn(line, commands)]);
  expect(mistakes.filter(([, mistake]) => mistake !== undefined)).toEqual([]);
});

test('a command line with a mistake is noticed', () => {
  const wrong = [
    'proviso adit',
    'proviso audit --profil prod',
    'proviso audit --fail-on grave',
    'proviso audit --region',
    'proviso explain',
    'proviso explain sg-no-such-rule',
    'proviso demo --format pdf',
    'npm run deploy',
    'npx vitest run test/nowhere',
    '--on-unknown pass',
    '--nothing',
    'curl example.com',
  ];
  expect(wrong.filter((line) => mistakeIn(line, commands) === undefined)).toEqual([]);
});

test.each(documents)('$file links to files and headings that exist', ({ file, text }) => {
  for (const [, target = ''] of proseOf(text).matchAll(/\]\(([^)]+)\)/g)) {
    if (target.startsWith('https:')) continue;
    const [path = '', anchor] = target.split('#');
    expect([target, existsSync(join(root, dirname(file), path))]).toEqual([target, true]);
    if (anchor === undefined) continue;
    const headings = [...documentOf(path || file).text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(headings).toContain(anchor);
  }
});

test.each(documents)('$file names files of the project that exist', ({ text }) => {
  const paths = codeSpans(text).filter((span) => /^(src|test|rules|docs|schemas|\.ci)\/[\w./-]*$/.test(span));
  expect(paths.filter((path) => !existsSync(join(root, path)) && !exampleFiles.has(path))).toEqual([]);
});

test('every YAML and JSON block can be read', () => {
  for (const { text } of blocksOf('yaml')) expect(parse(text)).toBeTypeOf('object');
  for (const { text } of blocksOf('json')) expect(() => JSON.parse(text)).not.toThrow();
});

test('every rule is right, and its cases come out', async () => {
  const rules = await exampleRules();
  expect(rules.length).toBeGreaterThan(1);
  for (const rule of rules) {
    const wrong = runCases(rule, catalogue).filter(({ expected, actual }) => expected !== actual);
    expect(wrong).toEqual([]);
  }
});

test('every policy fits the rules that exist and those that are shown', async () => {
  const rules = [...(await loadRules([join(root, 'rules')], root)), ...(await exampleRules())];
  const policies = blocksOf('yaml').filter(({ title }) => title === 'my-policy.yaml');
  expect(policies.length).toBeGreaterThan(0);
  for (const { text } of policies) {
    const policy = await loadPolicy('my-policy.yaml', async () => bytes(text));
    expect(checkPolicy(policy, rules, checkParameters)).toEqual([]);
  }
});

test('the permissions of the example are those that its rule needs', async () => {
  const rules = (await loadRules([join(root, 'rules')], root)).filter(({ id }) => id === 's3-bucket-tls-only');
  const [block] = documentOf('README.md').blocks.filter(({ language }) => language === 'json');
  const document = policyDocument(neededPermissions(rules, catalogue.types));
  expect(JSON.parse(block?.text ?? '{}')).toEqual(document);
});

test('the outcomes are all there, in their order', () => {
  const rows = tableRows(documentOf('README.md').text).map(([cell = '']) => cell.replaceAll('`', ''));
  expect(rows.filter((cell) => outcomes.some((outcome) => outcome === cell))).toEqual(outcomes);
});

test('the versions of Node are those that are tested', async () => {
  const ci = await readFile(join(root, '.ci/run'), 'utf8');
  const [oldest = '', ...later] = (/node_versions=\((.*)\)/.exec(ci)?.[1] ?? '').split(' ');
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
  const minor = oldest.split('.').slice(0, 2).join('.');
  expect(engines.node).toBe(`>=${minor}`);
  const words = [minor, ...later.map((version) => version.split('.')[0])];
  const list = `Node ${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
  expect(documentOf('README.md').text).toContain(list);
});

test('the table of imports is the one that is enforced', () => {
  const lists = new Map(
    tableRows(documentOf('ARCHITECTURE.md').text)
      .filter(([, list = '']) => /^(`\w+`(, )?)+$|^nothing$|^everything/.test(list))
      .map(([name = '', list = '']) => [name.replaceAll('`', ''), list]),
  );
  const told = (layer: string, allowed: readonly string[]) => {
    const forbidden = Object.keys(mayImport).filter((other) => other !== layer && !allowed.includes(other));
    const missing = forbidden.filter((other) => !['errors', 'index', 'terraform-plan'].includes(other));
    if (allowed.length === 0) return 'nothing';
    if (allowed.length < 10) return allowed.map((other) => `\`${other}\``).join(', ');
    if (missing.length === 0) return 'everything';
    return `everything but ${missing.map((other) => `\`${other}\``).join(' and ')}`;
  };
  const enforced = Object.entries(mayImport).map(([layer, allowed]) => [layer, told(layer, allowed)]);
  expect(Object.fromEntries(lists)).toEqual(Object.fromEntries(enforced));
});

test('every folder of src/ is described', async () => {
  const entries = await readdir(join(root, 'src'));
  const described = tableRows(documentOf('ARCHITECTURE.md').text).filter(
    (row) => row.length === 3 && /^`[\w-]+`$/.test(row[0] ?? ''),
  );
  expect(described.map(([name = '']) => name.replaceAll('`', '')).sort()).toEqual(
    entries.map((entry) => entry.replace(/\.ts$/, '')).sort(),
  );
});

test('the limits are those of the program', () => {
  const limits = new Map(tableRows(documentOf('SECURITY.md').text).map(([what = '', limit = '']) => [what, limit]));
  const grouped = (number: number) => String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  const { largestBody, pages, requestTimeout, deadline } = defaultTimings;
  const megabyte = 1024 * 1024;
  expect(limits.get('a YAML file')).toMatch(new RegExp(`^${yamlSizeLimit / 1_000_000} MB, `));
  expect(limits.get('work for one resource')).toMatch(new RegExp(`^${grouped(visitLimit)} list items `));
  expect(limits.get('a line of a snapshot')).toBe(`${maxLineBytes / megabyte} MB`);
  expect(limits.get('an answer of AWS')).toBe(
    `${largestBody / megabyte} MB a page, ${grouped(pages)} pages a list, ${requestTimeout / 1000} seconds of silence, ` +
      `${deadline / 60_000} minutes for a page with all its attempts`,
  );
});
