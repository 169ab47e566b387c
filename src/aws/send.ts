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
  readonly requestId?: string;
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
  const requestIds: string[] = [];
  let attempts = 0;
  let until = Number.POSITIVE_INFINITY;
  let last: Fault | undefined;
  for (;;) {
    await limiter.take(engine.signal);
    if (engine.signal.aborted) return unanswered(stopped, attempts, requestIds);
    if (last !== undefined && engine.clock.now() >= until) return unanswered(last, attempts, requestIds);
    const generation = engine.credentials.generation();
    const answer = await engine.slots.run(() => {
      until = Math.min(until, engine.clock.now() + engine.timings.deadline);
      attempts += 1;
      return attempt(engine, sender, call.absent ?? [], input, path, until);
    });
    const requestId = answer.requestId;
    if (requestId !== undefined) requestIds.push(requestId);
    if (!('verdict' in answer)) {
      limiter.succeeded();
      return { output: answer.output, values: answer.values, attempts, requestIds };
    }
    if (answer.verdict === 'throttled') limiter.throttled();
    if (answer.verdict === 'expired') engine.credentials.refresh(generation);
    const pause = pauseBefore(engine, attempts, answer.verdict);
    const over = engine.clock.now() + pause > until;
    if (engine.signal.aborted) return unanswered(stopped, attempts, requestIds);
    if (over || attempts >= attemptsFor[answer.verdict]) return unanswered(answer, attempts, requestIds);
    last = answer;
    await engine.clock.sleep(pause, engine.signal);
  }
}

const stopped: Fault = { verdict: 'failed', name: 'Stopped', message: 'the run was stopped before the answer came' };

function unanswered(fault: Fault, attempts: number, requestIds: readonly string[]): Sent {
  return { output: {}, values: [], fault, attempts, requestIds };
}

/** Full jitter: anything from nothing to a pause that doubles with each attempt. */
function pauseBefore({ timings, clock }: Engine, attempts: number, verdict: Verdict): number {
  if (verdict === 'expired') return 0;
  const first = verdict === 'throttled' ? timings.throttlePause : timings.pause;
  return clock.random() * Math.min(timings.longestPause, first * 2 ** (attempts - 1));
}

async function attempt(
  engine: Engine,
  sender: Sender,
  absent: readonly string[],
  input: object,
  path: string,
  until: number,
): Promise<Answered | Fault> {
  const { timings, clock, signal } = engine;
  const command = sender.operation.command(input);
  const operation = operationSchema(command.schema);
  const envelope: Envelope = {
    operation,
    protocol: sender.protocol,
    path,
    idle: timings.requestTimeout,
    largest: timings.largestBody,
  };
  command.middlewareStack.addRelativeTo(envelopeCheck(envelope), {
    name: 'envelopeCheck',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
  const limit = limitedSignal(signal, until - clock.now());
  try {
    const output = (await sender.client.send(command, { abortSignal: limit.signal })) as Answered['output'];
    const requestId = (output.$metadata as { requestId?: string } | undefined)?.requestId;
    if (requestId === undefined && envelope.seen?.foreign === false) {
      throw new WrongAnswer('the answer carries no request id, as those of AWS do');
    }
    const values = valuesAt(output, operation, sender.protocol, path);
    return { output, values, ...(requestId === undefined ? {} : { requestId }) };
  } catch (error) {
    if (limit.timedOut()) return { verdict: 'timeout', name: 'TimeoutError', message: 'no answer in time' };
    return classify(error, envelope.seen, absent);
  } finally {
    limit.end();
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
