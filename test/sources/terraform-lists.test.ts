import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTerraformSources } from '../../src/sources/_terraform-sources.ts';

let temp: string;
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'proviso-lists-'));
});
afterAll(() => rm(temp, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(join(temp, 'run-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function isList(files: Files | string, address = 'aws_instance.web'): Promise<boolean> {
  const folder = typeof files === 'string' ? files : await folderOf(files);
  const sources = await readTerraformSources(folder, undefined, folder);
  return sources.isListOfReferences(address, 'groups');
}

const instance = (expression: string) => `resource "aws_instance" "web" {\n  groups = ${expression}\n  ami = "x"\n}\n`;
const [a, b] = ['aws_security_group.a.id', 'aws_security_group.b.id'];
const plain = instance(`[${a}]`);

describe('a list of plain references', () => {
  it.each<[what: string, expression: string]>([
    ['of one', `[${a}]`],
    ['of several', `[${a}, ${b}]`],
    ['over several lines', `[\n    ${a},\n\n    ${b},\n  ]`],
    ['with comments', `[ # the first\n ${a}, // [\n /* "sg-1", */ ${b} # "sg-2"\n ] # done`],
    ['with carriage returns', `[\r\n${a},\r\n${b}\r\n]`],
    ['with keys', '[aws_security_group.a["x, y"].id, aws_security_group.b[10].id, aws_security_group.c[each.key].id]'],
    ['of other modules', '[module.web.group_id, module.web["x"].group_id]'],
    ['with names of many letters', '[aws_security_group.größe-1.id]'],
  ])('%s is confirmed', async (_, expression) => {
    expect(await isList({ 'main.tf': instance(expression) })).toBe(true);
  });

  it.each<[what: string, expression: string]>([
    ['without items', '[]'],
    ['with a text', `[${a}, "sg-0123"]`],
    ['with a text on a line of its own', `[\n${a},\n"sg-0123",\n]`],
    ['with a text behind a comment', `[${a}, # all\n"sg-0123"]`],
    ['with a template', `[${a}, "\${${b}}"]`],
    ['with a key that is a template', '[aws_security_group.a["${each.key}"].id]'],
    ['with a heredoc', `[${a}, <<EOT\nsg-0123\nEOT\n]`],
    ['with a number', `[${a}, 1]`],
    ['with a call', `[${a}, lookup(local.groups, "x")]`],
    ['in concat', `concat([${a}], ["sg-0123"])`],
    ['in concat over several lines', `concat(\n[${a}],\n["sg-0123"],\n)`],
    ['in flatten', `flatten([[${a}], "sg-0123"])`],
    ['in flatten alone', `flatten([${a}])`],
    ['in toset', `toset([${a}, "sg-0123"])`],
    ['in a condition', `var.open ? [${a}] : ["sg-0123"]`],
    ['with a condition', `[var.open ? ${a} : "sg-0123"]`],
    ['before a condition', `[${a}] == [] ? ["sg-0123"] : []`],
    ['in brackets', `([${a}])`],
    ['with an index behind it', `[${a}, ${b}][0]`],
    ['with a splat', '[aws_security_group.a[*].id]'],
    ['with a splat of old', '[aws_security_group.a.*.id]'],
    ['that is a splat', 'aws_security_group.a[*].id'],
    ['in a loop', '[for one in [aws_security_group.a] : one.id]'],
    ['in a loop over more', '[for one in concat([aws_security_group.a.id], ["sg-0123"]) : one]'],
    ['in a list', `[[${a}]]`],
    ['with an object', `[{ id = ${a} }]`],
    ['with words alone', '[null]'],
    ['without a comma', `[${a}\n${b}]`],
    ['without an end', `[${a}, `],
    ['that is a reference', 'local.groups'],
    ['that is a variable of the root module', 'var.groups'],
    ['that is a text', `"[${a}]"`],
    ['longer than anybody writes', `[${`${a},`.repeat(20_000)}]`],
  ])('%s is not confirmed', async (_, expression) => {
    expect(await isList({ 'main.tf': instance(expression) })).toBe(false);
  });

  it('is answered for its own attribute alone', async () => {
    const text = `resource "aws_instance" "web" {\n  groups = ["sg-1"]\n  others = [${a}]\n  network {\n    groups = [${a}]\n  }\n}\n`;
    expect(await isList({ 'main.tf': text })).toBe(false);
    expect(await isList({ 'main.tf': text.replace('groups = ["sg-1"]', '') })).toBe(false);
  });

  it('is confirmed for each instance of a resource', async () => {
    expect(await isList({ 'main.tf': plain }, 'aws_instance.web["a.b"]')).toBe(true);
  });
});

describe('files that leave it open', () => {
  const override = (expression: string) => instance(expression).replace('ami = "x"', '');
  it.each<[what: string, files: Files]>([
    ['have no such resource', { 'main.tf': plain.replace('"web"', '"api"') }],
    ['are missing', {}],
    ['define it twice', { 'main.tf': plain, 'more.tf': plain }],
    ['define it twice for two programs', { 'main.tf': plain, 'main.tofu': plain }],
    ['say it twice', { 'main.tf': plain.replace('ami = "x"', 'groups = ["sg-1"]') }],
    ['override it with more', { 'main.tf': plain, 'override.tf': override(`[${a}, "sg-1"]`) }],
    ['override more with it', { 'main.tf': instance('["sg-1"]'), 'more_override.tofu': override(`[${a}]`) }],
    ['may override it where nobody can read', { 'main.tf': plain, 'override.tf': '#'.repeat(2_000_001) }],
    ['have it as data', { 'main.tf': plain.replace('resource', 'data') }],
  ])('%s', async (_, files) => {
    expect(await isList(files)).toBe(false);
  });

  it('lead out of the repository', async () => {
    const [folder, outside] = [await folderOf({ 'main.tf': plain }), await folderOf({ 'more.tf': '' })];
    expect(await isList(folder)).toBe(true);
    await symlink(join(outside, 'more.tf'), join(folder, 'override.tf'));
    expect(await isList(folder)).toBe(false);
  });

  it('override something else', async () => {
    const more = 'resource "aws_instance" "web" {\n  ami = "y"\n}\n';
    expect(await isList({ 'main.tf': plain, 'override.tf': more })).toBe(true);
    expect(await isList({ 'main.tf': plain, 'override.tf': override(`[${b}]`) })).toBe(true);
  });
});

describe('a configuration in JSON', () => {
  const json = (groups: unknown) => JSON.stringify({ resource: { aws_instance: { web: { groups, ami: 'x' } } } });
  it.each<[groups: unknown, expected: boolean]>([
    [[`\${${a}}`], true],
    [[`\${${a}}`, '${ aws_security_group.b["x"].id }'], true],
    [[`\${${a}}`, 'sg-0123'], false],
    [[`\${${a}}\${${b}}`], false],
    [[a], false],
    [[`\${var.open ? ${a} : "sg-0123"}`], false],
    [[`\${${a}}`, null], false],
    [[[`\${${a}}`]], false],
    [[], false],
    [`\${[${a}]}`, false],
    [`\${concat([${a}], ["sg-0123"])}`, false],
  ])('with %j is answered the same: %j', async (groups, expected) => {
    expect(await isList({ 'main.tf.json': json(groups) })).toBe(expected);
  });

  it('that says it twice leaves it open', async () => {
    const twice = json([`\${${a}}`]).replace('"ami":"x"', '"groups":["sg-0123"]');
    expect(await isList({ 'main.tf.json': twice })).toBe(false);
  });
});

describe('what a module is given', () => {
  const call = (groups: string, more = '') => `module "web" {\n  source = "./web"\n  groups = ${groups}\n${more}}\n`;
  const inner = { 'web/main.tf': instance('var.groups') };
  const address = 'module.web[0].aws_instance.web';

  it.each<[what: string, files: Files, expected: boolean]>([
    ['a list of references', { 'main.tf': call(`[${a}, ${b}]`), ...inner }, true],
    ['a list with more', { 'main.tf': call(`[${a}, "sg-0123"]`), ...inner }, false],
    ['what another file overrides', { 'main.tf': call(`[${a}]`), 'override.tf': call('["sg-1"]'), ...inner }, false],
    ['nothing', { 'main.tf': 'module "web" {\n  source = "./web"\n}\n', ...inner }, false],
    [
      'a list, of which it makes more',
      { ...inner, 'main.tf': call(`[${a}]`), 'web/override.tf': instance('concat(var.groups, ["sg-1"])') },
      false,
    ],
    [
      'a list in JSON',
      {
        'main.tf': call(`[${a}]`),
        'web/main.tf.json': JSON.stringify({ resource: { aws_instance: { web: { groups: '${var.groups}' } } } }),
      },
      true,
    ],
    ['nothing, as its list is its own', { 'main.tf': call('["sg-0123"]'), 'web/main.tf': plain }, true],
    ['a list, but its files are elsewhere', { 'main.tf': call(`[${a}]`) }, false],
    ['a list, but it is called twice', { 'main.tf': call(`[${a}]`), 'more.tf': call(`[${a}]`), ...inner }, false],
    [
      'a list, but another file may override it',
      { 'main.tf': call(`[${a}]`), 'override.tf': '#'.repeat(2_000_001), ...inner },
      false,
    ],
  ])('%s', async (_, files, expected) => {
    expect(await isList(files, address)).toBe(expected);
  });

  it('is followed through two modules', async () => {
    const files = (groups: string) => ({
      'main.tf': call(groups),
      'web/main.tf': call('var.groups').replaceAll('web', 'host'),
      'web/host/main.tf': instance('var.groups'),
    });
    const deep = 'module.web.module.host.aws_instance.web';
    expect(await isList(files(`[${a}]`), deep)).toBe(true);
    expect(await isList(files(`[${a}, "sg-0123"]`), deep)).toBe(false);
    expect(await isList(files('var.groups'), deep)).toBe(false);
  });
});
