import { covers, parseCidr, type Ranges, union } from '../model/cidr.ts';
import { doubtsOf, type Permission, permissionReader, type Source } from '../model/ip-permission.ts';
import { firstLeaves } from '../model/observations.ts';
import { membersOperand, textsOperand, textsSchema } from '../model/operand.ts';
import { type Leaf, OperandError, type Operator, type Test } from '../model/operator.ts';
import {
  allProtocols,
  hasNoPorts,
  highestPort,
  mergePorts,
  type Ports,
  portsOperand,
  portsSchema,
  protocolSchema,
  protocolsOperand,
  sayPorts,
  sayProtocol,
  tcp,
  udp,
} from '../model/port-operand.ts';
import { reachText } from '../model/reach-text.ts';
import { FALSE, not, TRUE, type Truth, UNKNOWN } from '../model/truth.ts';
import { isObject, type Json } from '../model/value.ts';
import { sayBare, sayList } from '../model/words.ts';

interface Bounds {
  readonly protocols: readonly number[] | 'any';
  /** Sorted, and neither overlapping nor touching. */
  readonly ports: readonly Ports[];
  readonly from: Ranges;
}

const mostLeaves = 20;

/**
 * Whether nothing is admitted but the listed ports from the listed blocks. A reference to a security group admits
 * addresses that nobody can bound, so it is outside; so is a permission for all protocols, unless all are allowed.
 */
export const operator: Operator = {
  name: 'permitsOnly',
  summary:
    'Admits nothing but traffic to the listed ports from the listed CIDR blocks; with no block listed, nothing at all.',
  operand: {
    type: 'object',
    additionalProperties: false,
    required: ['from'],
    properties: { ports: portsSchema, protocol: protocolSchema, from: textsSchema },
    examples: [
      { ports: [22], from: ['198.51.100.0/24'] },
      { ports: ['1024-65535'], protocol: 'any', from: [] },
    ],
  },
  kinds: ['list', 'object', 'any'],
  onItem: true,
  whenAbsent: TRUE,
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
    const bounds = parseOperand(operand);
    const read = permissionReader(place);
    return {
      test: (value, resource) => judge(read(value, resource), bounds),
      explain(value, resource, _run, path, answer) {
        const expected = `${answer === TRUE ? 'something but' : 'nothing but'} ${sayBounds(operand)}`;
        const permissions = answer === TRUE ? [] : read(value, resource);
        const leaves = permissions.flatMap((permission) =>
          answer === FALSE
            ? outsideLeaves(permission, bounds, path, expected)
            : doubtLeaves(permission, path, expected),
        );
        return leaves.length === 0 ? [{ path, observed: value, expected }] : firstLeaves(leaves, mostLeaves);
      },
    };
  },
  words: (operand, negated) => `${negated ? 'permits more than' : 'permits nothing but'} ${sayBounds(operand)}`,
};

function parseOperand(operand: Json): Bounds {
  const members = membersOperand(operand, ['ports', 'protocol', 'from']);
  const protocols = protocolsOperand(members.protocol);
  const given = members.ports ?? undefined;
  if (given !== undefined && protocols !== 'any' && protocols.some(hasNoPorts)) {
    throw new OperandError('ICMP has no ports', ['ports']);
  }
  const from = textsOperand(members.from, 'a CIDR block', ['from']).map((text, index) => {
    const cidr = parseCidr(text);
    if (cidr !== undefined) return cidr;
    const at = Array.isArray(members.from) ? ['from', index] : ['from'];
    throw new OperandError(`'${text}' is no block of addresses: write one such as 198.51.100.0/24`, at);
  });
  const ports: readonly Ports[] = given === undefined ? [[0, highestPort]] : mergePorts(portsOperand(given, 'ports'));
  return { protocols, ports, from: union(from) };
}

function sayBounds(operand: Json): string {
  const members = isObject(operand) ? operand : {};
  if (Array.isArray(members.from) && members.from.length === 0) return 'traffic from nowhere';
  const ports = `${sayPorts(members.ports, 'and')}${sayProtocol(members.protocol)}`;
  return `traffic to ${ports} from ${sayList(members.from, 'and', sayBare)}`;
}

function judge(permissions: readonly Permission[], bounds: Bounds): Truth {
  let answer: Truth = TRUE;
  for (const permission of permissions) {
    const one = judgeOne(permission, bounds);
    if (one === FALSE) return FALSE;
    if (one === UNKNOWN) answer = UNKNOWN;
  }
  return answer;
}

/** A permission without a source admits nothing, whatever its ports. */
function judgeOne(permission: Permission, bounds: Bounds): Truth {
  const reach = reachInside(permission, bounds);
  let answer: Truth = TRUE;
  for (const source of permission.sources()) {
    const outside = not(both(reach, sourceInside(source, bounds)));
    const breach = both(admits(source), outside);
    if (breach === TRUE) return FALSE;
    if (breach === UNKNOWN) answer = UNKNOWN;
  }
  return answer;
}

function both(a: Truth, b: Truth): Truth {
  return a < b ? a : b;
}

/** Whether protocol and ports lie inside the bounds. */
function reachInside(permission: Permission, bounds: Bounds): Truth {
  const { protocol, first, last } = permission;
  const all = bounds.protocols === 'any' && covered(0, highestPort, bounds.ports);
  if (all) return TRUE;
  if (protocol === undefined) return UNKNOWN;
  if (protocol === allProtocols) return FALSE;
  if (bounds.protocols !== 'any' && !bounds.protocols.includes(protocol)) return FALSE;
  // A protocol without ports lies inside when it is named; "any" protocol on some ports does not name it.
  if (protocol !== tcp && protocol !== udp) return bounds.protocols === 'any' ? FALSE : TRUE;
  if (covered(first, last, bounds.ports)) return TRUE;
  return permission.doubts.length > 0 ? UNKNOWN : FALSE;
}

function covered(first: number, last: number, ports: readonly Ports[]): boolean {
  return ports.some(([from, to]) => from <= first && last <= to);
}

/** Whether an entry lets anybody in at all: a prefix list may be empty. */
function admits(source: Source): Truth {
  if (source.kind === 'doubt') return UNKNOWN;
  if (source.kind !== 'list' || source.entries.blocks.length > 0) return TRUE;
  return source.entries.why === undefined ? FALSE : UNKNOWN;
}

function sourceInside(source: Source, bounds: Bounds): Truth {
  if (source.kind === 'block') return covers(bounds.from, source.cidr) ? TRUE : FALSE;
  if (source.kind === 'group') return FALSE;
  if (source.kind === 'doubt') return UNKNOWN;
  if (source.entries.blocks.some(({ cidr }) => !covers(bounds.from, cidr))) return FALSE;
  return source.entries.why === undefined ? TRUE : UNKNOWN;
}

function outsideLeaves(permission: Permission, bounds: Bounds, path: string, expected: string): readonly Leaf[] {
  const at = permission.index === undefined ? path : `${path}[${permission.index}]`;
  const reach = reachInside(permission, bounds);
  const leaves = permission.sources().flatMap((source): Leaf[] => {
    if (source.kind === 'doubt') return [];
    if (!(reach === FALSE && admits(source) === TRUE) && sourceInside(source, bounds) !== FALSE) return [];
    const observed = source.kind === 'block' ? source.text : source.kind === 'list' ? source.list : source.group;
    const within = reachText(permission);
    return [{ path: `${at}.${source.path}`, observed, expected, within }, ...entryLeaves(source, bounds, expected)];
  });
  if (reach !== FALSE || leaves.length === 0) return leaves;
  return [{ path: at, observed: reachText(permission), expected }, ...leaves];
}

/** The entries of a prefix list that lie outside. */
function entryLeaves(source: Source, bounds: Bounds, expected: string): readonly Leaf[] {
  if (source.kind !== 'list') return [];
  return source.entries.blocks
    .filter(({ cidr }) => !covers(bounds.from, cidr))
    .map(({ path, text }) => ({ path, observed: text, expected }));
}

function doubtLeaves(permission: Permission, path: string, expected: string): readonly Leaf[] {
  const at = permission.index === undefined ? path : `${path}[${permission.index}]`;
  return doubtsOf(permission).map((doubt) => ({
    path: doubt.path === '' ? at : `${at}.${doubt.path}`,
    observed: doubt.why,
    expected,
  }));
}
