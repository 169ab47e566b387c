// Serves an account that was given as JSON in the first argument, collects the type in the second one by the live source,
// and prints its records as JSON. It is run in a copy of the project to which that type was added.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discoverRegions } from '../../src/aws/discover-regions.ts';
import { openAws } from '../../src/aws/open-aws.ts';
import type { Resource } from '../../src/model/resource.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import { loadResourceTypes } from '../../src/resources/index.ts';
import type { SimulatedAccount } from '../../src/simulator/account.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { collectLive } from '../../src/sources/live.ts';
import { openRecorded } from '../../src/sources/recorded.ts';

/** What is printed. */
export interface Collected {
  readonly complete: boolean;
  readonly records: readonly Resource[];
}

const [, , declared = '', name = ''] = process.argv;
const simulator = await startSimulator(JSON.parse(declared) as SimulatedAccount);
const folder = await mkdtemp(join(tmpdir(), 'proviso-collect-'));
try {
  const credentials = async () => ({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' });
  const { aws, caller, region } = await openAws({ endpointUrl: simulator.url, credentials });
  const types = [...(await loadResourceTypes()).values()].filter(({ type }) => type === name);
  const wish = { account: caller.account, selected: undefined, home: region };
  const regions = await discoverRegions(aws, wish);
  const writer = await openSnapshotWriter(folder);
  const facts = await collectLive({ aws, account: caller.account, types, regions, wanted: () => [], writer });
  const times = { startedAt: '2026-11-24T02:00:00.000Z', finishedAt: '2026-11-24T02:00:01.000Z' };
  await writer.finish({ ...facts, caller: { account: caller.account, arn: caller.arn }, ...times }, aws.ledger());
  const snapshot = await openRecorded(folder);
  const records: Resource[] = [];
  for (const collection of snapshot.manifest.collections)
    for await (const batch of snapshot.records(collection)) records.push(...batch);
  const complete = snapshot.manifest.collections.every((collection) => collection.complete);
  process.stdout.write(JSON.stringify({ complete, records } satisfies Collected));
} finally {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
}
