import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/aws/clock.ts';
import { openAws } from '../../src/aws/open-aws.ts';
import { acme, closeAll, fast, identity, serve } from './acme.ts';

afterEach(closeAll);

it.each([
  ['agrees', 0],
  ['is an hour behind', 3_600_000],
  ['is a day ahead', -86_400_000],
])('every answer tells how far the clock of AWS is ahead: this one %s', async (_name, behind) => {
  const { url } = await serve(acme());
  const heard: number[] = [];
  const clock = { ...systemClock, now: () => systemClock.now() - behind };
  const credentials = async () => identity;
  const onSkew = (ahead: number) => heard.push(ahead);
  const { aws } = await openAws({ endpointUrl: url, credentials, timings: fast, clock, onSkew });
  aws.stop();
  expect(heard).toHaveLength(1);
  // Whole seconds, and the way of the answer.
  expect(heard[0]).toBeGreaterThan(behind - 3000);
  expect(heard[0]).toBeLessThanOrEqual(behind);
});
