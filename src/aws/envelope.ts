import { type OperationSchema, type Protocol, payloadOf, xmlWay } from './answer-path.ts';
import type { Middleware } from './service.ts';
import { WrongAnswer } from './to-json.ts';
import { checkOutline } from './xml-outline.ts';

/** What the check needs to know of the call, and what it hands back. */
export interface Envelope {
  readonly operation: OperationSchema;
  readonly protocol: Protocol;
  readonly path: string;
  /** The longest pause in the middle of a body, in milliseconds. */
  readonly idle: number;
  /** The largest body, in bytes. */
  readonly largest: number;
  /** Whether a request that is on its way to anybody but AWS is to be stopped. */
  readonly onlyAws?: boolean;
  /** Status of the last answer, whether it came from AWS itself, and whether its document holds anything. */
  seen?: { readonly status: number; readonly html: boolean; readonly foreign: boolean; readonly filled: boolean };
  /** The sender's clock when it answered last, in milliseconds since 1970; NaN where it does not say. */
  date?: number;
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** The domains under which AWS answers, in all its partitions. */
const domains = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'api.aws',
  'api.amazonwebservices.com.cn',
  'api.amazonwebservices.eu',
  'c2s.ic.gov',
  'api.aws.ic.gov',
  'sc2s.sgov.gov',
  'api.aws.scloud',
  'cloud.adc-e.uk',
  'api.cloud-aws.adc-e.uk',
  'csp.hci.ic.gov',
  'api.aws.hci.ic.gov',
];

export function isForeign(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return !domains.some((domain) => host.endsWith(`.${domain}`));
}

/**
 * Reads the whole body before the SDK does and refuses an answer of the wrong kind: empty, a web page, another document,
 * or a document in which the wanted list is not there. The SDK would take each of them for an empty list.
 */
export function envelopeCheck(envelope: Envelope): Middleware {
  return (next) => async (args) => {
    const { hostname = '' } = args.request as { readonly hostname?: string };
    if (envelope.onlyAws === true && isForeign(hostname)) {
      throw new WrongAnswer(
        `the environment sends the call to ${hostname}, which is not AWS: use --endpoint-url for that`,
      );
    }
    const result = await next(args);
    const response = result.response as HttpAnswer;
    envelope.date = Date.parse(response.headers.date ?? '');
    const body = await readBody(response.body, envelope);
    response.body = body;
    const start = body.subarray(0, 512).toString('utf8').trimStart().toLowerCase();
    const html = start.startsWith('<!doctype html') || start.startsWith('<html');
    const seen = { status: response.statusCode, html, foreign: isForeign(hostname), filled: true };
    envelope.seen = seen;
    if (response.statusCode >= 300) return result;
    if (html) throw new WrongAnswer('the answer is a web page (HTML), not one of AWS');
    envelope.seen = { ...seen, filled: checkBody(body, envelope) };
    return result;
  };
}

/** Whether the document holds anything; a JSON answer without any member is no answer. */
function checkBody(body: Buffer, { operation, protocol, path }: Envelope): boolean {
  if (body.length === 0) throw new WrongAnswer('the answer is empty');
  const text = body.toString('utf8');
  if (payloadOf(operation.output)?.[1].isStructSchema() === false) {
    if (text.trimStart().startsWith('<')) throw new WrongAnswer('the answer is a document of another kind');
    return true;
  }
  if (protocol === 'json') {
    if (!text.trimStart().startsWith('{')) throw new WrongAnswer('the answer is not a JSON object');
  } else if (!(protocol === 'restXml' && text.trimEnd().endsWith('</Error>'))) {
    return checkOutline(text, xmlWay(operation, protocol, path)) > 0 || protocol !== 'restXml';
  }
  return true;
}

async function readBody(body: unknown, { idle, largest }: Envelope): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const stream = body as AsyncIterable<Uint8Array> & { destroy(error?: Error): void };
  const stalled = () => stream.destroy(Object.assign(new Error('the answer stalled'), { name: 'TimeoutError' }));
  const chunks: Uint8Array[] = [];
  let size = 0;
  let timer = setTimeout(stalled, idle);
  try {
    for await (const chunk of stream) {
      clearTimeout(timer);
      timer = setTimeout(stalled, idle);
      size += chunk.length;
      if (size > largest) throw new WrongAnswer(`the answer is larger than ${largest} bytes`);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
