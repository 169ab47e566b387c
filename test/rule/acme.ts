import { ProvisoErrors } from '../../src/errors.ts';
import type { Graph, Related } from '../../src/model/graph.ts';
import type { Run } from '../../src/model/operator.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { ResourceType, Shape } from '../../src/model/resource-type.ts';
import type { Json, JsonObject } from '../../src/model/value.ts';
import { loadOperators } from '../../src/operators/index.ts';
import { compileRule } from '../../src/rule/compile.ts';
import { loadRule } from '../../src/rule/load.ts';
import type { Catalogue, Rule, Verdict } from '../../src/rule/rule.ts';

const call = (operation: string) => ({ service: 'acme', operation });

export const server: ResourceType = {
  type: 'Acme::Server',
  noun: 'server',
  reach: 'region',
  id: 'Id',
  name: 'Name',
  tags: 'Tags',
  always: ['Port', 'Disks[].Size'],
  listing: { call: call('ListServers'), items: 'Servers[]' },
  groups: { Extra: { call: call('GetExtra'), value: '' } },
  relations: {
    volumes: { to: 'Acme::Volume', from: 'Id', match: 'ServerId' },
    rack: { to: 'Acme::Rack', from: 'RackId', match: 'Id' },
  },
};

export const volume: ResourceType = {
  type: 'Acme::Volume',
  noun: 'volume',
  reach: 'region',
  id: 'Id',
  always: [],
  listing: { call: call('ListVolumes'), items: 'Volumes[]' },
  relations: { snapshots: { to: 'Acme::Snapshot', from: 'Id', match: 'VolumeId' } },
};

export const snapshot: ResourceType = {
  type: 'Acme::Snapshot',
  noun: 'snapshot',
  reach: 'region',
  id: 'Id',
  always: [],
  listing: { call: call('ListSnapshots'), items: 'Snapshots[]' },
};

export const rack: ResourceType = { ...snapshot, type: 'Acme::Rack', noun: 'rack', reach: 'global' };

const shapes: Readonly<Record<string, Shape>> = {
  'Acme::Server': {
    fields: {
      Id: 'string',
      Name: 'string',
      Port: 'number',
      Open: 'boolean',
      Created: 'timestamp',
      RackId: 'string',
      Labels: { map: 'string' },
      Free: 'any',
      length: 'number',
      every: 'number',
      Names: { list: 'string' },
      Disks: {
        list: {
          fields: {
            Size: 'number',
            Kind: 'string',
            Made: 'timestamp',
            Mounts: { list: { fields: { Path: 'string' } } },
          },
        },
      },
      Detail: { fields: { Depth: 'number', Inner: { fields: { Leaf: 'string' } } } },
      Extra: { fields: { Level: 'number' } },
      Tags: { list: { fields: { Key: 'string', Value: 'string' } } },
    },
  },
  'Acme::Volume': { fields: { Id: 'string', ServerId: 'string', Encrypted: 'boolean', Size: 'number' } },
  'Acme::Snapshot': { fields: { Id: 'string', VolumeId: 'string', Public: 'boolean' } },
  'Acme::Rack': { fields: { Id: 'string', Locked: 'boolean' } },
};

export const acme: Catalogue = {
  types: new Map([server, volume, snapshot, rack].map((type) => [type.type, type])),
  shapes: new Map(Object.entries(shapes)),
  operators: await loadOperators(),
};

const envelope = `title: Servers are good
severity: high
resource: Acme::Server
why: Because.
fix: { cli: acme mend }
pass: { one: {} }
fail: { two: {} }
unknown: { three: {} }
`;

/** A whole rule file around a few lines; lines that name a key of the envelope replace it. */
export function ruleText(lines: string): string {
  const own = new Set([...lines.matchAll(/^([a-z-]+):/gm)].map((match) => match[1]));
  if (own.has('scope')) own.add('resource');
  return envelope
    .split('\n')
    .filter((line) => !own.has(line.split(':')[0]))
    .concat(lines)
    .join('\n');
}

export async function ruleFrom(lines: string, catalogue: Catalogue = acme): Promise<Rule> {
  return loadRule('rules/acme/server-good.yaml', new TextEncoder().encode(ruleText(lines)), catalogue);
}

/** The mistakes of a rule, with lines counted from the first of `lines`. */
export async function problemsOf(lines: string, catalogue: Catalogue = acme): Promise<string[]> {
  const before = ruleText(lines).split('\n').length - lines.split('\n').length;
  try {
    await ruleFrom(lines, catalogue);
    return [];
  } catch (error) {
    if (!(error instanceof ProvisoErrors)) throw error;
    return error.errors.map(({ where, message, hint }) => {
      const place = `${(where?.line ?? 0) - before}:${where?.column}+${where?.length}`;
      return `${place} ${message}${hint === undefined ? '' : ` (${hint})`}`;
    });
  }
}

const none: Related = { resources: [], incomplete: undefined };

/** A graph in which each relation and type leads to what is given for it, whatever the resource. */
export function graphOf(related: Readonly<Record<string, Related>>): Graph {
  return {
    related: (_resource, _type, relation) => related[relation.to] ?? none,
    all: (type) => related[type] ?? none,
  };
}

export function resourceOf(properties: JsonObject, more: Partial<Resource> = {}): Resource {
  return {
    type: server.type,
    account: '111122223333',
    region: 'eu-west-1',
    id: 'server-1',
    properties,
    ...more,
  };
}

export function runOf(graph: Graph = graphOf({})): Run {
  return { now: Date.UTC(2026, 10, 24), graph, visits: 0 };
}

/** Judges one server by a rule. */
export async function verdictOf(
  lines: string,
  properties: JsonObject,
  options: {
    readonly related?: Readonly<Record<string, Related>>;
    readonly values?: Readonly<Record<string, Json>>;
    readonly resource?: Partial<Resource>;
  } = {},
): Promise<Verdict> {
  const judge = compileRule(await ruleFrom(lines), options.values ?? {});
  return judge.judge(resourceOf(properties, options.resource), runOf(graphOf(options.related ?? {})));
}
