import { NormalizedSchema } from '@smithy/core/schema';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { keepCredentials } from '../../src/aws/credentials.ts';
import { services as clients } from '../../src/aws/services.generated.ts';
import { toJson } from '../../src/aws/to-json.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { services } from '../../src/simulator/services.generated.ts';
import { acmeWith, closeAll, identity, serve } from '../aws-calls/acme.ts';
import { sampleOutput } from './sample-output.ts';

afterEach(closeAll);
const loaded = await Promise.all(Object.values(services).map((load) => load()));
const operations = loaded.flatMap((service) =>
  Object.entries(service.operations).map(([name, { schema, tokens }]) => ({ service, name, schema, tokens })),
);

/** Any value for each member that the operation's request must have in its path or host. */
function inputFor(schema: unknown): JsonObject {
  const input = NormalizedSchema.of((schema as readonly unknown[])[4] as never);
  const labels = input.isStructSchema() ? [...input.structIterator()] : [];
  const needed = labels.filter(([name, member]) => member.getMergedTraits().httpLabel || name === 'AccountId');
  return Object.fromEntries(needed.map(([name]) => [name, name === 'AccountId' ? '111122223333' : 'acme-logs']));
}

async function readBack(service: string, operation: string, value: JsonObject, input: JsonObject): Promise<Json> {
  const simulator = await serve(acmeWith(service, operation, value));
  const open = createClients({
    credentials: keepCredentials(async () => identity, systemClock),
    endpointUrl: simulator.url,
    connectTimeout: 1000,
    requestTimeout: 5000,
  });
  const sender = await open.sender(service, operation, 'eu-west-1');
  const command = sender.operation.command(input);
  const output = await sender.client.send(command, { abortSignal: new AbortController().signal });
  open.close();
  return toJson(output);
}

/** Tokens and truncation are the simulator's own business. */
function declared(schema: unknown, tokens: { readonly output: string } | undefined): JsonObject {
  const { IsTruncated: _, ...members } = sampleOutput(schema);
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== tokens?.output));
}

describe('what is declared comes back from the real SDK client', () => {
  it.each(operations.map((each) => [`${each.service.service}:${each.name}`, each] as const))('%s', async (_, each) => {
    const value = declared(each.schema, each.tokens);
    const back = await readBack(each.service.service, each.name, value, inputFor(each.schema));
    expect(back).toEqual(value);
  });

  it('for every operation that is called', async () => {
    const called = await Promise.all(
      Object.entries(clients).map(async ([name, load]) => [name, Object.keys((await load()).operations)]),
    );
    const simulated = loaded.map((service) => [service.service, Object.keys(service.operations)]);
    expect(simulated).toEqual(called);
  });
});

describe('empty lists and texts stay what they are', () => {
  it.each([
    ['ec2', 'DescribeSecurityGroups', { SecurityGroups: [] }],
    ['elastic-load-balancing-v2', 'DescribeListeners', { Listeners: [] }],
    ['s3', 'ListBuckets', { Buckets: [] }],
    ['backup', 'ListBackupVaults', { BackupVaultList: [] }],
    ['ssm', 'ListComplianceItems', { ComplianceItems: [] }],
    ['ec2', 'DescribeSecurityGroups', { SecurityGroups: [{ GroupName: '', IpPermissions: [] }] }],
  ])('%s:%s', async (service, operation, value) => {
    expect(await readBack(service, operation, value, {})).toEqual(value);
  });
});

describe('an S3 bucket in the first region', () => {
  it('has an empty location', async () => {
    expect(await readBack('s3', 'GetBucketLocation', {}, { Bucket: 'acme-logs' })).toEqual({});
  });
  it('elsewhere names it', async () => {
    const value = { LocationConstraint: 'eu-west-1' };
    expect(await readBack('s3', 'GetBucketLocation', value, { Bucket: 'acme-logs' })).toEqual(value);
  });
});

afterAll(closeAll);
