import { callKey } from '../model/call-key.ts';
import type { LedgerEntry } from '../model/snapshot.ts';
import { isObject, type Json } from '../model/value.ts';
import type { Answer, Aws, Question } from './aws.ts';
import type { Fault } from './classify.ts';
import type { Engine } from './engine.ts';
import { createLedger, inputOf, type Ledger } from './ledger.ts';
import { broken, readPages } from './pages.ts';
import { toJson, WrongAnswer } from './to-json.ts';

/** The calls of one run over one account's credentials; `stop` is what ends them. */
export function createCallLoop(engine: Engine, partition: string, stop: () => void): Aws & { readonly book: Ledger } {
  const book = createLedger();
  const answers = new Map<string, Promise<Answer>>();
  const record = (entry: LedgerEntry) => {
    book.put(entry);
    return entry;
  };
  return {
    partition,
    book,
    ask: (question, value) => {
      const key = [question.account, question.region, callKey(question.call, inputOf(question, undefined)), value].join(
        ' ',
      );
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = readAnswer(engine, question, value).then((read) => ({ ...read, entry: record(read.entry) }));
      answers.set(key, answer);
      return answer;
    },
    list: async (question, items, onItems) => record(await readList(engine, question, items, onItems)),
    prepare: async (question, until) => record(await poll(engine, question, until)),
    ledger: () => book.entries(),
    stop,
  };
}

/** Converts one page; what JSON cannot hold makes the page a fault. */
function convert(values: readonly unknown[]): readonly Json[] | Fault {
  try {
    return values.map((value) => toJson(value));
  } catch (error) {
    if (error instanceof WrongAnswer) return broken(error.name, error.message);
    throw error;
  }
}

function isFault(converted: readonly Json[] | Fault): converted is Fault {
  return !Array.isArray(converted);
}

function readList(
  engine: Engine,
  question: Question,
  items: string,
  onItems: (items: readonly Json[]) => void | Promise<void>,
): Promise<LedgerEntry> {
  return readPages(engine, question, items, async (values) => {
    const converted = convert(values);
    if (isFault(converted)) return converted;
    await onItems(converted);
    return undefined;
  });
}

async function readAnswer(engine: Engine, question: Question, value: string): Promise<Answer> {
  const all: Json[] = [];
  const entry = await readList(engine, question, value, (items) => {
    for (const item of items) all.push(item);
  });
  const answered = entry.outcome === 'complete' && entry.absent === undefined;
  return { entry, value: answered ? (value.includes('[]') ? all : all[0]) : undefined };
}

async function poll(engine: Engine, question: Question, until: { path: string; equals: string }): Promise<LedgerEntry> {
  let attempts = 0;
  const requestIds: string[] = [];
  let first: string | undefined;
  for (let tries = 1; ; tries += 1) {
    const { entry, value } = await readAnswer(engine, question, '');
    attempts += entry.attempts;
    requestIds.push(...entry.requestIds);
    first ??= entry.startedAt;
    const whole = { ...entry, attempts, requestIds, startedAt: first };
    const state = until.path
      .split('.')
      .reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), value);
    if (entry.outcome !== 'complete' || state === until.equals) return whole;
    if (tries >= engine.timings.polls || engine.signal.aborted) {
      const message = `${until.path} did not become ${until.equals} in time`;
      return { ...whole, outcome: 'failed', error: { name: 'NotReady', message } };
    }
    await engine.clock.sleep(engine.timings.pollPause, engine.signal);
  }
}
