import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Of these an account or region has one. */
const settings = /^aws_(?:ebs_encryption_by_default|iam_account_password_policy|s3_account_public_access_block)$/;
const keys = ['name', 'bucket', 'id', 'identifier', 'user', 'group', 'role', 'db_snapshot_identifier'];

/** What Terraform has planned in the fixtures: one document for each configuration. */
function readDocuments(fixtures) {
  const recorded = ['create', 'change'].map((name) => [name, join(fixtures, 'plans', `${name}.json`)]);
  const folders = readdirSync(join(fixtures, 'parity')).sort();
  const parity = folders.map((name) => [name, join(fixtures, 'parity', name, 'plan.json')]);
  return [...recorded, ...parity.filter(([, file]) => existsSync(file))].map(([name, file]) => {
    const plan = JSON.parse(readFileSync(file, 'utf8'));
    const changes = plan.resource_changes.filter(({ mode, type }) => mode === 'managed' && !settings.test(type));
    return { name: name.replaceAll('-', '_'), changes, module: plan.configuration.root_module };
  });
}

function* namesIn(changes) {
  for (const { change } of changes)
    for (const side of [change.before, change.after])
      for (const key of keys) if (typeof side?.[key] === 'string' && side[key] !== '') yield side[key];
}

/** The text of a value of another instance of a module, with ids and names of its own. */
function renamer(changes) {
  const literal = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const names = [...new Set(namesIn(changes))].sort((a, b) => b.length - a.length).map(literal);
  const named = new RegExp(`(?<=["/:])(${names.join('|')})(?="(?! *:)|/)`, 'g');
  const ids = /\b([a-z]{1,6}-)[0-9a-f]{9}(?=[0-9a-f]{8}\b)/g;
  return (value, unit) =>
    JSON.stringify(value)
      .replace(ids, (_, prefix) => prefix + unit.toString(16).padStart(9, '0'))
      .replace(named, `$1-${unit}`);
}

/** Instances of one call of a module share its configuration. */
const instancesOfCall = 10;

/** Of a plan of mostly unchanged resources, one instance of a module in so many changes. */
const instancesToAChange = 10;

/** Documents with nothing but what was there before. */
function existingIn(documents) {
  const known = documents.map((one) => ({
    ...one,
    changes: one.changes.filter(({ change }) => change.before !== null),
  }));
  return known.filter(({ changes }) => changes.length > 0);
}

/** A resource that stays as it is. */
function unchanged({ change: { before, before_sensitive }, action_reason: _, ...entry }) {
  const sides = { before, after: before, after_unknown: {}, before_sensitive, after_sensitive: before_sensitive };
  return { ...entry, change: { actions: ['no-op'], ...sides } };
}

/** The changes of one instance of a module. */
function changesIn(planned, unit, isQuiet) {
  return isQuiet && unit % instancesToAChange > 0 ? planned.map(unchanged) : planned;
}

/**
 * Writes a plan of about `size` managed resources: over and over what Terraform has planned for the fixtures' configurations,
 * as instances of modules. Planned values and the prior state are there as Terraform writes them.
 *
 * @param isQuiet whether nine of ten resources are there already and stay as they are
 * @returns how many resources, by type and by action, and the size in bytes
 */
export async function writePlan(path, size, fixtures, isQuiet = false) {
  const all = readDocuments(fixtures);
  const documents = isQuiet ? existingIn(all) : all;
  const perUnit = documents.reduce((sum, { changes }) => sum + changes.length, 0);
  const units = Math.max(1, Math.round(size / perUnit));
  const rename = renamer(documents.flatMap(({ changes }) => changes));
  const counts = { resources: 0, types: {}, actions: {}, bytes: 0 };
  const file = await open(path, 'w');
  const write = async (text) => {
    counts.bytes += Buffer.byteLength(text);
    await file.write(text);
  };
  const each = async (of) => {
    for (let unit = 0, isFirst = true; unit < units; unit += 1)
      for (const { name, changes: planned } of documents) {
        const changes = changesIn(planned, unit, isQuiet);
        const module = `module.${name}_${Math.floor(unit / instancesOfCall)}[\\"${unit}\\"]`;
        const texts = changes.flatMap((change) => of(change, module, unit) ?? []);
        if (texts.length > 0) await write(`${isFirst ? '' : ','}${texts.join(',')}`);
        isFirst &&= texts.length === 0;
      }
  };
  try {
    await write('{"format_version":"1.2","terraform_version":"1.11.4","variables":{"region":{"value":"eu-west-1"}},');
    await write('"planned_values":{"root_module":{"resources":[');
    await each(({ change, ...entry }, module, unit) => valuesText(entry, module, rename(change.after, unit)));
    await write(']}},"resource_changes":[');
    await each(({ change, ...entry }, module, unit) => {
      counts.resources += 1;
      counts.types[entry.type] = (counts.types[entry.type] ?? 0) + 1;
      const action = change.actions.join(' then ');
      counts.actions[action] = (counts.actions[action] ?? 0) + 1;
      return changeText(entry, module, rename(change, unit));
    });
    await write('],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[');
    await each(({ change, ...entry }, module, unit) => valuesText(entry, module, rename(change.before, unit)));
    await write(`]}}},"configuration":${JSON.stringify(configurationOf(documents, units))},`);
    await write('"timestamp":"2026-11-24T12:00:00Z","applyable":true,"complete":true,"errored":false}\n');
  } finally {
    await file.close();
  }
  return counts;
}

const addressIn = ({ address }, module) => `"address":"${module}.${JSON.stringify(address).slice(1)}`;

function valuesText(entry, module, values) {
  if (values === 'null') return undefined;
  const { address: _, ...rest } = entry;
  return `{${addressIn(entry, module)},${JSON.stringify({ ...rest, schema_version: 1 }).slice(1, -1)},"values":${values}}`;
}

function changeText(entry, module, change) {
  const { address: _, module_address, ...rest } = entry;
  const inner = module_address === undefined ? '' : `.${JSON.stringify(module_address).slice(1, -1)}`;
  return `{${addressIn(entry, module)},"module_address":"${module}${inner}",${JSON.stringify(rest).slice(1, -1)},"change":${change}}`;
}

function configurationOf(documents, units) {
  const module_calls = {};
  for (let call = 0; call < Math.ceil(units / instancesOfCall); call += 1)
    for (const { name, module } of documents)
      module_calls[`${name}_${call}`] = {
        source: `./modules/${name}`,
        for_each_expression: { references: ['var.units'] },
        module,
      };
  const aws = { name: 'aws', full_name: 'registry.terraform.io/hashicorp/aws' };
  return {
    provider_config: { aws: { ...aws, expressions: { region: { references: ['var.region'] } } } },
    root_module: { variables: { region: {}, units: {} }, module_calls },
  };
}
