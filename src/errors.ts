/** What kind of mistake an error is; `cli.ts` maps it to an exit code. */
export type ErrorCode =
  | 'usage'
  | 'input'
  | 'rule'
  | 'policy'
  | 'snapshot'
  | 'credentials'
  | 'endpoint'
  | 'output'
  | 'verification'
  | 'interrupted';

/** A place in a user's file; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the mistake spans; the code frame underlines them. */
  readonly length?: number;
  /** Set where the lines of the file may hold secrets: they are not shown. */
  readonly isSecret?: boolean;
}

/** A mistake that the user can mend: printed as one message without a stack. Anything else that is thrown is a bug. */
export class ProvisoError extends Error {
  readonly code: ErrorCode;
  readonly where: Place | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: { where?: Place; hint?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ProvisoError';
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
  }
}

/** Several mistakes found in one pass, in the order in which they are to be printed. */
export class ProvisoErrors extends Error {
  readonly errors: readonly ProvisoError[];

  constructor(errors: readonly ProvisoError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.name = 'ProvisoErrors';
    this.errors = errors;
  }
}
