import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openAws } from '../../src/aws/open-aws.ts';
import type { DeclaredError } from '../../src/simulator/account.ts';
import { account, acme, acmeWith, closeAll, connect, fast, identity, serve } from './acme.ts';

beforeAll(async () => {
  await connect(acme());
});
afterEach(closeAll);

const credentials = async () => identity;
const silent = { ...fast, requestTimeout: 100, deadline: 500 };

async function raised(opening: Promise<unknown>): Promise<unknown> {
  try {
    return await opening;
  } catch (error) {
    return error;
  }
}

async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('opening', () => {
  it('tells whose credentials they are, and enters it in the ledger', async () => {
    const { aws, caller } = await connect(acme());
    expect(caller).toEqual({ account, arn: `arn:aws:iam::${account}:role/ProvisoAuditor`, partition: 'aws' });
    expect(aws.partition).toBe('aws');
    expect(aws.ledger()).toMatchObject([{ key: 'sts:GetCallerIdentity', account, outcome: 'complete' }]);
  });

  it('takes the partition from the caller', async () => {
    const caller = `arn:aws-us-gov:iam::${account}:role/ProvisoAuditor`;
    expect((await connect({ ...acme(), caller })).aws.partition).toBe('aws-us-gov');
  });

  it.each<[DeclaredError, RegExp, RegExp]>([
    [{ name: 'ExpiredToken', message: 'The token is old', status: 403 }, /have expired/, /Sign in again/],
    [{ name: 'InvalidClientTokenId', status: 403 }, /refuses the credentials/, /Check the keys/],
    [
      {
        name: 'SignatureDoesNotMatch',
        message: 'Signature expired: 20260101 is now earlier than 20260102',
        status: 403,
      },
      /this computer's time/,
      /Set the clock/,
    ],
  ])('explains %o', async (error, message, hint) => {
    const state = acmeWith('sts', 'GetCallerIdentity', [{ when: {}, error }]);
    const mistake = await raised(connect(state));
    expect(mistake).toMatchObject({ code: 'credentials', hint: expect.stringMatching(hint) });
    expect((mistake as Error).message).toMatch(message);
  });

  it('explains that there are no credentials', async () => {
    const { url } = await serve(acme());
    const none = () => Promise.reject(Object.assign(new Error('none given'), { name: 'CredentialsProviderError' }));
    const opening = openAws({ endpointUrl: url, credentials: none, timings: fast });
    await expect(opening).rejects.toMatchObject({ code: 'credentials', hint: expect.stringMatching(/--profile/) });
  });

  it('explains that nothing listens', async () => {
    const endpointUrl = `http://127.0.0.1:${await closedPort()}`;
    const opening = openAws({ endpointUrl, credentials, timings: fast });
    await expect(opening).rejects.toMatchObject({ code: 'endpoint', message: expect.stringContaining(endpointUrl) });
  });

  it.each(['silence', 'html-200', 'empty-200', 'wrong-shape'] as const)(
    'refuses an endpoint that gives %s',
    async (kind) => {
      const { url } = await serve(acme(), {
        faults: [{ service: 'sts', operation: 'GetCallerIdentity', fault: kind }],
      });
      const opening = openAws({ endpointUrl: url, credentials, timings: silent });
      await expect(opening).rejects.toMatchObject({ code: 'endpoint' });
    },
  );

  it.each([
    [{ region: 'eu-west' }, /not the name of an AWS region/],
    [{ region: 'us-east-1@evil.example' }, /not the name of an AWS region/],
    [{ region: '../x' }, /not the name of an AWS region/],
    [{ endpointUrl: 'ftp://example.com' }, /not an http or https address/],
    [{ endpointUrl: 'localhost:5000' }, /not an http or https address/],
    [{ roleArn: 'ProvisoAuditor' }, /not the ARN of a role/],
  ])('refuses %o before it calls anything', async (options, message) => {
    const opening = openAws({ credentials, timings: fast, ...options });
    await expect(opening).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
  });

  it('is interrupted by its signal', async () => {
    const { url } = await serve(acme(), {
      faults: [{ service: 'sts', operation: 'GetCallerIdentity', fault: 'silence' }],
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const opening = openAws({ endpointUrl: url, credentials, signal: controller.signal });
    await expect(opening).rejects.toMatchObject({ code: 'interrupted' });
  }, 3000);
});

describe('credentials', () => {
  it('are looked up once for many clients', async () => {
    const { url } = await serve(acme());
    let looks = 0;
    const counted = async () => {
      looks += 1;
      return identity;
    };
    const { aws } = await openAws({ endpointUrl: url, credentials: counted, timings: fast });
    const regions = ['eu-west-1', 'eu-central-1', 'us-east-1'];
    const call = { service: 'ec2', operation: 'DescribeSecurityGroups' };
    await Promise.all(regions.map((region) => aws.ask({ account, region, call, input: {} }, 'SecurityGroups[]')));
    expect(looks).toBe(1);
  });

  it('that have expired are renewed once, and the call repeated', async () => {
    const { url } = await serve(
      acmeWith('backup', 'ListBackupVaults', [{ when: {}, error: { name: 'ExpiredTokenException', status: 400 } }]),
    );
    let looks = 0;
    const counted = async () => {
      looks += 1;
      return identity;
    };
    const { aws } = await openAws({ endpointUrl: url, credentials: counted, timings: fast });
    const call = { service: 'backup', operation: 'ListBackupVaults' };
    const { entry } = await aws.ask({ account, region: 'eu-west-1', call, input: {} }, 'BackupVaultList[]');
    expect(entry).toMatchObject({ outcome: 'denied', attempts: 2, error: { name: 'ExpiredTokenException' } });
    expect(looks).toBe(2);
  });

  it('are renewed before they expire', async () => {
    const { url } = await serve(acme());
    let looks = 0;
    const short = async () => {
      looks += 1;
      return { ...identity, expiration: new Date(Date.now() + (looks === 1 ? -1000 : 3_600_000)) };
    };
    const { aws } = await openAws({ endpointUrl: url, credentials: short, timings: fast });
    const call = { service: 'ec2', operation: 'DescribeSecurityGroups' };
    await aws.ask({ account, region: 'eu-west-1', call, input: {} }, 'SecurityGroups[]');
    await aws.ask({ account, region: 'us-east-1', call, input: {} }, 'SecurityGroups[]');
    expect(looks).toBe(2);
  });
});

describe('S3 Control', () => {
  it.each(['127.0.0.1', 'localhost'])('is reached on %s, though it puts the account before the host', async (host) => {
    const answer = { PublicAccessBlockConfiguration: { BlockPublicAcls: true } };
    const { url } = await serve(acmeWith('s3-control', 'GetPublicAccessBlock', answer));
    const { aws } = await openAws({ endpointUrl: url.replace('127.0.0.1', host), credentials, timings: fast });
    const call = { service: 's3-control', operation: 'GetPublicAccessBlock' };
    const question = { account, region: 'global', call, input: { AccountId: account } };
    expect(await aws.ask(question, 'PublicAccessBlockConfiguration')).toMatchObject({
      value: { BlockPublicAcls: true },
    });
  });
});
