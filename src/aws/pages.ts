import type { LedgerEntry } from '../model/snapshot.ts';
import type { Question } from './aws.ts';
import type { Fault } from './classify.ts';
import type { Sender } from './clients.ts';
import type { Engine } from './engine.ts';
import { addSent, begin, entryOf, inputOf } from './ledger.ts';
import { send } from './send.ts';
import type { Tokens } from './service.ts';

/** Gets the values at the wanted path of one page. A fault that it returns ends the list. */
export type OnPage = (values: readonly unknown[]) => Promise<Fault | undefined>;

/** Pages one question to its end, whatever that is. Throws only what `onPage` throws. */
export async function readPages(
  engine: Engine,
  question: Question,
  path: string,
  onPage: OnPage,
): Promise<LedgerEntry> {
  const progress = begin(engine.clock.now());
  let tokens: Tokens | undefined = question.call.tokens;
  const close = (fault: Fault | undefined) => entryOf(question, tokens, progress, engine.clock.now(), fault);
  const sender = await senderFor(engine, question);
  if ('verdict' in sender) return close(sender);
  tokens = sender.operation.tokens ?? tokens;
  const base = firstInput(question, tokens);
  const seen = new Set<string>();
  let token: string | undefined;
  while (progress.pages < engine.timings.pages) {
    const input = tokens === undefined || token === undefined ? base : { ...base, [tokens.input]: token };
    const sent = await send(engine, sender, question, input, path);
    addSent(progress, sent);
    if (sent.fault !== undefined) return close(sent.fault);
    const refused = await onPage(sent.values);
    if (refused !== undefined) {
      progress.pages -= 1;
      return close(refused);
    }
    progress.items += sent.values.length;
    const next = nextToken(sent.output, tokens, path);
    if (typeof next !== 'string') return close(next);
    if (seen.has(next)) return close(broken('RepeatedToken', 'the list came back to a page that it had already given'));
    seen.add(next);
    token = next;
  }
  return close(broken('TooManyPages', `the list has more than ${engine.timings.pages} pages`));
}

async function senderFor(engine: Engine, { region, call }: Question): Promise<Sender | Fault> {
  try {
    const where = region === 'global' ? engine.globalRegion : region;
    return await engine.clients.sender(call.service, call.operation, where);
  } catch (error) {
    return broken('NoClient', error instanceof Error ? error.message : 'the client cannot be loaded');
  }
}

function firstInput(question: Question, tokens: Tokens | undefined): Readonly<Record<string, unknown>> {
  const input = inputOf(question, tokens);
  const size = tokens?.size;
  const given = size === undefined ? undefined : (question.call.pageSize ?? question.input[size]);
  return size === undefined || given === undefined ? input : { ...input, [size]: given };
}

export function broken(name: string, message: string): Fault {
  return { verdict: 'failed', name, message };
}

/** The next page's token; undefined at the end; a fault where the answer goes on in a way that cannot be followed. */
function nextToken(
  output: Readonly<Record<string, unknown>>,
  tokens: Tokens | undefined,
  path: string,
): string | Fault | undefined {
  const names = tokens === undefined ? ['NextToken', 'nextToken', 'NextMarker', 'ContinuationToken'] : [];
  const name = tokens === undefined ? names.find((each) => isText(output[each])) : tokens.output;
  const token = name === undefined ? undefined : output[name];
  const cut = output.IsTruncated === true;
  if (token === undefined || token === null || token === '') {
    return cut ? broken('NoToken', 'the answer says that it is cut short, but not how to go on') : undefined;
  }
  if (typeof token !== 'string') return broken('WrongToken', `${name} is not text`);
  if (tokens === undefined || !path.includes('[]')) {
    return broken('MorePages', `the answer goes on in further pages (${name})`);
  }
  return token;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
