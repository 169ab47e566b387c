import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { ProvisoError } from '../../src/errors.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { openTerraformPlan, readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { planOf } from './plan-of.ts';

const recorded = (name: string) => readFile(new URL(`../fixtures/plans/${name}`, import.meta.url));

let catalogue: Catalogue;
let folder: string;

beforeAll(async () => {
  catalogue = await loadCatalogue();
  folder = await mkdtemp(join(tmpdir(), 'proviso-plan-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const options = () => ({ ...catalogue, now: 0 });

async function refusal(bytes: Buffer): Promise<ProvisoError> {
  const file = join(folder, 'plan.json');
  await writeFile(file, bytes);
  const errors = await Promise.all([
    openTerraformPlan(file, options()).catch((error: unknown) => error),
    Promise.resolve()
      .then(() => readTerraformPlan(bytes, file, options()))
      .catch((error: unknown) => error),
  ]);
  for (const error of errors) {
    expect(error).toBeInstanceOf(ProvisoError);
    expect(error).toMatchObject({ code: 'input', where: { file } });
  }
  const [first, second] = errors as ProvisoError[];
  expect(second?.message).toBe(first?.message);
  return first as ProvisoError;
}

const head = '{"format_version":"1.2","terraform_version":"1.11.4",';
const text = (document: string) => () => Promise.resolve(Buffer.from(document));
const utf16 = (mark: readonly number[], isBig: boolean) => () => {
  const wide = Buffer.from('{"format_version":"1.2"}', 'utf16le');
  return Promise.resolve(Buffer.concat([Buffer.from(mark), isBig ? wide.swap16() : wide]));
};

describe('what is no plan that can be read is refused, and says what to run', () => {
  test.each<[string, () => Promise<Buffer>, string, string]>([
    ['the binary form', () => recorded('binary.tfplan'), 'binary form', 'terraform show -json PLANFILE'],
    ['what terraform plan prints', () => recorded('human.txt'), 'prints for people', 'terraform plan -out'],
    ['the log of plan -json', () => recorded('log.ndjson'), 'the log of terraform plan -json', 'terraform plan -out'],
    ['a state that show -json wrote', () => recorded('state.json'), 'a state of Terraform', 'terraform show'],
    ['a state file', () => recorded('terraform.tfstate'), 'a state of Terraform (tfstate)', 'terraform show'],
    ['nothing', text(''), 'it is empty', 'terraform show'],
    ['blanks', text(' \n'), 'it ends before it is whole', 'terraform show'],
    ['a page of HTML', text('\n<!DOCTYPE html><html></html>'), 'a page of HTML', 'terraform show'],
    ['compressed', () => Promise.resolve(Buffer.from([0x1f, 0x8b, 8])), 'compressed with gzip', 'gunzip'],
    ['UTF-16, little end first', utf16([0xff, 0xfe], false), 'UTF-16', 'PowerShell'],
    ['UTF-16, big end first', utf16([0xfe, 0xff], true), 'UTF-16', 'PowerShell'],
    ['UTF-16 without a mark', utf16([], false), 'UTF-16', 'PowerShell'],
    ['marked as UTF-8', text('\ufeff{}'), 'byte order mark', 'UTF-8'],
    ['a template', text('{"Resources":{}}'), 'a CloudFormation template', 'terraform show'],
    ['another document', text('{"provider_schemas":{}}'), 'no plan of Terraform', 'terraform show'],
    ['a list', text('[]'), 'it is not a JSON object (at byte 0)', 'terraform show'],
    [
      'of format 0',
      text('{"format_version":"0.2","terraform_version":"0.15.0"}'),
      'is "0.2", and only format 1',
      'terraform show',
    ],
    [
      'of format 2',
      text('{"format_version":"2.0","terraform_version":"9"}'),
      'is "2.0", and only format 1',
      'terraform show',
    ],
    ['cut off', text(`${head}"planned_values":{"a":[1,`), 'it ends before it is whole (at byte 78)', 'terraform show'],
    ['broken', text(`${head}"resource_changes":[{"mode":}]}`), 'it is not JSON (at byte 73)', 'terraform show'],
    [
      'a list of brackets',
      text(`${head}"resource_changes":[${'['.repeat(100_000)}`),
      'nested deeper',
      'terraform show',
    ],
    [
      'brackets that are passed over',
      text(`${head}"planned_values":${'{"a":'.repeat(999)}`),
      'nested deeper',
      'terraform show',
    ],
    [
      'not UTF-8',
      () => Promise.resolve(Buffer.from(`${head}"timestamp":"\xff"}`, 'latin1')),
      'it is not UTF-8',
      'terraform show',
    ],
    [
      'with a member twice',
      text(`${head}"resource_changes":[],"resource_changes":[]}`),
      '"resource_changes" twice',
      'terraform show',
    ],
    [
      'with changes that are no list',
      text(`${head}"resource_changes":{}}`),
      'resource_changes is not a list',
      'terraform show',
    ],
    [
      'with a change without action',
      text(`${head}"resource_changes":[{"address":"a.b","mode":"managed","type":"aws_s3_bucket","name":"b"}]}`),
      'resource_changes[0] says no action',
      'terraform show',
    ],
    [
      'with a change without a name',
      text(`${head}"resource_changes":[{"address":"a.b","mode":"managed","type":"aws_s3_bucket"}]}`),
      'resource_changes[0] has no name',
      'terraform show',
    ],
  ])('%s', async (_, bytes, message, hint) => {
    const error = await refusal(await bytes());
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  test('a folder, a file that is not there, and a device', async () => {
    await expect(openTerraformPlan(folder, options())).rejects.toMatchObject({
      code: 'input',
      message: 'it is not a file',
    });
    await expect(openTerraformPlan(join(folder, 'none'), options())).rejects.toThrow('the file cannot be read');
    await expect(openTerraformPlan('/dev/zero', options())).rejects.toThrow('it is not a file');
  });

  test('one resource twice', async () => {
    const plan = JSON.parse(planOf({ 'aws_s3_bucket.one': { after: { bucket: 'one' } } }).toString());
    plan.resource_changes.push(plan.resource_changes[0]);
    const error = await refusal(Buffer.from(JSON.stringify(plan)));
    expect(error.message).toBe('"aws_s3_bucket.one" is declared twice');
  });
});

test('a plan that comes through a pipe is read like one from a file', async () => {
  const bytes = planOf({ 'aws_s3_bucket.one': { after: { bucket: 'one' } } });
  const pipe = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const [proposal] = await Promise.all([openTerraformPlan(pipe, options()), writeFile(pipe, bytes)]);
  expect(proposal.changes).toEqual(readTerraformPlan(bytes, pipe, options()).changes);
});

test('what is not read of a plan may be as large as it likes', async () => {
  const digest = createHash('sha256').update('filler').digest('hex');
  const filler = Array.from({ length: 20_000 }, (_, index) => ({ address: `x.${index}`, values: { digest } }));
  const plan = JSON.parse(planOf({ 'aws_s3_bucket.one': { after: { bucket: 'one' } } }).toString());
  const bytes = Buffer.from(
    JSON.stringify({ ...plan, planned_values: { root_module: { resources: filler } } }, null, 2),
  );
  const file = join(folder, 'large.json');
  await writeFile(file, bytes);
  expect((await openTerraformPlan(file, options())).changes.map(({ declared }) => declared.address)).toEqual([
    'aws_s3_bucket.one',
  ]);
});

describe('memory', () => {
  const plan = () =>
    planOf({ 'aws_s3_bucket.large': { after: { bucket: 'acme-large', tags: { Note: 'x'.repeat(100_000) } } } });
  const read = async (memory: number | undefined) => {
    const file = join(folder, 'large.json');
    await writeFile(file, plan());
    return openTerraformPlan(file, { ...options(), ...(memory === undefined ? {} : { memory }) });
  };

  test('a plan for which there is too little is refused, and says what to run', async () => {
    const error = await read(500_000).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'input', where: { file: join(folder, 'large.json') } });
    expect((error as ProvisoError).message).toContain('it needs more than 1 MB, and has 1');
    expect((error as ProvisoError).hint).toContain('--max-old-space-size=');
  });

  test.each([[undefined], [1_000_000]])('a plan for which there is enough is read (%s)', async (memory) => {
    expect((await read(memory)).changes.map(({ declared }) => declared.address)).toEqual(['aws_s3_bucket.large']);
  });

  test('what is passed over needs none', async () => {
    const file = join(folder, 'other.json');
    const text = plan().toString().replaceAll('aws_s3_bucket', 'random_string');
    await writeFile(file, text);
    expect((await openTerraformPlan(file, { ...options(), memory: 100_000 })).changes).toEqual([]);
  });
});
