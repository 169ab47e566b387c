import type { InjectedFault, SimulatedAccount } from './account.ts';
import { type Chosen, chooseAnswer } from './choose-answer.ts';
import { accountOf, grantRole } from './grant-role.ts';
import { pageOf } from './page.ts';
import { type ReadRequest, readRequest, signedFor, type WireRequest } from './read-request.ts';
import type { SimulatedService } from './simulated-service.ts';
import { spoil } from './spoil.ts';
import { type WireAnswer, writeAnswer, writeError } from './write-answer.ts';

/** Whether a request is for a service among those that sign alike: by the version that its path or its form names. */
function isFor(service: SimulatedService, request: WireRequest, signingName: string): boolean {
  if (service.signingName !== signingName) return false;
  if (signingName === 's3')
    return (service.service === 's3-control') === request.url.pathname.startsWith('/v20180820/');
  if (service.protocol !== 'awsQuery') return true;
  const version = new URLSearchParams(request.body).get('Version');
  return version === null || service.xmlNamespace.split('/').includes(version);
}

/** An answer, an answer to be cut in its middle, or no answer ever. */
export type Given = WireAnswer | { readonly cut: WireAnswer } | 'silence';

export interface SimulatorState {
  /** The first is that of all credentials but those of roles. */
  readonly accounts: readonly SimulatedAccount[];
  readonly services: readonly SimulatedService[];
  readonly faults: readonly InjectedFault[];
  readonly pageSize: number | undefined;
  /** Requests so far, by `ec2:DescribeSecurityGroups`. */
  readonly calls: Map<string, number>;
}

/** Answers one request as AWS would, or as an injected fault has it. */
export function answerRequest(state: SimulatorState, wire: WireRequest, requestId: string): Given {
  const { accounts, calls, pageSize } = state;
  const scope = signedFor(wire);
  const service = scope === undefined ? undefined : state.services.find((each) => isFor(each, wire, scope.signingName));
  const account = accountOf(accounts, scope?.accessKeyId);
  if (scope === undefined || service === undefined || account === undefined) {
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
  const chosen = chooseAnswer(account, request, grantRole(accounts, account, request));
  const fault = state.faults.find(
    (each) =>
      each.service === service.service &&
      each.operation === request.name &&
      (each.account ?? account.account) === account.account &&
      count > (each.after ?? 0),
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
