import { textOperand } from './operand.ts';
import { OperandError } from './operator.ts';
import { portName } from './port-name.ts';
import { isObject, type Json, type JsonObject } from './value.ts';
import { say } from './words.ts';

/** Ports from the first to the last, both included. */
export type Ports = readonly [number, number];

/** Protocol numbers of IANA; {@link allProtocols} is how AWS writes all of them. */
export const allProtocols = -1;
export const tcp = 6;
export const udp = 17;
const icmp = 1;
const icmpv6 = 58;

export const highestPort = 65_535;

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= highestPort;
}

const names: ReadonlyMap<string, number> = new Map([
  ['tcp', tcp],
  ['udp', udp],
  ['icmp', icmp],
  ['icmpv6', icmpv6],
]);

/** What a rule may call a protocol; `any` is every protocol there is. */
export const protocolSchema: JsonObject = {
  anyOf: [
    { enum: ['tcp', 'udp', 'icmp', 'icmpv6', 'any'] },
    { type: 'integer', minimum: 0, maximum: 255 },
    {
      type: 'array',
      minItems: 1,
      maxItems: 256,
      items: { anyOf: [{ enum: ['tcp', 'udp', 'icmp', 'icmpv6'] }, { type: 'integer', minimum: 0, maximum: 255 }] },
    },
  ],
};

const portSchema: JsonObject = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: highestPort },
    { type: 'string', pattern: '^[0-9]{1,5}-[0-9]{1,5}$' },
  ],
};

export const portsSchema: JsonObject = {
  anyOf: [...(portSchema.anyOf as readonly Json[]), { type: 'array', items: portSchema, maxItems: 1000 }],
};

/** The number of a protocol as AWS writes it: a name, a number as text, or `-1` for all. */
export function protocolNumber(text: string): number | undefined {
  if (text === '-1') return allProtocols;
  const known = names.get(text.toLowerCase());
  if (known !== undefined) return known;
  return /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

/** Whether a protocol's "ports" are none: ICMP's are types and codes. */
export function hasNoPorts(protocol: number): boolean {
  return protocol === icmp || protocol === icmpv6;
}

/**
 * The protocols of an operand; left out, it is TCP.
 *
 * @throws OperandError
 */
export function protocolsOperand(operand: Json | undefined): readonly number[] | 'any' {
  if (operand === undefined || operand === null) return [tcp];
  if (operand === 'any') return 'any';
  if (!Array.isArray(operand)) return [protocolOperand(operand, ['protocol'])];
  if (operand.length === 0) throw new OperandError('expected at least one protocol', ['protocol']);
  return (operand as readonly Json[]).map((item, index) => protocolOperand(item, ['protocol', index]));
}

function protocolOperand(operand: Json, at: readonly (string | number)[]): number {
  if (typeof operand === 'number' && Number.isInteger(operand) && operand >= 0 && operand <= 255) return operand;
  const known = typeof operand === 'string' ? names.get(operand) : undefined;
  if (known !== undefined) return known;
  throw new OperandError(`${say(operand)} is no protocol: write tcp, udp, icmp, icmpv6, any or a number to 255`, at);
}

/**
 * The ports of an operand, one or a list of numbers and ranges.
 *
 * @throws OperandError
 */
export function portsOperand(operand: Json, member: string): readonly Ports[] {
  if (!Array.isArray(operand)) return [portOperand(operand, [member])];
  if (operand.length > 1000) throw new OperandError('expected at most 1000 ports', [member]);
  return (operand as readonly Json[]).map((item, index) => portOperand(item, [member, index]));
}

function portOperand(operand: Json, at: readonly (string | number)[]): Ports {
  if (typeof operand === 'number') return [portNumber(operand, at), operand];
  const text = textOperand(operand, "a port or a range such as '137-139'", at);
  const range = /^([0-9]{1,5})-([0-9]{1,5})$/.exec(text);
  if (range === null) throw new OperandError(`'${text}' is no port: write 22, or a range such as '137-139'`, at);
  const first = portNumber(Number(range[1]), at);
  const last = portNumber(Number(range[2]), at);
  if (first > last) throw new OperandError(`'${text}' ends before it begins`, at);
  return [first, last];
}

function portNumber(port: number, at: readonly (string | number)[]): number {
  if (Number.isInteger(port) && port >= 0 && port <= highestPort) return port;
  throw new OperandError(`${port} is no port: they go from 0 to ${highestPort}`, at);
}

/** The same ports, sorted, and neither overlapping nor touching. */
export function mergePorts(ports: readonly Ports[]): readonly Ports[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ports].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** The ports of a list that are not among others. */
export function withoutPorts(ports: readonly Ports[], others: readonly Ports[]): readonly Ports[] {
  return others.reduce<readonly Ports[]>((left, [from, to]) => left.flatMap((range) => cutOut(range, from, to)), ports);
}

function cutOut([first, last]: Ports, from: number, to: number): readonly Ports[] {
  if (to < first || last < from) return [[first, last]];
  const parts: readonly Ports[] = [
    [first, from - 1],
    [to + 1, last],
  ];
  return parts.filter(([start, end]) => start <= end);
}

/** `port 22 (SSH)`, `ports 80 (HTTP) and 137-139`, `any port`; a parameter not filled in is named. */
export function sayPorts(operand: Json | undefined, conjunction: 'and' | 'or'): string {
  if (operand === undefined || operand === null) return 'any port';
  if (isObject(operand)) return say(operand);
  const all = (Array.isArray(operand) ? operand : [operand]) as readonly Json[];
  const parts = all.map((port) =>
    typeof port === 'number' ? portName(port) : typeof port === 'string' ? port : say(port),
  );
  const last = parts.pop();
  if (last === undefined) return 'no port';
  if (parts.length === 0) return `port${last.includes('-') ? 's' : ''} ${last}`;
  return `ports ${parts.join(', ')} ${conjunction} ${last}`;
}

/** ` over UDP`, or nothing for TCP that was left unsaid. */
export function sayProtocol(operand: Json | undefined): string {
  if (operand === undefined || operand === null) return '';
  const all = (Array.isArray(operand) ? operand : [operand]) as readonly Json[];
  const parts = all.map((protocol) =>
    protocol === 'any'
      ? 'any protocol'
      : typeof protocol === 'string'
        ? protocol.toUpperCase().replace('V6', 'v6')
        : typeof protocol === 'number'
          ? `protocol ${protocol}`
          : say(protocol),
  );
  return ` over ${parts.join(' or ')}`;
}
