import { type Cidr, overlaps } from './cidr.ts';
import { isInternetWide } from './internet-width.ts';
import type { Block, Permission, Source } from './ip-permission.ts';
import { allProtocols, hasNoPorts, highestPort, type Ports } from './port-operand.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/** Who reaches which ports: what is asked of a list of permissions. */
export interface Question {
  readonly protocols: readonly number[] | 'any';
  /** Undefined: every port. */
  readonly ports: readonly Ports[] | undefined;
  readonly from: 'anywhere' | 'any' | readonly Cidr[];
  /** Whether every one of the ports must be admitted, and not only one of them. */
  readonly every?: boolean;
}

/** A permission that admits the ports asked for, certainly or perhaps. */
export interface Match {
  readonly permission: Permission;
  readonly certain: boolean;
}

export interface Verdict {
  readonly answer: Truth;
  /** Permissions that decide it, and not all that do; none when there were too many to tell. */
  readonly matches: readonly Match[];
}

/** More blocks than this are not gathered for one question: several times what a group of a thousand rules can need. */
const mostBlocks = 4_000_000;

/**
 * Whether permissions admit one of the ports from the source, or every one of them. Sources that admit the same port are
 * united, so that the internet in two halves is still the internet. What is not known makes the answer UNKNOWN where it
 * could matter.
 */
export function judgeExposure(permissions: readonly Permission[], question: Question): Verdict {
  return question.every === true ? judgeEvery(permissions, question) : judgeOne(permissions, question);
}

/** Between two ports at which permissions begin or end, all ports are admitted alike: one of them stands for the rest. */
function judgeEvery(permissions: readonly Permission[], question: Question): Verdict {
  const verdicts: Verdict[] = [];
  let budget = mostBlocks;
  for (const port of turningPorts(permissions, question.ports)) {
    const active = permissions.filter(({ first, last }) => first <= port && port <= last);
    budget -= permissions.length + active.reduce((sum, permission) => sum + weightOf(permission), 0);
    const one = budget < 0 ? tooMany : judgeOne(active, { ...question, ports: [[port, port]] });
    if (one.answer === FALSE || one.matches.length === 0) return one;
    verdicts.push(one);
  }
  if (verdicts.length === 0) return { answer: FALSE, matches: [] };
  const answer = verdicts.some((one) => one.answer === UNKNOWN) ? UNKNOWN : TRUE;
  const deciding = verdicts.filter((one) => one.answer === answer).flatMap((one) => one.matches);
  return { answer, matches: [...new Map(deciding.map((match) => [match.permission, match])).values()] };
}

const tooMany: Verdict = { answer: UNKNOWN, matches: [] };

/** How many blocks a permission names. */
function weightOf(permission: Permission): number {
  return permission
    .sources()
    .reduce((sum, source) => sum + (source.kind === 'list' ? source.entries.blocks.length : 1), 0);
}

/** The ports asked for at which something may change. */
function turningPorts(permissions: readonly Permission[], ports: Question['ports']): ReadonlySet<number> {
  const turns = new Set<number>();
  for (const [from, to] of ports ?? [[0, highestPort]]) {
    turns.add(from);
    for (const { first, last } of permissions) {
      for (const port of [first, last + 1]) if (from < port && port <= to) turns.add(port);
    }
  }
  return turns;
}

function judgeOne(permissions: readonly Permission[], question: Question): Verdict {
  const matches: Match[] = [];
  let unsure = 0;
  for (const permission of permissions) {
    if (!meetsPorts(permission, question)) continue;
    const certain = permission.doubts.length === 0;
    matches.push({ permission, certain });
    if (!certain) unsure += 1;
  }
  const certain = unsure === 0 ? matches : matches.filter((match) => match.certain);
  const sure = unite(certain, question);
  if (sure === undefined) return { answer: UNKNOWN, matches: [] };
  if (sure.length > 0) return { answer: TRUE, matches: sure };
  const open = matches.filter((match) => hasDoubtfulSource(match.permission, question.from));
  if (open.length > 0) return { answer: UNKNOWN, matches: open };
  if (unsure === 0) return { answer: FALSE, matches };
  const perhaps = unite(matches, question);
  if (perhaps === undefined) return { answer: UNKNOWN, matches: [] };
  return perhaps.length > 0 ? { answer: UNKNOWN, matches: perhaps } : { answer: FALSE, matches };
}

/** Whether a permission may admit more than its sources say. Group references are no addresses. */
function hasDoubtfulSource(permission: Permission, from: Question['from']): boolean {
  return permission.sources().some((source) => {
    if (source.kind === 'list') return from !== 'any' && source.entries.why !== undefined;
    return source.kind === 'doubt' && (from === 'any' || source.of === 'addresses');
  });
}

/** Whether a permission is, or may be, about one of the ports and protocols. */
export function meetsPorts({ protocol, first, last }: Permission, question: Question): boolean {
  return protocol === undefined ? portsMeet(question.ports, first, last) : asksAbout(question, protocol, first, last);
}

/** Whether a question is about traffic of this protocol to one of these ports. */
export function asksAbout({ protocols, ports }: Question, protocol: number, first: number, last: number): boolean {
  if (protocol !== allProtocols) {
    if (protocols !== 'any' && !protocols.includes(protocol)) return false;
    if (protocols === 'any' && ports !== undefined && hasNoPorts(protocol)) return false;
  }
  return portsMeet(ports, first, last);
}

function portsMeet(ports: Question['ports'], first: number, last: number): boolean {
  if (ports === undefined) return true;
  for (const [from, to] of ports) if (first <= to && from <= last) return true;
  return false;
}

/** The permissions that admit the source together; none when they do not; undefined when there are too many to tell. */
function unite(matches: readonly Match[], question: Question): readonly Match[] | undefined {
  const { from } = question;
  if (from === 'anywhere' && matches.length > 1) return uniteAnywhere(matches, question);
  if (from === 'anywhere') return isInternetWide(cidrsOf(matches)) ? matches : [];
  const admitting: Match[] = [];
  for (const match of matches) if (admitsFrom(match.permission, from)) admitting.push(match);
  return admitting;
}

function admitsFrom(permission: Permission, from: 'any' | readonly Cidr[]): boolean {
  for (const source of permission.sources()) {
    if (from === 'any' ? source.kind !== 'doubt' : sourceMeets(source, from)) return true;
  }
  return false;
}

function sourceMeets(source: Source, from: readonly Cidr[]): boolean {
  if (source.kind === 'block') return meetsOne(from, source.cidr);
  if (source.kind === 'list') for (const block of source.entries.blocks) if (meetsOne(from, block.cidr)) return true;
  return false;
}

function meetsOne(from: readonly Cidr[], cidr: Cidr): boolean {
  for (const asked of from) if (overlaps(asked, cidr)) return true;
  return false;
}

/** First one by one, then all together, which settles nearly every group; only then port by port. */
function uniteAnywhere(matches: readonly Match[], question: Question): readonly Match[] | undefined {
  const alone: Match[] = [];
  for (const match of matches) if (isInternetWide(cidrsOf([match]))) alone.push(match);
  if (alone.length > 0 || !isInternetWide(cidrsOf(matches))) return alone;
  let budget = mostBlocks;
  for (const protocol of new Set(matches.map(({ permission }) => permission.protocol ?? allProtocols))) {
    const same = matches.filter(({ permission }) => {
      const own = permission.protocol ?? allProtocols;
      return own === protocol || own === allProtocols;
    });
    for (const port of firstPorts(same, question.ports)) {
      const active = same.filter(({ permission }) => permission.first <= port && port <= permission.last);
      const cidrs = cidrsOf(active);
      budget -= same.length + cidrs.length;
      if (budget < 0) return undefined;
      if (isInternetWide(cidrs)) return active;
    }
  }
  return [];
}

/** Permissions that share a port share one at which a permission, or the range asked for, begins. */
function firstPorts(matches: readonly Match[], ports: Question['ports']): ReadonlySet<number> {
  const firsts = new Set<number>();
  for (const [from, to] of ports ?? [[0, highestPort]]) {
    for (const { permission } of matches) {
      if (permission.first <= to && from <= permission.last) firsts.add(Math.max(from, permission.first));
    }
  }
  return firsts;
}

export interface OwnedBlock extends Block {
  readonly owner: Permission;
  /** The reference to a prefix list through which the block is admitted. */
  readonly via: { readonly path: string; readonly list: string } | undefined;
}

/**
 * The blocks that permissions admit, each with its owner: those of a prefix list once for every permission that names it.
 *
 * @param most how many are listed, at most
 */
export function blocksOf(
  permissions: readonly Permission[],
  most: number,
  wanted: (cidr: Cidr) => boolean = () => true,
): readonly OwnedBlock[] {
  const blocks: OwnedBlock[] = [];
  for (const owner of permissions) {
    for (const source of owner.sources()) {
      for (const { path, cidr, text, via } of blocksIn(source)) {
        if (blocks.length >= most) return blocks;
        if (wanted(cidr)) blocks.push({ path, cidr, text, owner, via });
      }
    }
  }
  return blocks;
}

function blocksIn(source: Source): readonly Omit<OwnedBlock, 'owner'>[] {
  if (source.kind === 'block') return [{ ...source, via: undefined }];
  return source.kind === 'list' ? source.entries.blocks.map((block) => ({ ...block, via: source })) : [];
}

function cidrsOf(matches: readonly Match[]): readonly Cidr[] {
  const cidrs: Cidr[] = [];
  let seen: Set<readonly Block[]> | undefined;
  for (const { permission } of matches) {
    for (const source of permission.sources()) {
      if (source.kind === 'block') cidrs.push(source.cidr);
      if (source.kind !== 'list' || seen?.has(source.entries.blocks) === true) continue;
      seen ??= new Set();
      seen.add(source.entries.blocks);
      for (const block of source.entries.blocks) cidrs.push(block.cidr);
    }
  }
  return cidrs;
}
