import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ProvisoError } from '../errors.ts';
import { unreadable } from './_rules.ts';

/** What an input turns out to be, whatever its file is called. */
export type InputKind = 'plan' | 'template' | 'change-set' | 'cdk-output';

const accepted =
  'Give what `terraform show -json PLANFILE` prints, a CloudFormation template, what `aws cloudformation ' +
  'describe-change-set --include-property-values` prints, or a cdk.out folder.';

function refused(input: string, what: string): ProvisoError {
  return new ProvisoError('input', `${input} cannot be judged: ${what}`, { hint: accepted });
}

/** Top-level members that only one kind of document has; a state of Terraform is for the reader of plans to refuse. */
const telling: Readonly<Record<string, InputKind>> = {
  format_version: 'plan',
  terraform_version: 'plan',
  planned_values: 'plan',
  resource_changes: 'plan',
  '@level': 'plan',
  Changes: 'change-set',
  ChangeSetId: 'change-set',
  ChangeSetName: 'change-set',
  AWSTemplateFormatVersion: 'template',
  Resources: 'template',
};

const quote = 34;
const backslash = 92;
const colon = 58;
const longestName = 100;

/** Where a scan of JSON is: how deep, and in what text. */
interface Scan {
  depth: number;
  inText: boolean;
  isEscaped: boolean;
  name: string;
}

function scanText(scan: Scan, byte: number): void {
  if (scan.isEscaped) scan.isEscaped = false;
  else if (byte === backslash) scan.isEscaped = true;
  else if (byte === quote) {
    scan.inText = false;
    return;
  }
  if (scan.depth === 1 && scan.name.length < longestName) scan.name += String.fromCharCode(byte);
}

/** Opening and closing braces and brackets. */
const deeper: Readonly<Record<number, number>> = { 123: 1, 91: 1, 125: -1, 93: -1 };

/**
 * Reads the names of a JSON document's top-level members as its bytes pass by; nothing else is kept of it.
 *
 * @returns the names of members that ended in this chunk
 */
function namesIn(scan: Scan, chunk: Buffer): readonly string[] {
  const names: string[] = [];
  for (const byte of chunk) {
    if (scan.inText) scanText(scan, byte);
    else if (byte === quote) {
      scan.inText = true;
      scan.name = '';
    } else if (byte === colon) {
      if (scan.depth === 1) names.push(scan.name);
    } else scan.depth += deeper[byte] ?? 0;
  }
  return names;
}

const isBlank = (byte: number) => byte === 32 || (byte >= 9 && byte <= 13);

/** The first byte that is not blank, a byte order mark apart. */
function firstByte(chunk: Buffer): number | undefined {
  const start = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
  return chunk.subarray(start).find((byte) => !isBlank(byte));
}

/** What a document's first bytes tell; undefined while there are only blanks. */
function kindByStart(chunk: Buffer): InputKind | 'json' | undefined {
  // Readers of plans say what is wrong with a plan that is not JSON.
  if (chunk.subarray(0, 2).toString('latin1') === 'PK') return 'plan';
  if (isWide(chunk)) return chunk.toString('utf16le').includes('format_version') ? 'plan' : 'template';
  const first = firstByte(chunk);
  if (first === undefined || first === 123) return first && 'json';
  return first === 91 ? 'change-set' : isPlanText(chunk) ? 'plan' : 'template';
}

/** Terraform's own language, by the blocks that files of it begin with. */
function isHcl(chunk: Buffer): boolean {
  const head = chunk.subarray(0, 65_536).toString('latin1');
  return /^(?:terraform|locals)[ \t]*\{|^(?:resource|data)[ \t]+"[^"\n]*"[ \t]+"[^"\n]*"[ \t]*\{|^(?:provider|module|variable|output)[ \t]+"[^"\n]*"[ \t]*\{/m.test(
    head,
  );
}

const howToPlan =
  'Judge the plan: terraform plan -out plan.bin && terraform show -json plan.bin > plan.json && proviso gate plan.json';

function refuseHcl(input: string, what: string): ProvisoError {
  return new ProvisoError('input', `${input} cannot be judged: ${what}, which say nothing before they are planned`, {
    hint: howToPlan,
  });
}

/** What a wrapper of Terraform prints before the plan: a line or more of text, then its JSON. */
function isWrapped(chunk: Buffer): boolean {
  const head = chunk.subarray(0, 65_536).toString('latin1');
  const start = head.search(/\n\{\s*"(?:format_version|terraform_version)"/);
  const before = head
    .slice(0, Math.max(0, start))
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trim();
  return before !== '' && !before.includes('{');
}

function refuseWrapped(input: string): ProvisoError {
  return new ProvisoError('input', `${input} cannot be judged: text stands before the JSON of a plan`, {
    hint: 'With hashicorp/setup-terraform, set terraform_wrapper: false; else keep what is printed beside the plan out of the file.',
  });
}

/** What a file begins with; undefined while it holds nothing but space. */
function startOf(input: string, chunk: Buffer): ReturnType<typeof kindByStart> {
  if (isHcl(chunk)) throw refuseHcl(input, 'it has resources in Terraform’s own language');
  if (isWrapped(chunk)) throw refuseWrapped(input);
  return kindByStart(chunk);
}

async function kindOfFile(input: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<InputKind> {
  const scan: Scan = { depth: 0, inText: false, isEscaped: false, name: '' };
  let start: ReturnType<typeof kindByStart>;
  try {
    for await (const chunk of chunks) {
      start ??= startOf(input, chunk);
      if (start === undefined) continue;
      if (start !== 'json') return start;
      const name = namesIn(scan, chunk).find((one) => Object.hasOwn(telling, one));
      if (name !== undefined) return telling[name] ?? 'template';
    }
  } catch (error) {
    throw error instanceof ProvisoError ? error : unreadable(input, error);
  }
  throw refused(input, start === undefined ? 'it is empty' : 'it is JSON of another kind');
}

/** Text of two bytes a character, as some shells write it. */
function isWide(chunk: Buffer): boolean {
  return chunk[0] === 0xff && chunk[1] === 0xfe;
}

/** What `terraform plan` prints for people. */
function isPlanText(chunk: Buffer): boolean {
  const head = chunk.subarray(0, 4096).toString('latin1');
  return /^\s*(?:\u001b\[[0-9;]*m)*(?:Terraform|OpenTofu) (?:used|will perform)/m.test(head);
}

async function kindOfFolder(input: string, path: string): Promise<InputKind> {
  const names = await readdir(path).catch((error: unknown) => {
    throw unreadable(input, error);
  });
  if (names.includes('calls.ndjson') || names.includes('assessment.json') || names.includes('snapshot'))
    throw refused(input, 'it is a recorded account, which --live takes');
  if (names.includes('manifest.json') || names.includes('cdk.out')) return 'cdk-output';
  if (names.some((name) => /\.(?:tf|tofu)(?:\.json)?$/.test(name)))
    throw refuseHcl(input, 'it is a folder of .tf files');
  throw new ProvisoError(
    'input',
    `${input} cannot be judged: it is a folder, but none that the CDK has written: no manifest.json`,
    {
      hint: 'Give the folder into which cdk synth writes (cdk.out), or name the plan or templates themselves.',
    },
  );
}

/**
 * The folder that the CDK has written: the one that is named, or `cdk.out` in it.
 *
 * @param path absolute
 * @param name the same, as it is to be shown and opened
 */
export async function cdkFolder(path: string, name: string): Promise<string> {
  const names = await readdir(path);
  return names.includes('manifest.json') ? name : join(name, 'cdk.out');
}

/**
 * Tells by its content what an input is.
 *
 * @param bytes all of it, where it has been read already
 * @throws ProvisoError 'input' when it is nothing that a gate can judge
 */
export async function kindOf(input: string, cwd: string, bytes?: Buffer): Promise<InputKind> {
  if (bytes !== undefined) return kindOfFile(input, [bytes]);
  const path = resolve(cwd, input);
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(input, error);
  });
  // What a pipe gives can be read once, which only the reader of plans does.
  if (found.isFIFO()) return 'plan';
  return found.isDirectory()
    ? kindOfFolder(input, path)
    : kindOfFile(input, createReadStream(path) as AsyncIterable<Buffer>);
}
