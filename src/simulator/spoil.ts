import type { FaultKind } from './account.ts';
import type { Chosen } from './choose-answer.ts';
import { halfOf } from './page.ts';
import type { ReadRequest } from './read-request.ts';
import { nameOf, outputOf, type WireAnswer, writeAnswer, writeError } from './write-answer.ts';

/** `cut` ends the connection in the middle of the body, `silence` never answers. */
export type Spoilt = WireAnswer | 'cut' | 'silence' | undefined;

const denials: Readonly<Record<string, string>> = {
  ec2Query: 'UnauthorizedOperation',
  awsQuery: 'AccessDenied',
  restXml: 'AccessDenied',
};
const throttles: Readonly<Record<string, { name: string; status: number }>> = {
  ec2Query: { name: 'RequestLimitExceeded', status: 503 },
  awsQuery: { name: 'Throttling', status: 400 },
  restXml: { name: 'SlowDown', status: 503 },
};

/** What a fault makes of the answer to a request; undefined where it leaves the answer as it is. */
export function spoil(fault: FaultKind, request: ReadRequest, chosen: Chosen, requestId: string): Spoilt {
  const { service } = request;
  switch (fault) {
    case 'denied': {
      const name = denials[service.protocol] ?? 'AccessDeniedException';
      const action = `${service.signingName}:${request.name}`;
      return writeError(service, { name, status: 403, message: `not authorised to perform ${action}` }, requestId);
    }
    case 'throttled': {
      const error = throttles[service.protocol] ?? { name: 'ThrottlingException', status: 400 };
      return writeError(service, { ...error, message: 'Rate exceeded' }, requestId);
    }
    case 'truncated':
    case 'repeated-token':
      return spoilPages(fault, request, chosen, requestId);
    case 'html-200':
      return page('<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>', 'text/html');
    case 'empty-200':
      return page('', 'text/plain');
    case 'wrong-shape':
      return { ...writeAnswer(service, request.operation.schema, {}, requestId), body: wrongBody(request) };
    default:
      return fault;
  }
}

function page(body: string, type: string): WireAnswer {
  return { status: 200, headers: { 'content-type': type }, body };
}

function spoilPages(fault: FaultKind, request: ReadRequest, chosen: Chosen, requestId: string): Spoilt {
  const { service, operation } = request;
  const token = 'page-two';
  const half = 'value' in chosen ? halfOf(request, chosen.value, token) : undefined;
  if (half === undefined || operation.tokens === undefined) return undefined;
  if (fault === 'truncated' && request.input[operation.tokens.input] === token) {
    return writeError(service, { name: 'InternalError', status: 500, message: 'an internal error' }, requestId);
  }
  return writeAnswer(service, operation.schema, half, requestId);
}

/** A well-formed document of the protocol that says nothing of what was asked. */
function wrongBody({ service, operation }: ReadRequest): string {
  if (service.protocol.includes('Json') || service.protocol.includes('json')) return '{"Greeting":["hello"]}';
  const name = nameOf(operation.schema);
  const output = outputOf(operation.schema);
  const root = service.protocol === 'restXml' ? (output.getMergedTraits().xmlName ?? 'Answer') : `${name}Response`;
  const wrong = root === 'LocationConstraint' ? 'Answer' : root;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${wrong}><greeting><item>hello</item></greeting></${wrong}>`;
}
