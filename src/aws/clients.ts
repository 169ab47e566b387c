import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
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
}

export interface Clients {
  /** @throws Error when no resource type declares the operation */
  sender(service: string, operation: string, region: string): Promise<Sender>;
  close(): void;
}

const sockets = 100;

/** S3 Control puts the account before the host name; beside AWS nobody answers to such a name. */
const lookupWithoutAccount: LookupFunction = (hostname, options, callback) => {
  const host = hostname.replace(/^\d{12}\./, '');
  dns.lookup(host.endsWith('.localhost') ? 'localhost' : host, options, callback);
};

/** One client a service and region, loaded when it is first asked for; all of them share their sockets. */
export function createClients(options: ClientOptions): Clients {
  const agentOptions = {
    keepAlive: true,
    maxSockets: sockets,
    ...(options.endpointUrl === undefined ? {} : { lookup: lookupWithoutAccount }),
  };
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
    ...(options.endpointUrl === undefined ? {} : { endpoint: options.endpointUrl, forcePathStyle: true }),
  };
  const known = options.services ?? services;
  const open = new Map<string, Promise<{ client: SdkClient; service: Service }>>();
  const load = async (name: string, region: string) => {
    const loader = Object.hasOwn(known, name) ? known[name] : undefined;
    if (loader === undefined) throw new Error(`no client for the service ${name}`);
    const service = await loader();
    return { service, client: service.open({ ...shared, region }) };
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
      return { client, operation, protocol: protocolOf(client.config.protocol.getShapeId()) };
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
