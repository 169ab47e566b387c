import { operationSchema, valuesAt } from './answer-path.ts';
import type { Question } from './aws.ts';
import { classify, type Fault, type Verdict } from './classify.ts';
import type { Sender } from './clients.ts';
import type { Engine } from './engine.ts';
import { type Envelope, envelopeCheck } from './envelope.ts';
import { WrongAnswer } from './to-json.ts';

/** One page, or the fault of the last attempt. */
export interface Sent {
  readonly output: Readonly<Record<string, unknown>>;
  /** The values at the wanted path. */
  readonly values: readonly unknown[];
  readonly fault?: Fault;
  readonly attempts: number;
  readonly requestIds: readonly string[];
}

/** How often a call is made in all, by what went wrong last. */
const attemptsFor: Readonly<Record<Verdict, number>> = {
  absent: 1,
  denied: 1,
  failed: 1,
  expired: 2,
  unreadable: 3,
  timeout: 4,
  transient: 12,
  throttled: 12,
};

interface Answered {
  readonly output: Readonly<Record<string, unknown>>;
  readonly values: readonly unknown[];
}

/** What was tried so far. */
interface Tries {
  attempts: number;
  /** When the time is up, in milliseconds since 1970; it runs from the first attempt. */
  until: number;
  readonly requestIds: string[];
}

/** Sends one request until it is answered, cannot be, or its time is up. Never throws. */
export async function send(
  engine: Engine,
  sender: Sender,
  question: Question,
  input: object,
  path: string,
): Promise<Sent> {
  const { account, region, call } = question;
  const limiter = engine.limiter(account, region, call.service, call.operation);
  const tries: Tries = { attempts: 0, until: Number.POSITIVE_INFINITY, requestIds: [] };
  let last = stopped;
  do {
    await limiter.take(engine.signal);
    if (engine.signal.aborted || engine.clock.now() >= tries.until) break;
    const generation = engine.credentials.generation();
    const answer = await engine.slots.run(() => attempt(engine, sender, call.absent ?? [], input, path, tries));
    if (!('verdict' in answer)) {
      limiter.succeeded();
      return { ...answer, attempts: tries.attempts, requestIds: tries.requestIds };
    }
    last = answer;
    if (last.verdict === 'throttled') limiter.throttled();
    if (last.verdict === 'expired') engine.credentials.refresh(generation);
  } while (await pauseBefore(engine, tries, last.verdict));
  const fault = engine.signal.aborted ? stopped : last;
  return { output: {}, values: [], fault, attempts: tries.attempts, requestIds: tries.requestIds };
}

const stopped: Fault = { verdict: 'failed', name: 'Stopped', message: 'the run was stopped before the answer came' };

/**
 * Waits before another attempt, if there is to be one. Full jitter: anything from nothing to a pause that doubles with
 * each attempt.
 */
async function pauseBefore({ timings, clock, signal }: Engine, tries: Tries, verdict: Verdict): Promise<boolean> {
  if (tries.attempts >= attemptsFor[verdict] || signal.aborted) return false;
  if (verdict === 'expired') return true;
  const first = verdict === 'throttled' ? timings.throttlePause : timings.pause;
  const pause = clock.random() * Math.min(timings.longestPause, first * 2 ** (tries.attempts - 1));
  if (clock.now() + pause > tries.until) return false;
  await clock.sleep(pause, signal);
  return true;
}

async function attempt(
  engine: Engine,
  sender: Sender,
  absent: readonly string[],
  input: object,
  path: string,
  tries: Tries,
): Promise<Answered | Fault> {
  const { timings, clock, signal } = engine;
  tries.attempts += 1;
  tries.until = Math.min(tries.until, clock.now() + timings.deadline);
  const command = sender.operation.command(input);
  const operation = operationSchema(command.schema);
  const { requestTimeout: idle, largestBody: largest } = timings;
  const { protocol, onlyAws } = sender;
  const envelope: Envelope = { operation, protocol, path, idle, largest, onlyAws };
  command.middlewareStack.addRelativeTo(envelopeCheck(envelope), {
    name: 'envelopeCheck',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
  const limit = limitedSignal(signal, tries.until - clock.now());
  try {
    const output = (await sender.client.send(command, { abortSignal: limit.signal })) as Answered['output'];
    const requestId = (output.$metadata as { requestId?: string } | undefined)?.requestId;
    if (requestId !== undefined) tries.requestIds.push(requestId);
    else if (envelope.seen?.foreign === false) {
      throw new WrongAnswer('the answer carries no request id, as those of AWS do');
    }
    if (path === '' && envelope.seen?.filled === true && Object.keys(output).every((name) => name === '$metadata')) {
      throw new WrongAnswer('the answer holds nothing of what the operation gives');
    }
    return { output, values: valuesAt(output, operation, sender.protocol, path) };
  } catch (error) {
    if (limit.timedOut()) return { verdict: 'timeout', name: 'TimeoutError', message: 'no answer in time' };
    const fault = classify(error, envelope.seen, absent);
    if (fault.requestId !== undefined) tries.requestIds.push(fault.requestId);
    return fault;
  } finally {
    limit.end();
    if (envelope.date !== undefined && !Number.isNaN(envelope.date)) engine.onSkew?.(envelope.date - clock.now());
  }
}

/** A signal that is aborted with another one, or when the time is up. */
function limitedSignal(outer: AbortSignal, milliseconds: number) {
  const controller = new AbortController();
  let timedOut = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    timedOut = true;
    abort();
  }, milliseconds);
  outer.addEventListener('abort', abort, { once: true });
  if (outer.aborted) abort();
  return {
    signal: controller.signal,
    timedOut: () => timedOut,
    end: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}
