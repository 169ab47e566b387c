import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/commands/_catalogue.ts';
import type { Catalogue } from '../../src/rule/rule.ts';
import { readTerraformSources } from '../../src/sources/_terraform-sources.ts';
import { readTerraformPlan } from '../../src/sources/terraform-plan.ts';
import { type PlannedChange, planOf } from '../fixtures/plan.ts';
import { openings } from './proposed.ts';

let temp: string;
let catalogue: Catalogue;
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'proviso-keys-'));
  catalogue = await loadCatalogue();
});
afterAll(() => rm(temp, { recursive: true, force: true }));

const rule = 'aws_vpc_security_group_ingress_rule.web';
const group = 'aws_security_group.web';
const pair = [group, 'each.key'];
const changes = (references: readonly string[]): Readonly<Record<string, PlannedChange>> => ({
  ...Object.fromEntries(
    ['a', 'b'].flatMap((key, index) => [
      [`${group}["${key}"]`, { after: { name: key }, unknown: { id: true }, written: { name: ['each.key'] } }],
      [
        `${rule}["${key}"]`,
        {
          after: { ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: `198.51.${index}.0/24` },
          unknown: { security_group_id: true },
          written: { security_group_id: references },
        },
      ],
    ]),
  ),
});

/** What each group opens, by the expression of its rules in the plan and in the files. */
async function opened(expression: string | undefined, references: readonly string[] = pair) {
  const folder = await mkdtemp(join(temp, 'run-'));
  const text = `resource "aws_vpc_security_group_ingress_rule" "web" {\n  security_group_id = ${expression}\n}\n`;
  if (expression !== undefined) await writeFile(join(folder, 'main.tf'), text);
  const sources = await readTerraformSources(folder, undefined, folder);
  const proposal = readTerraformPlan(planOf(changes(references)), 'plan.json', { ...catalogue, now: 0, sources });
  const groups = proposal.changes.filter(({ declared }) => declared.address.startsWith(group));
  return groups.map(({ after }) => openings(after?.properties ?? {}));
}

const paired = [['443-443 198.51.0.0/24'], ['443-443 198.51.1.0/24']];
const open = [['?'], ['?']];

describe('rules and groups with the same keys', () => {
  it.each<[string, string | undefined, readonly (readonly string[])[], (readonly string[])?]>([
    ['are pairs where the files say so', `${group}[each.key].id`, paired],
    ['are pairs over several blanks', `${group}[ each.key ].id # own`, paired],
    ['are none without files', undefined, open],
    ['are none by another expression', `values(${group})[each.key].id`, open],
    ['are none by a choice', `each.key == "a" ? ${group}["b"].id : ${group}["a"].id`, open],
    ['are none by another key', `${group}[each.value].id`, open],
    ['are none by a text', `"${group}[each.key].id"`, open],
    ['are none by another attribute', `${group}[each.key].name`, open],
    ['are none where the plan speaks of another resource', `${group}[each.key].id`, open, ['aws_vpc.web', 'each.key']],
    ['are none where the plan speaks of no key', `${group}[each.key].id`, open, [group, 'var.key']],
  ])('%s', async (_, expression, expected, references) => {
    expect(await opened(expression, references)).toEqual(expected);
  });
});
