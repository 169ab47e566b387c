import { demoAccount } from '../simulator/demo.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { runAudit } from './_audit.ts';
import type { Io, Options } from './_command.ts';
import { shipped } from './_package.ts';

/** Credentials that open nothing: the simulator does not look at them, but the SDK sends no call without. */
const demoCredentials = { AWS_ACCESS_KEY_ID: 'demo', AWS_SECRET_ACCESS_KEY: 'demo' };

/** Audits the demo account through the real live source. The run succeeds whatever it finds, and prints the audit's code. */
export async function runDemo(options: Options, io: Io): Promise<number> {
  const simulator = await startSimulator(demoAccount);
  Object.assign(process.env, demoCredentials);
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
  try {
    const code = await runAudit(
      {
        ...options,
        ...(options.out === undefined ? { save: false } : {}),
        policy: shipped('policies.yaml'),
        now: demoAccount.now,
        endpointUrl: simulator.url,
        endpointName: 'the embedded demo account',
      },
      // Its own clock, so that the kept snapshot gives the same report again.
      { ...io, now: () => new Date(demoAccount.now) },
    );
    io.note(`An audit of this account would have ended with exit code ${code}.`);
    return 0;
  } finally {
    await simulator.close();
  }
}
