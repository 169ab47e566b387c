import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InjectedFault, SimulatedAccount } from './account.ts';
import { type Chosen, chooseAnswer } from './choose-answer.ts';
import { pageOf } from './page.ts';
import { type ReadRequest, readRequest, signedFor, type WireRequest } from './read-request.ts';
import { services } from './services.generated.ts';
import type { SimulatedService } from './simulated-service.ts';
import { type Spoilt, spoil } from './spoil.ts';
import { type WireAnswer, writeAnswer, writeError } from './write-answer.ts';

export interface SimulatorOptions {
  /** The most items that a page holds, whatever the request asks for. */
  readonly pageSize?: number;
  /** Milliseconds that each answer takes. */
  readonly latency?: number;
  readonly faults?: readonly InjectedFault[];
  /** 0 takes any free port. */
  readonly port?: number;
}

export interface Simulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Requests so far, by `ec2:DescribeSecurityGroups`. */
  calls(): Readonly<Record<string, number>>;
  /** The most requests that were under way at the same time. */
  peak(): number;
  close(): Promise<void>;
}

const largestRequest = 1024 * 1024;

/** Serves an account's declared state over AWS's own wire protocols, on loopback only. Credentials are not checked. */
export async function startSimulator(account: SimulatedAccount, options: SimulatorOptions = {}): Promise<Simulator> {
  const calls = new Map<string, number>();
  let requests = 0;
  let open = 0;
  let peak = 0;
  const respond = async (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => {
    open += 1;
    peak = Math.max(peak, open);
    outgoing.once('close', () => {
      open -= 1;
    });
    requests += 1;
    const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
    const answer = await answerTo(account, options, calls, await readIncoming(incoming), requestId);
    if (options.latency !== undefined) await new Promise((resolve) => setTimeout(resolve, options.latency));
    give(outgoing, answer);
  };
  const server = http.createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch((error: unknown) => {
      give(outgoing, { status: 500, headers: { 'content-type': 'text/plain' }, body: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => Object.fromEntries([...calls].sort(([a], [b]) => (a < b ? -1 : 1))),
    peak: () => peak,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readIncoming(incoming: http.IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestRequest) throw new Error('the request is too large');
    chunks.push(chunk);
  }
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, url: new URL(url, 'http://simulator'), headers, body: Buffer.concat(chunks).toString('utf8') };
}

/** S3 and S3 Control sign alike: the account before the host's name tells them apart. */
async function serviceOf(request: WireRequest, signingName: string): Promise<SimulatedService | undefined> {
  const control = request.url.pathname.startsWith('/v20180820/');
  for (const load of Object.values(services)) {
    const service = await load();
    if (
      service.signingName === signingName &&
      (signingName !== 's3' || (service.service === 's3-control') === control)
    ) {
      return service;
    }
  }
  return undefined;
}

type Given = Exclude<Spoilt, undefined> | { readonly cut: WireAnswer };

async function answerTo(
  account: SimulatedAccount,
  options: SimulatorOptions,
  calls: Map<string, number>,
  wire: WireRequest,
  requestId: string,
): Promise<Given> {
  const scope = signedFor(wire);
  const service = scope === undefined ? undefined : await serviceOf(wire, scope.signingName);
  if (scope === undefined || service === undefined) {
    const body = scope === undefined ? 'the request is not signed' : `no service signs as ${scope.signingName}`;
    return { status: 400, headers: { 'content-type': 'text/plain' }, body };
  }
  const request = readRequest(wire, service, scope.region);
  if (request === undefined) {
    const message = 'the simulator knows no such operation';
    return writeError(service, { name: 'UnknownOperationException', message, status: 404 }, requestId);
  }
  const key = `${service.service}:${request.name}`;
  const count = (calls.get(key) ?? 0) + 1;
  calls.set(key, count);
  const chosen = chooseAnswer(account, request);
  const fault = options.faults?.find(
    (each) => each.service === service.service && each.operation === request.name && count > (each.after ?? 0),
  );
  const spoilt = fault === undefined ? undefined : spoil(fault.fault, request, chosen, requestId);
  if (spoilt === 'cut') return { cut: write(request, chosen, options.pageSize, requestId) };
  return spoilt ?? write(request, chosen, options.pageSize, requestId);
}

function write(request: ReadRequest, chosen: Chosen, pageSize: number | undefined, requestId: string): WireAnswer {
  const page = 'value' in chosen ? pageOf(request, chosen.value, pageSize) : chosen;
  if ('error' in page) return writeError(request.service, page.error, requestId);
  return writeAnswer(request.service, request.operation.schema, page.value, requestId);
}

function give(outgoing: http.ServerResponse, answer: Given): void {
  if (answer === 'silence' || answer === 'cut' || outgoing.destroyed) return;
  const { status, headers, body } = 'cut' in answer ? answer.cut : answer;
  const bytes = Buffer.from(body);
  outgoing.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (!('cut' in answer)) {
    outgoing.end(bytes);
    return;
  }
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
}
