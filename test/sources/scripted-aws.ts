import type { Answer, Aws, Question } from '../../src/aws/aws.ts';
import { permissionOf } from '../../src/aws/permission.ts';
import { callKey } from '../../src/model/call-key.ts';
import type { CallOutcome, LedgerEntry } from '../../src/model/snapshot.ts';
import { isObject, type Json } from '../../src/model/value.ts';

/** What one call answers: the pages of a list or one value, and how it ends. */
export interface Script {
  readonly pages?: readonly (readonly Json[])[];
  readonly value?: Json;
  readonly outcome?: CallOutcome;
  readonly absent?: string;
  readonly error?: string;
  /** Runs before the answer comes. */
  readonly before?: () => void | Promise<void>;
}

/**
 * AWS as a table of answers by `region/key`, with an empty list or answer for what is not in it. `asked` tells, in
 * order, what was asked; lists count once.
 */
export function scriptedAws(scripts: Readonly<Record<string, Script>>, partition = 'aws') {
  const asked: string[] = [];
  const entries = new Map<string, LedgerEntry>();
  const answers = new Map<string, Promise<Answer>>();
  let isStopped = false;

  function close(question: Question, script: Script, pages: number): LedgerEntry {
    const key = callKey(question.call, question.input);
    const outcome = isStopped ? 'failed' : (script.outcome ?? 'complete');
    const name = isStopped ? 'Stopped' : script.error;
    const entry: LedgerEntry = {
      key,
      account: question.account,
      region: question.region,
      service: question.call.service,
      operation: question.call.operation,
      input: question.input,
      outcome,
      permission: permissionOf(question.call),
      pages,
      items: 0,
      attempts: 1,
      requestIds: [],
      startedAt: '2026-11-24T02:00:00.000Z',
      answeredAt: '2026-11-24T02:00:00.000Z',
      ...(script.absent === undefined ? {} : { absent: script.absent }),
      ...(name === undefined ? {} : { error: { name, message: `${name}: request 4711` } }),
    };
    entries.set(`${question.region}/${key}`, entry);
    return entry;
  }

  async function begin(question: Question): Promise<Script> {
    const place = `${question.region}/${callKey(question.call, question.input)}`;
    asked.push(place);
    await Promise.resolve();
    const script = scripts[place] ?? {};
    await script.before?.();
    return script;
  }

  const ask = async (question: Question): Promise<Answer> => {
    const script = await begin(question);
    const entry = close(question, script, 1);
    const whole = entry.outcome === 'complete' && entry.absent === undefined;
    return { entry, value: whole ? script.value : undefined };
  };

  const aws: Aws = {
    partition,
    ask: (question) => {
      const place = `${question.region}/${callKey(question.call, question.input)}`;
      const answer = answers.get(place) ?? ask(question);
      answers.set(place, answer);
      return answer;
    },
    async list(question, _items, onItems) {
      const script = await begin(question);
      let pages = 0;
      for (const page of script.pages ?? []) {
        if (isStopped) break;
        pages += 1;
        await onItems(page);
      }
      return close(question, script, pages);
    },
    async prepare(question, until) {
      const script = await begin(question);
      const state = isObject(script.value) ? script.value[until.path] : undefined;
      const ready = state === until.equals ? script : { ...script, outcome: 'failed' as const, error: 'NotReady' };
      return close(question, script.outcome === undefined ? ready : script, 1);
    },
    ledger: () => [...entries.values()],
    stop: () => {
      isStopped = true;
    },
  };
  return { aws, asked };
}
