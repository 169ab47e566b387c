import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import { readProposal } from '../../src/commands/_gate-input.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { acmePlan, newGroup } from '../fixtures/acme-plan.ts';
import { quietIo } from '../scenarios/audited.ts';

const now = Date.UTC(2026, 10, 24, 2);
const office = '198.51.100.0/24';
const web = acmePlan([newGroup('web', office)]);

let temp: string;
let catalogue: Catalogue;
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'proviso-plans-'));
  catalogue = await loadCatalogue();
});
afterAll(() => rm(temp, { recursive: true, force: true }));

async function read(plans: Readonly<Record<string, object>>, options: Readonly<Record<string, string>> = {}) {
  const cwd = await mkdtemp(join(temp, 'run-'));
  for (const [name, plan] of Object.entries(plans)) await writeFile(join(cwd, name), JSON.stringify(plan));
  return readProposal(Object.keys(plans), options, { ...quietIo(), cwd }, { catalogue, now });
}

describe('a place that is named for a plan', () => {
  it.each([
    [{ region: 'eu-central-1' }, 'plan.json is for region eu-west-1, and --region says eu-central-1'],
    [{ account: '444455556666' }, 'plan.json is for account 111122223333, and --account says 444455556666'],
  ])('is an error where the plan names another one: %o', async (options, message) => {
    await expect(read({ 'plan.json': web }, options)).rejects.toMatchObject({ code: 'input', message });
  });

  it('is none where the plan names the same', async () => {
    const { home } = await read({ 'plan.json': web }, { region: 'eu-west-1', account: '111122223333' });
    expect(home).toEqual({ account: '111122223333', region: 'eu-west-1' });
  });
});
