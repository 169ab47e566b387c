import type { InjectedFault, SimulatedAccount } from './account.ts';
import { type Chosen, chooseAnswer } from './choose-answer.ts';
import { pageOf } from './page.ts';
import { type ReadRequest, readRequest, signedFor, type WireRequest } from './read-request.ts';
import type { SimulatedService } from './simulated-service.ts';
import { spoil } from './spoil.ts';
import { type WireAnswer, writeAnswer, writeError } from './write-answer.ts';

/** S3 and S3 Control sign alike: the path, which begins with a version, tells them apart. */
function serviceOf(
  known: readonly SimulatedService[],
  request: WireRequest,
  signingName: string,
): SimulatedService | undefined {
  const control = request.url.pathname.startsWith('/v20180820/');
  for (const service of known) {
    if (
      service.signingName === signingName &&
      (signingName !== 's3' || (service.service === 's3-control') === control)
    ) {
      return service;
    }
  }
  return undefined;
}

/** An answer, an answer to be cut in its middle, or no answer ever. */
export type Given = WireAnswer | { readonly cut: WireAnswer } | 'silence';

export interface SimulatorState {
  readonly account: SimulatedAccount;
  readonly services: readonly SimulatedService[];
  readonly faults: readonly InjectedFault[];
  readonly pageSize: number | undefined;
  /** Requests so far, by `ec2:DescribeSecurityGroups`. */
  readonly calls: Map<string, number>;
}

/** Answers one request as AWS would, or as an injected fault has it. */
export function answerRequest(state: SimulatorState, wire: WireRequest, requestId: string): Given {
  const { account, calls, pageSize } = state;
  const scope = signedFor(wire);
  const service = scope === undefined ? undefined : serviceOf(state.services, wire, scope.signingName);
  if (scope === undefined || service === undefined) {
    const body = scope === undefined ? 'the request is not signed' : `no service signs as ${scope.signingName}`;
    return { status: 400, headers: { 'content-type': 'text/plain' }, body };
  }
  const request = readRequest(wire, service, scope.region);
  if (request === undefined) {
    const message = 'the simulator knows no such operation';
    return writeError(service, { name: 'UnknownOperationException', message, status: 404 }, requestId);
  }
  const key = `${service.service}:${request.name}`;
  const count = (calls.get(key) ?? 0) + 1;
  calls.set(key, count);
  const chosen = chooseAnswer(account, request);
  const fault = state.faults.find(
    (each) => each.service === service.service && each.operation === request.name && count > (each.after ?? 0),
  );
  const spoilt = fault === undefined ? undefined : spoil(fault.fault, request, chosen, requestId);
  if (spoilt === 'cut') return { cut: write(request, chosen, pageSize, requestId) };
  return spoilt ?? write(request, chosen, pageSize, requestId);
}

function write(request: ReadRequest, chosen: Chosen, pageSize: number | undefined, requestId: string): WireAnswer {
  const page = 'value' in chosen ? pageOf(request, chosen.value, pageSize) : chosen;
  if ('error' in page) return writeError(request.service, page.error, requestId);
  return writeAnswer(request.service, request.operation.schema, page.value, requestId);
}
