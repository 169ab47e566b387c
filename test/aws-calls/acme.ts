import type { Timings } from '../../src/aws/engine.ts';
import { openAws } from '../../src/aws/open-aws.ts';
import type { JsonObject } from '../../src/model/value.ts';
import type { Conditional, DeclaredAnswer, InjectedFault, SimulatedAccount } from '../../src/simulator/account.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';

/** Real sockets and real pauses, but short ones. */
export const fast: Partial<Timings> = {
  connectTimeout: 500,
  requestTimeout: 2000,
  deadline: 5000,
  pause: 1,
  throttlePause: 1,
  longestPause: 5,
  pollPause: 1,
  slowestRate: 1000,
};

export const account = '111122223333';

export function acme(answers: SimulatedAccount['answers'] = {}): SimulatedAccount {
  return { account, caller: `arn:aws:iam::${account}:role/ProvisoAuditor`, answers };
}

/** Acme's account with one operation declared in every region. */
export function acmeWith(service: string, operation: string, answer: DeclaredAnswer): SimulatedAccount {
  return acme({ [service]: { '*': { [operation]: answer } } });
}

/** The answer to requests that hold all members of `when`. */
export function answering(when: JsonObject, answer: JsonObject): Conditional {
  const members = new Map([
    ['when', when],
    ['then', answer],
  ]);
  return Object.fromEntries(members) as Conditional;
}

export const identity = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' };

export const openSimulators: Simulator[] = [];

export async function serve(state: SimulatedAccount, options: SimulatorOptions = {}) {
  const simulator = await startSimulator(state, options);
  openSimulators.push(simulator);
  return simulator;
}

export async function closeAll(): Promise<void> {
  for (const simulator of openSimulators.splice(0)) await simulator.close();
}

/** Serves an account and opens it. */
export async function connect(state: SimulatedAccount, options: SimulatorOptions = {}, timings: Partial<Timings> = {}) {
  const simulator = await serve(state, options);
  const credentials = async () => identity;
  const opened = await openAws({ endpointUrl: simulator.url, credentials, timings: { ...fast, ...timings } });
  return { ...opened, simulator };
}

export function fault(service: string, operation: string, kind: InjectedFault['fault'], after = 0): InjectedFault[] {
  return [{ service, operation, fault: kind, after }];
}
