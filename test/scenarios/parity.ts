import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/finding/finding.ts';
import { planned as plannedSnapshots } from '../../src/model/planned.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { checkSnapshot } from '../../src/model/snapshot-check.ts';
import { openSnapshotWriter } from '../../src/model/snapshot-writer.ts';
import { byCodeUnit, canonicalJson, isObject, isUnknown, type Json } from '../../src/model/value.ts';
import { readTerraformSources } from '../../src/sources/_terraform-sources.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { plainFiles } from '../sources/plain-files.ts';
import { type Audited, audit, judge, type Question, shippedQuestion } from './audited.ts';

const now = Date.parse('2026-11-24T02:00:00.000Z');
const region = 'eu-west-1';
const account = '111122223333';

/** What is expected of one resource, whatever it was read from. */
export interface Expected {
  /** The properties that rules read, lists in any order; the resource's own id is `<self>`. */
  readonly properties: object;
  readonly verdicts: Readonly<Record<string, Outcome>>;
  /** Verdicts that hang on what no declaration tells. */
  readonly declared?: Readonly<Record<string, Outcome>>;
  /** Verdicts that hang on what a template does not tell, such as the tags of its stack. */
  readonly templated?: Readonly<Record<string, Outcome>>;
}

/** One expectation of a type, held against what AWS answers and against whatever can declare it. */
export interface Parity {
  readonly type: string;
  readonly folder: string;
  /** Where the resources are, if not in the region of the fixtures. */
  readonly region?: 'global';
  /** What the resource is called in every fixture. */
  readonly nameOf: (resource: Resource) => string;
  readonly resources: Readonly<Record<string, Expected>>;
  /** Resources of the plan and the template alone, of which something is not known yet. */
  readonly undecided: Readonly<Record<string, Readonly<Record<string, Outcome>>>>;
}

async function mistakesOnDisk(snapshot: Snapshot, folder: string): Promise<readonly string[]> {
  const writer = await openSnapshotWriter(folder);
  const { manifest, ledger } = snapshot;
  for (const collection of manifest.collections) {
    for await (const batch of snapshot.records(collection)) for (const record of batch) writer.add(record);
    await writer.end(collection.account, collection.region, collection.type, collection);
  }
  const written = await writer.finish(manifest, ledger.values());
  expect(written.contentDigest).toBe(manifest.contentDigest);
  return (await checkSnapshot(folder)).map(({ message }) => message);
}

interface Reader {
  readonly from: string;
  readonly file: string;
  /** @param folder where the file is, and what it was made from */
  read(bytes: Buffer, question: Question, folder: string): Promise<Audited>;
}

const readers: readonly Reader[] = [
  { from: 'live', file: 'live.json', read: (bytes, question) => audit(question, JSON.parse(bytes.toString())) },
  {
    from: 'a Terraform plan',
    file: 'plan.json',
    async read(bytes, question, folder) {
      const written = await readTerraformSources(folder, undefined, folder);
      const sources = { ...written, isReference: plainFiles.isReference };
      const options = { ...question.catalogue, now, account, sources };
      return judge(
        question,
        plannedSnapshots(readTerraformPlan(bytes, 'plan.json', options), options.types).after,
        now,
      );
    },
  },
  {
    from: 'a CloudFormation template',
    file: 'template.yaml',
    async read(bytes, question) {
      const options = { ...question.catalogue, now, account, region };
      const proposal = await readTemplate(bytes, 'template.yaml', options);
      return judge(question, plannedSnapshots(proposal, options.types).after, now);
    },
  },
];

const fixture = (folder: string, file: string) => new URL(`../fixtures/parity/${folder}/${file}`, import.meta.url);

async function recordsOf(snapshot: Snapshot, { type, nameOf }: Parity): Promise<Map<string, Resource>> {
  const records = new Map<string, Resource>();
  for (const collection of snapshot.manifest.collections) {
    if (collection.type !== type) continue;
    for await (const batch of snapshot.records(collection))
      for (const record of batch) records.set(nameOf(record), record);
  }
  return records;
}

/** Lists are sorted, the resource's own id is `<self>`, and markers are gone: what they stand for is not read. */
function comparable(value: Json, self: string): Json {
  if (typeof value === 'string') return value === self ? '<self>' : value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).filter((item) => !isUnknown(item)).map((item) => comparable(item, self));
    return items.sort((a, b) => byCodeUnit(orderOf(a), orderOf(b)));
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && !isUnknown(member));
  return Object.fromEntries(members.map(([name, member]) => [name, comparable(member ?? null, self)]));
}

function orderOf(item: Json): string {
  if (!isObject(item)) return canonicalJson(item);
  return canonicalJson([item.IpProtocol, item.FromPort, item.Priority]);
}

function verdictsOn({ results }: Audited, { type }: Parity, id: string): Record<string, Outcome> {
  const own = results.filter((result) => result.type === type && result.resource?.id === id);
  return Object.fromEntries(own.map(({ rule, outcome }) => [rule, outcome]));
}

/**
 * Holds one expectation per type against every fixture in its folder: `live.json`, `plan.json`, `template.yaml`. A type
 * that cannot be declared in one of the two has no such file.
 */
export function describeParity(parities: readonly Parity[]): void {
  let question: Question;

  beforeAll(async () => {
    question = await shippedQuestion();
  });

  describe.each(parities)('$type', (parity) => {
    const present = readers.filter(({ file }) => existsSync(fixture(parity.folder, file)));

    test('has something to compare', () => {
      expect(present.length).toBeGreaterThan(1);
    });

    describe.each(present)('read from $from', ({ from, file, read }) => {
      let audited: Audited;
      let records: Map<string, Resource>;

      beforeAll(async () => {
        const url = fixture(parity.folder, file);
        audited = await read(readFileSync(url), question, fileURLToPath(new URL('.', url)));
        records = await recordsOf(audited.snapshot, parity);
      });

      test('has the resources that it should', () => {
        const undecided = from === 'live' ? [] : Object.keys(parity.undecided);
        expect([...records.keys()].sort()).toEqual([...Object.keys(parity.resources), ...undecided].sort());
        for (const record of records.values())
          expect(record).toMatchObject({ account, region: parity.region ?? region });
      });

      test.each(Object.entries(parity.resources))('gives %s the same properties', (name, expected) => {
        const record = records.get(name);
        expect(comparable(record?.properties ?? null, record?.id ?? '')).toMatchObject(
          comparable(expected.properties as Json, 'nothing') as object,
        );
      });

      test.each(Object.entries(parity.resources))('gives %s the same verdicts', (name, expected) => {
        const untold = file === 'template.yaml' ? expected.templated : {};
        const beyond = from === 'live' ? {} : { ...expected.declared, ...untold };
        const verdicts = verdictsOn(audited, parity, records.get(name)?.id ?? '');
        expect(verdicts).toEqual({ ...expected.verdicts, ...beyond });
      });

      if (from === 'live') return;

      test('leaves open what is not known yet', () => {
        expect.assertions(Object.keys(parity.undecided).length);
        for (const [name, verdicts] of Object.entries(parity.undecided))
          expect(verdictsOn(audited, parity, records.get(name)?.id ?? '')).toMatchObject(verdicts);
      });

      test('is a sound snapshot on the disk, too', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'proviso-parity-'));
        try {
          expect(await mistakesOnDisk(audited.snapshot, join(folder, 'snapshot'))).toEqual([]);
        } finally {
          await rm(folder, { recursive: true });
        }
      });

      test('calls no list whole', () => {
        for (const { complete } of audited.snapshot.manifest.collections) expect(complete).toBe(false);
        for (const { verdict } of audited.assessment.clauses) expect(['unproven', 'broken']).toContain(verdict);
      });
    });
  });
}
