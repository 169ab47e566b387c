import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cdkFolder, type InputKind, kindOf } from '../../src/commands/_gate-sniff.ts';
import { acmePlan, newGroup } from '../fixtures/acme-plan.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'proviso-sniff-'));
});
afterAll(() => rm(place, { recursive: true }));

async function write(name: string, content: string | Buffer): Promise<string> {
  await mkdir(dirname(join(place, name)), { recursive: true });
  await writeFile(join(place, name), content);
  return name;
}

const plan = acmePlan([newGroup('web')]);
const template = { AWSTemplateFormatVersion: '2010-09-09', Resources: {} };
const changeSet = { Changes: [], ChangeSetName: 'a', Parameters: [] };
const turned = (object: object) => JSON.stringify(Object.fromEntries(Object.entries(object).reverse()), undefined, 2);

describe('an input is told by its content', () => {
  it.each<[string, string | Buffer, InputKind]>([
    ['a plan', JSON.stringify(plan), 'plan'],
    ['a plan whose members stand in another order', turned(plan), 'plan'],
    ['a plan behind blanks and a mark', `\ufeff \n\t${JSON.stringify(plan)}`, 'plan'],
    ['a plan in two bytes a character', Buffer.from(`\ufeff${JSON.stringify(plan)}`, 'utf16le'), 'plan'],
    ['a plan that a program is to read line by line', '{"@level":"info","@message":"Terraform 1.11.4"}\n{}', 'plan'],
    ['a plan in its own binary form', Buffer.from('PK\u0003\u0004'), 'plan'],
    ['a plan for people', '\nTerraform used the selected providers to generate\n', 'plan'],
    ['a state', '{"version":4,"terraform_version":"1.11.4","serial":1}', 'plan'],
    ['a template in YAML', 'Resources:\n  A: { Type: AWS::S3::Bucket }\n', 'template'],
    ['a template in JSON', JSON.stringify(template), 'template'],
    [
      'a template that speaks of a plan',
      '{"Description":"format_version","Metadata":{"planned_values":1},"Resources":{}}',
      'template',
    ],
    ['a change set', JSON.stringify(changeSet), 'change-set'],
    ['a change set whose members stand in another order', turned(changeSet), 'change-set'],
    ['pages of a change set', `[${JSON.stringify(changeSet)}]`, 'change-set'],
  ])('%s', async (_, content, kind) => {
    expect(await kindOf(await write('input', content), place)).toBe(kind);
  });

  it('a folder of the CDK, and one around it', async () => {
    await write('app/cdk.out/manifest.json', '{}');
    expect(await kindOf('app/cdk.out', place)).toBe('cdk-output');
    expect(await kindOf('app', place)).toBe('cdk-output');
    expect(await cdkFolder(join(place, 'app'), 'app')).toBe(join('app', 'cdk.out'));
    expect(await cdkFolder(join(place, 'app/cdk.out'), 'app/cdk.out')).toBe('app/cdk.out');
  });

  it('but from a pipe, which can be read once, only a plan comes', async () => {
    await promisify(execFile)('mkfifo', [join(place, 'pipe')]);
    expect(await kindOf('pipe', place)).toBe('plan');
  });

  it('wherever a chunk ends', async () => {
    const long = { configuration: { text: '\\"}{'.repeat(40_000) }, format_version: '1.2' };
    expect(await kindOf(await write('long', JSON.stringify(long)), place)).toBe('plan');
  });
});

describe('what no gate can judge is refused', () => {
  it.each<[string, () => Promise<string>, string]>([
    ['JSON of another kind', () => write('other', '{"a":{"Resources":1}}'), 'it is JSON of another kind'],
    [
      'a plan behind the line of a wrapper',
      () => write('wrapped', `[command]/usr/bin/terraform show\n${JSON.stringify(plan)}`),
      'text stands before the JSON of a plan',
    ],
    ['an empty file', () => write('empty', ''), 'it is empty'],
    ['blanks', () => write('blank', ' \n'), 'it is empty'],
    ['nothing', async () => 'nowhere', 'there is no such file or folder'],
    ['a snapshot', async () => dirname(await write('snapshot/calls.ndjson', '')), 'which --live takes'],
    ['a run', async () => dirname(await write('run/assessment.json', '')), 'which --live takes'],
    ['another folder', async () => dirname(await write('folder/a.txt', '')), 'none that the CDK has written'],
  ])('%s', async (_, input, message) => {
    await expect(kindOf(await input(), place)).rejects.toThrow(message);
  });

  it('and no bytes at all make it fail in another way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const kind = await kindOf(await write('any', Buffer.from(bytes)), place).catch((error: unknown) => error);
        expect(kind instanceof Error ? kind.name : kind).toMatch(/^(?:ProvisoError|plan|template|change-set)$/);
      }),
      { numRuns: 50 },
    );
  });
});
