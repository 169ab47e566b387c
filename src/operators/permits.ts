import { overlaps, parseCidr } from '../model/cidr.ts';
import { internetBlocks } from '../model/internet-blocks.ts';
import { doubtsOf, type Permission, permissionReader, type Relevant } from '../model/ip-permission.ts';
import { firstLeaves, withMore } from '../model/observations.ts';
import { booleanOperand, membersOperand, textsOperand, textsSchema } from '../model/operand.ts';
import { type Leaf, OperandError, type Operator, type Test } from '../model/operator.ts';
import {
  asksAbout,
  blocksOf,
  judgeExposure,
  type Match,
  type OwnedBlock,
  type Question,
} from '../model/port-exposure.ts';
import { portName } from '../model/port-name.ts';
import {
  hasNoPorts,
  highestPort,
  portsOperand,
  portsSchema,
  protocolSchema,
  protocolsOperand,
  sayPorts,
  sayProtocol,
  withoutPorts,
} from '../model/port-operand.ts';
import { quickExposure } from '../model/quick-exposure.ts';
import { reachText } from '../model/reach-text.ts';
import { FALSE, TRUE } from '../model/truth.ts';
import { isObject, type Json, type JsonObject, unknown } from '../model/value.ts';
import { sayBare, sayList } from '../model/words.ts';

const mostLeaves = 20;
/** More blocks than this are not counted. */
const mostBlocks = 500_000;

/**
 * On one permission: does it admit these ports from there? On a list: do its permissions admit one of the ports
 * together, or with `every` each of them? Sources that admit the same port are united, so that the internet in two halves is still the internet.
 */
export const operator: Operator = {
  name: 'permits',
  summary:
    'Admits traffic to one of the ports, or with `every: true` to all of them, from a source: anywhere (more of the internet than one /8 of IPv4 or one /16 of IPv6), any source at all, or one inside of a CIDR block.',
  operand: {
    type: 'object',
    additionalProperties: false,
    required: ['from'],
    properties: {
      port: portsSchema,
      ports: portsSchema,
      except: portsSchema,
      every: { type: 'boolean' },
      protocol: protocolSchema,
      from: textsSchema,
    },
    examples: [
      { port: 22, from: 'anywhere' },
      { ports: [20, 21, '137-139'], protocol: ['tcp', 'udp'], from: ['198.51.100.0/24', '2001:db8::/32'] },
      { protocol: 'any', from: 'any' },
      { except: [443], from: 'anywhere' },
      { ports: '1-65535', every: true, from: 'anywhere' },
    ],
  },
  kinds: ['list', 'object', 'any'],
  onItem: true,
  whenAbsent: FALSE,
  reads: [
    'IpProtocol',
    'FromPort',
    'ToPort',
    'IpRanges[].CidrIp',
    'Ipv6Ranges[].CidrIpv6',
    'PrefixListIds[].PrefixListId',
    'UserIdGroupPairs[].GroupId',
    '/PrefixLists',
  ],
  prepare(operand, place): Test {
    const question = parseOperand(operand);
    const asks: Relevant = (protocol, first, last) => asksAbout(question, protocol, first, last);
    const read = permissionReader(place, asks);
    const quick = question.from === 'anywhere' ? quickExposure(place, question) : undefined;
    const { subject, object, protocol } = phrases(operand);
    const named = `nothing that lets ${subject} reach ${object}`;
    const isNamed = isObject(operand) && (operand.except ?? operand.every ?? false) !== false;
    const expected: Expected = (permission) =>
      isNamed ? named : `nothing that lets ${subject} reach ${sayHits(question.ports, permission)}${protocol}`;
    return {
      test: (value, resource) => quick?.(value, resource) ?? judgeExposure(read(value, resource), question).answer,
      explain(value, resource, _run, path, answer) {
        if (answer === FALSE)
          return [{ path, observed: value, expected: `something that lets ${subject} reach ${object}` }];
        const permissions = read(value, resource);
        const { matches } = judgeExposure(permissions, question);
        const deciding = question.from === 'anywhere' ? permissions : matches.map(({ permission }) => permission);
        if (answer === TRUE) return decisive(deciding, question, path, expected);
        const leaves = doubts(matches, path, `knowing whether ${subject} can reach ${object}`);
        if (leaves.length > 0) return leaves;
        const observed = unknown('limit', 'there are too many permissions to unite their sources');
        return [{ path, observed, expected: expected() }];
      },
    };
  },
  words(operand, negated) {
    const { subject, object } = phrases(operand);
    return `${negated ? 'does not let' : 'lets'} ${subject} reach ${object}`;
  },
};

function parseOperand(operand: Json): Question {
  const members = membersOperand(operand, ['port', 'ports', 'except', 'every', 'protocol', 'from']);
  const protocols = protocolsOperand(members.protocol);
  if (members.port !== undefined && members.ports !== undefined) {
    throw new OperandError("write 'port' or 'ports', not both", ['ports']);
  }
  const ports = askedPorts(members, protocols);
  const every = members.every !== undefined && booleanOperand(members.every, ['every']);
  if (every && (protocols === 'any' || protocols.length > 1)) {
    throw new OperandError('every port of which protocol? write one', ['protocol']);
  }
  return { protocols, ports, from: parseFrom(members.from), ...(every ? { every } : {}) };
}

function askedPorts(members: JsonObject, protocols: Question['protocols']): Question['ports'] {
  const given = (['port', 'ports', 'except'] as const).filter((name) => (members[name] ?? undefined) !== undefined);
  const [first] = given;
  if (first === undefined) return undefined;
  if (protocols !== 'any' && protocols.some(hasNoPorts)) throw new OperandError('ICMP has no ports', [first]);
  const read = (name: string) => portsOperand(members[name] ?? [], name);
  const asked = first === 'except' ? ([[0, highestPort]] as const) : read(first);
  return given.includes('except') ? withoutPorts(asked, read('except')) : asked;
}

function parseFrom(operand: Json | undefined): Question['from'] {
  if (operand === 'anywhere' || operand === 'any') return operand;
  return textsOperand(operand, 'anywhere, any or a CIDR block', ['from']).map((text, index) => {
    const cidr = parseCidr(text);
    if (cidr !== undefined) return cidr;
    const at = Array.isArray(operand) ? ['from', index] : ['from'];
    throw new OperandError(`'${text}' is no source: write anywhere, any or a block such as 198.51.100.0/24`, at);
  });
}

function phrases(operand: Json): { subject: string; object: string; protocol: string } {
  const members = isObject(operand) ? operand : {};
  const protocol = sayProtocol(members.protocol);
  return {
    subject: saySource(members.from),
    object: `${sayAsked(members)}${protocol}`,
    protocol,
  };
}

function sayAsked({ port, ports, except, every }: JsonObject): string {
  const asked =
    every === true ? `all of ${sayPorts(port ?? ports ?? `0-${highestPort}`, 'and')}` : sayPorts(port ?? ports, 'or');
  return except === undefined || except === null ? asked : `${asked} but ${sayPorts(except, 'and')}`;
}

function saySource(from: Json | undefined): string {
  if (from === 'anywhere') return 'the internet';
  return from === 'any' ? 'any source' : sayList(from, 'or', sayBare);
}

/** What would have been right, for one of the permissions or for all of them. */
type Expected = (permission?: Permission) => string;

/** The entries that let the source in, each with the ports that its permission opens. */
function decisive(
  permissions: readonly Permission[],
  question: Question,
  path: string,
  expected: Expected,
): readonly Leaf[] {
  if (question.from === 'any') {
    const leaves = permissions.flatMap((permission) =>
      permission.sources().flatMap((source) => {
        if (source.kind === 'doubt') return [];
        const observed = source.kind === 'block' ? source.text : source.kind === 'list' ? source.list : source.group;
        const at = join(place(path, permission), source.path);
        const within = reachText(permission);
        return [{ path: at, observed, expected: expected(permission), within }];
      }),
    );
    return firstLeaves(leaves, mostLeaves);
  }
  const leaves: Leaf[] = [];
  const blocks = decidingBlocks(permissions, question);
  for (const block of blocks.slice(0, mostLeaves)) {
    const { owner, via, text: observed } = block;
    const right = expected(owner);
    const within = reachText(owner);
    if (via === undefined)
      leaves.push({ path: join(place(path, owner), block.path), observed, expected: right, within });
    else {
      leaves.push({ path: join(place(path, owner), via.path), observed: via.list, expected: right, within });
      leaves.push({ path: block.path, observed, expected: right, within });
    }
  }
  return withMore(leaves, blocks.length - mostLeaves);
}

/** The blocks that let the source in, as far as they are needed to show where. */
function decidingBlocks(permissions: readonly Permission[], question: Question): readonly OwnedBlock[] {
  const { from } = question;
  if (from === 'anywhere') return internetBlocks(permissions, question);
  return blocksOf(permissions, mostBlocks, (cidr) => from === 'any' || from.some((asked) => overlaps(asked, cidr)));
}

function doubts(matches: readonly Match[], path: string, expected: string): readonly Leaf[] {
  const leaves: Leaf[] = [];
  for (const { permission } of matches) {
    const at = place(path, permission);
    for (const doubt of doubtsOf(permission)) {
      if (leaves.length < mostLeaves) leaves.push({ path: join(at, doubt.path), observed: doubt.why, expected });
    }
  }
  return leaves;
}

/** The ports asked for that a permission opens, the first five by name. */
function sayHits(ports: Question['ports'], permission?: Permission): string {
  if (ports === undefined) return 'any port';
  const names: string[] = [];
  let hits = 0;
  for (const [first, last] of ports) {
    if (permission !== undefined && (permission.first > last || first > permission.last)) continue;
    hits += 1;
    if (hits <= 5) names.push(portName(first, last));
  }
  const more = hits > 5 ? ` and ${hits - 5} more` : '';
  return `port${hits === 1 && !names[0]?.includes('-') ? '' : 's'} ${names.join(', ')}${more}`;
}

function place(path: string, permission: Permission): string {
  return permission.index === undefined ? path : `${path}[${permission.index}]`;
}

function join(path: string, below: string): string {
  return path === '' || below === '' ? `${path}${below}` : `${path}.${below}`;
}
