import { type FileHandle, open } from 'node:fs/promises';
import type { ProvisoError } from '../errors.ts';
import { JsonTextError } from '../model/json-text.ts';
import { inputError } from './_input.ts';
import { PlanPartError } from './_plan-format.ts';
import type { PlanPart, PlanReader } from './_plan-parts.ts';

const maxBytes = 4_000_000_000;
const chunkBytes = 1 << 20;

const how = 'write it with: terraform show -json PLANFILE > plan.json (or tofu show -json)';

/**
 * Gives the parts of a plan that was read already.
 *
 * @throws ProvisoError 'input' when the bytes are not a plan
 */
export function* partsOfBytes(bytes: Buffer, file: string, reader: PlanReader): Generator<readonly PlanPart[]> {
  if (bytes.length === 0) throw inputError(file, 'it is empty', how);
  refuseForeign(bytes, file);
  for (let at = 0; at < bytes.length; at += chunkBytes)
    yield inWords(file, reader, () => reader.write(bytes.subarray(at, at + chunkBytes)));
  finish(file, reader);
}

/**
 * Reads a file, or what a pipe gives, and holds no more of it than a chunk and a part.
 *
 * @throws ProvisoError 'input'
 */
export async function* partsOfFile(file: string, reader: PlanReader): AsyncGenerator<readonly PlanPart[]> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw inputError(file, 'the file cannot be read', undefined, cause);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile() && !stat.isFIFO()) throw inputError(file, 'it is not a file', how);
    if (stat.size > maxBytes) throw tooLarge(file);
    let total = 0;
    for await (const chunk of chunksOf(handle, file)) {
      if (total === 0) refuseForeign(chunk, file);
      total += chunk.length;
      if (total > maxBytes) throw tooLarge(file);
      yield inWords(file, reader, () => reader.write(chunk));
    }
    if (total === 0) throw inputError(file, 'it is empty', how);
    finish(file, reader);
  } finally {
    await handle.close();
  }
}

/** One buffer, filled again and again. */
async function* chunksOf(handle: FileHandle, file: string): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes).catch((cause: unknown) => {
      throw inputError(file, 'the file cannot be read', undefined, cause);
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function tooLarge(file: string): ProvisoError {
  return inputError(file, `the file is larger than ${maxBytes} bytes`);
}

/** What is no JSON at first sight, by the first bytes. */
function refuseForeign(bytes: Buffer, file: string): void {
  const [first = 0, second = 0, third = 0] = bytes;
  const refuse = (what: string, hint = how) => {
    throw inputError(file, what, hint);
  };
  if (first === 0x50 && second === 0x4b) refuse('this is a plan in Terraform’s own binary form');
  if (first === 0x1f && second === 0x8b) refuse('it is compressed with gzip', 'unpack it first: gunzip FILE');
  if (first === 0xef && second === 0xbb && third === 0xbf)
    refuse('it begins with a byte order mark', 'save it as UTF-8 without one, or write it with a shell that adds none');
  const isWide =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || (first === 0x7b && second === 0);
  if (isWide)
    refuse('it is UTF-16', 'save it as UTF-8; in PowerShell: cmd /c "terraform show -json PLANFILE > plan.json"');
  const head = bytes.toString('latin1', 0, 200).trimStart();
  if (head.startsWith('<')) refuse('this is a page of HTML or XML, not a plan');
  if (/^\{\s*"@(?:level|message|module|timestamp)"/.test(head))
    refuse('this is the log of terraform plan -json, not the plan', howToPlan);
  if (head !== '' && !head.startsWith('{') && !head.startsWith('['))
    refuse('it is not JSON: this may be what terraform plan prints for people', howToPlan);
}

const howToPlan = 'write it with: terraform plan -out PLANFILE, then terraform show -json PLANFILE > plan.json';

function finish(file: string, reader: PlanReader): void {
  inWords(file, reader, () => reader.end());
  const names = new Set(reader.names);
  const isPlan = names.has('planned_values') || names.has('resource_changes') || names.has('resource_drift');
  const isFormat = names.has('format_version') && names.has('terraform_version');
  if (isFormat && isPlan) return;
  if (isFormat && names.has('configuration')) return;
  throw inputError(file, foreignDocument(names), how);
}

function foreignDocument(names: ReadonlySet<string>): string {
  if (names.has('lineage') || names.has('serial')) return 'this is a state of Terraform (tfstate), not a plan';
  if (names.has('format_version') && names.has('terraform_version')) return 'this is a state of Terraform, not a plan';
  if (names.has('Resources')) return 'this is a CloudFormation template, not a plan of Terraform';
  return 'this is no plan of Terraform';
}

function inWords<Answer>(file: string, reader: PlanReader, read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlanPartError) throw inputError(file, `the plan cannot be read: ${error.message}`, how, error);
    if (!(error instanceof JsonTextError)) throw error;
    const isForeign = reader.names.length > 0 && !reader.names.includes('format_version');
    const what = isForeign ? foreignDocument(new Set(reader.names)) : `the plan cannot be read: ${error.message}`;
    throw inputError(file, `${what} (at byte ${error.offset})`, how, error);
  }
}
