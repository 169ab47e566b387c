import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net, { type LookupFunction } from 'node:net';
import { type Protocol, protocolOf } from './answer-path.ts';
import type { Credentials } from './credentials.ts';
import type { Operation, SdkClient, Service } from './service.ts';
import { services } from './services.generated.ts';

export interface ClientOptions {
  readonly credentials: Credentials;
  readonly endpointUrl?: string;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly requestTimeout: number;
  /** The services that can be called; those of the generated files by default. */
  readonly services?: Readonly<Record<string, () => Promise<Service>>>;
}

/** One operation of one client, ready to be sent. */
export interface Sender {
  readonly client: SdkClient;
  readonly operation: Operation;
  readonly protocol: Protocol;
  /** Set unless the user named an endpoint: whatever else the environment may say, nobody but AWS is to answer. */
  readonly onlyAws: boolean;
}

export interface Clients {
  /** @throws Error when no resource type declares the operation */
  sender(service: string, operation: string, region: string): Promise<Sender>;
  close(): void;
}

const sockets = 100;

/**
 * S3 Control puts the account before the host name. Beside AWS nobody answers to such a name, and before a bare address
 * it is not even one: there the client is told `localhost`, and its names are looked up as the endpoint's own.
 */
function withoutAccount(endpoint: URL): LookupFunction {
  return (hostname, options, callback) => {
    const host = hostname.replace(/^\d{12}\./, '');
    const own = endpoint.hostname.replace(/^\[|\]$/g, '');
    dns.lookup(host === 'localhost' ? own : host, options, callback);
  };
}

function endpointFor(service: string, endpoint: URL): string {
  const bare = net.isIP(endpoint.hostname.replace(/^\[|\]$/g, '')) !== 0;
  if (service !== 's3-control' || !bare) return endpoint.href;
  const named = new URL(endpoint.href);
  named.hostname = 'localhost';
  return named.href;
}

/** One client a service and region, loaded when it is first asked for; all of them share their sockets. */
export function createClients(options: ClientOptions): Clients {
  const endpoint = options.endpointUrl === undefined ? undefined : new URL(options.endpointUrl);
  const lookup = endpoint === undefined ? {} : { lookup: withoutAccount(endpoint) };
  const agentOptions = { keepAlive: true, maxSockets: sockets, ...lookup };
  const httpAgent = new http.Agent(agentOptions);
  const httpsAgent = new https.Agent(agentOptions);
  const shared = {
    credentials: options.credentials.provider,
    maxAttempts: 1,
    requestHandler: {
      httpAgent,
      httpsAgent,
      connectionTimeout: options.connectTimeout,
      requestTimeout: options.requestTimeout,
      throwOnRequestTimeout: true,
    },
  };
  const known = options.services ?? services;
  const open = new Map<string, Promise<{ client: SdkClient; service: Service }>>();
  const load = async (name: string, region: string) => {
    const loader = Object.hasOwn(known, name) ? known[name] : undefined;
    if (loader === undefined) throw new Error(`no client for the service ${name}`);
    const service = await loader();
    const place = endpoint === undefined ? {} : { endpoint: endpointFor(name, endpoint), forcePathStyle: true };
    const client = service.open({ ...shared, ...place, region });
    // It would copy every answer, secrets blotted out, for a log that nobody keeps.
    client.middlewareStack.remove('loggerMiddleware');
    return { service, client };
  };
  return {
    sender: async (name, operationName, region) => {
      const key = `${name} ${region}`;
      const opening = open.get(key) ?? load(name, region);
      open.set(key, opening);
      const { client, service } = await opening;
      const operation = Object.hasOwn(service.operations, operationName)
        ? service.operations[operationName]
        : undefined;
      if (operation === undefined) throw new Error(`no command for ${name}:${operationName}`);
      const protocol = protocolOf(client.config.protocol.getShapeId());
      return { client, operation, protocol, onlyAws: endpoint === undefined };
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
