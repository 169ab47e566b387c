import type { Envelope } from './envelope.ts';
import { WrongAnswer } from './to-json.ts';

/** What an error of one attempt means for the call. */
export type Verdict = 'absent' | 'denied' | 'expired' | 'throttled' | 'transient' | 'timeout' | 'unreadable' | 'failed';

export interface Fault {
  readonly verdict: Verdict;
  /** AWS's own name for it, where it has one. */
  readonly name: string;
  readonly message: string;
  readonly status?: number;
  readonly requestId?: string;
}

const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccountProblem',
  'AllAccessDisabled',
  'AuthFailure',
  'AuthorizationError',
  'AuthorizationErrorException',
  'Blocked',
  'CredentialsProviderError',
  'ForbiddenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'NotSignedUp',
  'OptInRequired',
  'PendingVerification',
  'RegionDisabledException',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'SubscriptionRequiredException',
  'UnauthorizedException',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
]);

const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);

const throttled = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

const transient = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'IDPCommunicationError',
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'InternalServerException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'Unavailable',
]);

const unsupported = new Set([
  'InvalidAction',
  'NotImplemented',
  'UnknownOperation',
  'UnknownOperationException',
  'UnsupportedOperation',
]);

const timeout = new Set(['TimeoutError', 'ETIMEDOUT']);

/** The first that knows one of an error's names decides. */
const byName: readonly (readonly [Verdict, ReadonlySet<string>])[] = [
  ['expired', expired],
  ['denied', denied],
  ['throttled', throttled],
  ['timeout', timeout],
  ['failed', unsupported],
  ['transient', transient],
];

interface Raised {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly Error?: { readonly Code?: unknown };
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $fault?: unknown;
}

/** Names by which the error may be known: as on the wire, as the SDK's class, as Node's code. */
function namesOf(error: Raised): string[] {
  const names = [error.Code, error.Error?.Code, error.name, error.code];
  return names.filter((name): name is string => typeof name === 'string' && name !== '' && name !== 'Error');
}

/** Says what an error that the SDK threw means. */
export function classify(raised: unknown, seen: Envelope['seen'], absent: readonly string[]): Fault {
  const error = (typeof raised === 'object' && raised !== null ? raised : {}) as Raised;
  const names = namesOf(error);
  const status = error.$metadata?.httpStatusCode ?? seen?.status;
  const requestId = error.$metadata?.requestId;
  const missing = names.find((name) => absent.includes(name));
  const spoken = error.$fault !== undefined && names[0] !== 'Unknown';
  const verdict = missing !== undefined && spoken ? 'absent' : verdictOf(raised, names, status, spoken, seen);
  return {
    verdict,
    name: missing ?? (seen?.html === true ? 'WrongAnswer' : (names[0] ?? 'Error')),
    message: messageOf(error, names, status, spoken, seen),
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function verdictOf(
  raised: unknown,
  names: readonly string[],
  status: number | undefined,
  spoken: boolean,
  seen: Envelope['seen'],
): Verdict {
  if (raised instanceof WrongAnswer) return 'unreadable';
  for (const [verdict, known] of byName) if (names.some((name) => known.has(name))) return verdict;
  return spoken || status === undefined ? verdictOfStatus(status, seen) : 'unreadable';
}

/** An error that AWS did speak, by a name that is not known here. */
function verdictOfStatus(status: number | undefined, seen: Envelope['seen']): Verdict {
  if (status === 429) return 'throttled';
  if (status === 501 || status === undefined) return 'failed';
  if (status >= 500) return 'transient';
  return (status === 401 || status === 403) && seen?.html !== true ? 'denied' : 'failed';
}

function messageOf(
  error: Raised,
  names: readonly string[],
  status: number | undefined,
  spoken: boolean,
  seen: Envelope['seen'],
): string {
  if (seen?.html === true && status !== undefined && status >= 300) {
    return `the endpoint answered ${status} with a web page (HTML): the operation is unknown to it, or something stands between`;
  }
  if (names.some((name) => timeout.has(name))) return 'no answer in time';
  if (names.includes('ECONNRESET') || names.includes('ERR_STREAM_PREMATURE_CLOSE')) return 'the connection was cut';
  const said = typeof error.message === 'string' ? (error.message.split('\n', 1)[0] ?? '') : '';
  if (!spoken && status !== undefined && names[0] !== 'WrongAnswer') return `the answer cannot be read: ${said}`;
  const unknown = names.some((name) => unsupported.has(name));
  const text = said === '' || said === 'UnknownError' ? (names[0] ?? 'no reason given') : said;
  return unknown ? `the operation is not supported here: ${text}` : text;
}
