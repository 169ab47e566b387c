import { type Cidr, union } from './cidr.ts';
import { isInternetWide, publicWidth, widest4, widest6 } from './internet-width.ts';
import type { Permission } from './ip-permission.ts';
import { blocksOf, meetsPorts, type OwnedBlock, type Question } from './port-exposure.ts';
import { allProtocols, highestPort } from './port-operand.ts';

/** More blocks than this are named as they come, since there is no time to find the few that matter. */
const mostBlocks = 500_000;
/** How many permissions and blocks are looked at for all ports together, before all that is left is named. */
const mostSteps = 4_000_000;
/** Of more blocks than this nobody sees whether one of them could be spared. */
const mostSpared = 64;

/** A block, and what is needed to lay it beside others. */
type Blocks = readonly OwnedBlock[];

/**
 * The blocks through which permissions open ports to the internet: for each port asked about, over each protocol, that is
 * open to it, blocks that are enough to show it. Named are all blocks that are the internet by themselves; where a port
 * has none of these, as few as are the internet together. What is not known for certain is left out.
 */
export function internetBlocks(permissions: readonly Permission[], question: Question): Blocks {
  const certain = permissions.filter((one) => one.doubts.length === 0 && meetsPorts(one, question));
  const all = blocksOf(certain, mostBlocks);
  if (all.length === mostBlocks) return all;
  const alone = new Set(all.filter(({ cidr }) => isInternetWide([cidr])));
  const exposed = exposures(all, alone, protocolsIn(certain, question), question);
  if (exposed === undefined) return [...alone, ...all.filter((block) => !alone.has(block))];
  const chosen = new Set(alone);
  for (const blocks of exposed) {
    if (isWide(blocks.filter((block) => chosen.has(block)))) continue;
    for (const block of fewest(blocks)) chosen.add(block);
  }
  spare(chosen, alone, exposed);
  return all.filter((block) => chosen.has(block));
}

/** What makes the internet only together, port by port; undefined where there is too much to tell. */
function exposures(all: Blocks, alone: ReadonlySet<OwnedBlock>, protocols: ReadonlySet<number>, question: Question) {
  const exposed: Blocks[] = [];
  let steps = mostSteps;
  for (const protocol of protocols) {
    const same = all.filter(({ owner }) => owner.protocol === protocol || owner.protocol === allProtocols);
    for (const { blocks, cost } of together(same, alone, question)) {
      steps -= cost;
      if (steps < 0) return undefined;
      if (isWide(blocks)) exposed.push(blocks);
    }
  }
  return exposed;
}

function isWide(blocks: Blocks): boolean {
  return isInternetWide(blocks.map(({ cidr }) => cidr));
}

/** The protocols to look at one by one; that of all stands for every one that no permission names. */
function protocolsIn(permissions: readonly Permission[], { protocols }: Question): ReadonlySet<number> {
  const named = new Set(permissions.map(({ protocol }) => protocol ?? allProtocols));
  if (protocols === 'any') return named;
  return new Set(protocols.map((protocol) => (named.has(protocol) ? protocol : allProtocols)));
}

/**
 * What is open at each port that no block opens to the internet by itself. From one port at which something begins or ends
 * to the next the same blocks are open, so that the first stands for the rest.
 */
function* together(same: Blocks, alone: ReadonlySet<OwnedBlock>, { ports }: Question) {
  if (!isWide(same.filter((block) => !alone.has(block)))) return;
  const asked = (ports ?? [[0, highestPort]]).map(([first, last]) => ({ first, last }));
  const settled = same.flatMap((block) => (alone.has(block) ? [block.owner] : []));
  const turns = turnsOf([...asked, ...same.map(({ owner }) => owner)]);
  const [isAsked, isSettled] = [coverage(turns, asked), coverage(turns, settled)];
  const left = turns.filter((_, index) => isAsked[index] === true && isSettled[index] === false);
  const narrow = same.filter(({ owner }) => hasOneOf(left, owner));
  if (!isWide(narrow)) return;
  for (const port of left) {
    const blocks = narrow.filter(({ owner }) => owner.first <= port && port <= owner.last);
    yield { blocks, cost: narrow.length + blocks.length };
  }
}

type Range = Pick<Permission, 'first' | 'last'>;

/** The ports at which ranges begin, or have just ended, in order. */
function turnsOf(ranges: readonly Range[]): readonly number[] {
  return [...new Set(ranges.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
}

/** For each of the ports whether one of the ranges has it; all that the ranges begin with are among them. */
function coverage(ports: readonly number[], ranges: readonly Range[]): readonly boolean[] {
  const steps = new Map<number, number>();
  for (const { first, last } of ranges) {
    steps.set(first, (steps.get(first) ?? 0) + 1);
    steps.set(last + 1, (steps.get(last + 1) ?? 0) - 1);
  }
  let open = 0;
  return ports.map((port) => {
    open += steps.get(port) ?? 0;
    return open > 0;
  });
}

/** Whether one of the ports, which are in order, is within the range. */
function hasOneOf(ports: readonly number[], { first, last }: Range): boolean {
  let low = 0;
  let high = ports.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ports[middle] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  return (ports[low] ?? Number.POSITIVE_INFINITY) <= last;
}

/** As few as are the internet together, of blocks that are: the widest of one family. */
function fewest(blocks: Blocks): Blocks {
  for (const family of [4, 6] as const) {
    const measured = outermost(blocks.filter(({ cidr }) => cidr.family === family))
      .map((block) => ({ block, width: widthOf(block.cidr) }))
      .sort((a, b) => (a.width < b.width ? 1 : a.width > b.width ? -1 : 0));
    let missing = family === 4 ? BigInt(widest4) : widest6;
    const enough = measured.findIndex(({ width }) => {
      missing -= width;
      return missing < 0n;
    });
    if (enough >= 0) return measured.slice(0, enough + 1).map(({ block }) => block);
  }
  return blocks;
}

/** Without what lies within another one: two blocks either do, or have nothing in common. */
function outermost(blocks: Blocks): Blocks {
  const sorted = [...blocks].sort(({ cidr: a }, { cidr: b }) =>
    a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length,
  );
  let end: number | bigint = -1;
  return sorted.filter(({ cidr }) => {
    if (cidr.last <= end) return false;
    end = cidr.last;
    return true;
  });
}

function widthOf(cidr: Cidr): bigint {
  const { v4, v6 } = publicWidth(union([cidr]));
  return cidr.family === 4 ? BigInt(v4) : v6;
}

/** Takes out what was chosen for one port, and is not needed for it beside what was chosen for others. */
function spare(chosen: Set<OwnedBlock>, alone: ReadonlySet<OwnedBlock>, exposed: readonly Blocks[]): void {
  if (chosen.size - alone.size > mostSpared) return;
  const needs = exposed.map((blocks) => blocks.filter((block) => chosen.has(block)));
  for (const block of [...chosen].filter((one) => !alone.has(one))) {
    chosen.delete(block);
    const isEnough = needs.every(
      (blocks) => !blocks.includes(block) || isWide(blocks.filter((other) => chosen.has(other))),
    );
    if (!isEnough) chosen.add(block);
  }
}
