import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { keepCredentials } from '../../src/aws/credentials.ts';
import { createEngine, defaultTimings } from '../../src/aws/engine.ts';
import { readPages } from '../../src/aws/pages.ts';
import { services } from '../../src/aws/services.generated.ts';
import { account, fast, identity } from './acme.ts';

const body = Buffer.from('<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>');

/** Lists the buckets over a connection that answers in the name of whatever host it is asked for. */
async function listOver(headers: Record<string, string>, endpointUrl?: string) {
  const hosts: string[] = [];
  const requestHandler = {
    handle: async (request: { readonly hostname: string }) => {
      hosts.push(request.hostname);
      return { response: { statusCode: 200, headers: { ...headers }, body } };
    },
  };
  const load = services.s3;
  if (load === undefined) throw new Error('no client for S3');
  const service = await load();
  const open = (config: object) => service.open({ ...config, requestHandler });
  const credentials = keepCredentials(async () => identity, systemClock);
  const place = endpointUrl === undefined ? {} : { endpointUrl };
  const timings = { ...defaultTimings, ...fast };
  const { connectTimeout, requestTimeout } = timings;
  const known = { s3: async () => ({ ...service, open }) };
  const clients = createClients({ credentials, connectTimeout, requestTimeout, services: known, ...place });
  const { signal } = new AbortController();
  const engine = createEngine(
    { clients, credentials, clock: systemClock, timings, signal, globalRegion: 'us-east-1' },
    false,
  );
  const call = { service: 's3', operation: 'ListBuckets' };
  const question = { account, region: 'global', call, input: {} };
  const entry = await readPages(engine, question, 'Buckets[]', async () => undefined);
  return { entry, hosts };
}

describe('an answer without a request id', () => {
  it('is refused when it comes in the name of AWS', async () => {
    const { entry, hosts } = await listOver({});
    expect(hosts[0]).toBe('s3.us-east-1.amazonaws.com');
    expect(entry).toMatchObject({ outcome: 'failed', error: { message: expect.stringMatching(/no request id/) } });
  });

  it('is taken from an emulator', async () => {
    const { entry } = await listOver({}, 'http://localhost:5000');
    expect(entry).toMatchObject({ outcome: 'complete', requestIds: [] });
  });
});

describe('a call that the environment sends elsewhere', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'])('is stopped: %s', async (name) => {
    vi.stubEnv(name, 'http://emulator.example.com:5000');
    const { entry, hosts } = await listOver({ 'x-amz-request-id': 'ACME1' });
    expect(hosts).toEqual([]);
    expect(entry).toMatchObject({ outcome: 'failed', error: { message: expect.stringMatching(/which is not AWS/) } });
  });
});

describe('an answer with a request id', () => {
  it('is taken from AWS, and the id kept', async () => {
    const { entry } = await listOver({ 'x-amz-request-id': 'ACME1' });
    expect(entry).toMatchObject({ outcome: 'complete', requestIds: ['ACME1'] });
  });
});
