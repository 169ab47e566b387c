import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assess } from '../../src/assess.ts';
import { readBaseline } from '../../src/commands/_baseline.ts';
import { exitCode } from '../../src/finding/exit.ts';
import { resultLine, visibleJson } from '../../src/finding/result-line.ts';
import { acmeCatalogue, acmePolicy, acmeRule, acmeSnapshot, now } from '../fixtures/acme.ts';

const group = 'AWS::EC2::SecurityGroup';
const day = 86_400_000;

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'proviso-'));
});
afterAll(() => rm(place, { recursive: true }));

async function questionAt(instant: number, resource: string) {
  const waiver = { rule: 'sg-closed', resource, reason: 'r', owner: 'o', approver: 'a', expires: '2026-11-24' };
  return {
    snapshot: acmeSnapshot([
      { type: group, region: 'eu-west-1', records: [{ GroupId: 'sg-1', GroupName: 'web', Open: true }] },
    ]),
    rules: [await acmeRule('sg-closed', `resource: ${group}\nassert: { Open: false }`)],
    policy: await acmePolicy(`title: A\nwaivers: [${JSON.stringify(waiver)}]`),
    catalogue: await acmeCatalogue(),
    now: instant,
  };
}

async function run(question: Parameters<typeof assess>[0]) {
  const fold = assess(question);
  const lines: string[] = [];
  for (;;) {
    const next = await fold.next();
    if (next.done) return { assessment: next.value, lines };
    lines.push(...next.value.map((result) => `${resultLine(result)}\n`));
  }
}

/** Keeps a run in a folder, as a command does. */
async function keep(name: string, { assessment, lines }: Awaited<ReturnType<typeof run>>): Promise<string> {
  await mkdir(join(place, name));
  await writeFile(join(place, name, 'assessment.json'), `${visibleJson(assessment)}\n`);
  await writeFile(join(place, name, 'results.ndjson'), lines.join(''));
  return name;
}

it.each([
  ['that was waived and is no more, it gates though only new ones do', 'sg-1', 1, 1],
  ['that was never waived, it is known', 'sg-2', 0, 0],
])('of a failure in an earlier run %s', async (_, waived, introduced, code) => {
  const earlier = await keep(waived, await run(await questionAt(now, waived)));
  const baseline = await readBaseline(earlier, place);
  const { assessment } = await run({ ...(await questionAt(now + day, waived)), baseline });
  expect(assessment.rules.find(({ id }) => id === 'sg-closed')).toMatchObject({ introduced, waived: 0 });
  // What is said of the waiver itself is of a lesser severity.
  const rules = assessment.rules.filter(({ id }) => id === 'sg-closed');
  expect(exitCode({ ...assessment, rules }, { failOn: 'info', onUnknown: 'fail', only: 'new' })).toBe(code);
});
