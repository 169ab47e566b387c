import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InjectedFault, SimulatedAccount } from './account.ts';
import { answerRequest, type Given } from './answer-request.ts';
import type { WireRequest } from './read-request.ts';
import { services } from './services.generated.ts';

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

/**
 * Serves the declared state of accounts over AWS's own wire protocols, on loopback only. Credentials are not checked:
 * those of a role that was assumed lead to its account, and all others to the first one.
 */
export async function startSimulator(
  accounts: SimulatedAccount | readonly [SimulatedAccount, ...SimulatedAccount[]],
  options: SimulatorOptions = {},
): Promise<Simulator> {
  const calls = new Map<string, number>();
  const state = {
    accounts: 'account' in accounts ? [accounts] : accounts,
    services: await Promise.all(Object.values(services).map((load) => load())),
    faults: options.faults ?? [],
    pageSize: options.pageSize,
    calls,
  };
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
    const answer = answerRequest(state, await readIncoming(incoming), requestId);
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

function give(outgoing: http.ServerResponse, answer: Given): void {
  if (answer === 'silence' || outgoing.destroyed) return;
  const { status, headers, body } = 'cut' in answer ? answer.cut : answer;
  const bytes = Buffer.from(body);
  outgoing.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (!('cut' in answer)) {
    outgoing.end(bytes);
    return;
  }
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
}
