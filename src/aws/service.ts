/** A client of the AWS SDK, as far as it is used here: the same for every service. */
export interface SdkClient {
  readonly config: {
    /** The instance that speaks the service's wire protocol; its id is `aws.protocols#ec2Query` and the like. */
    readonly protocol: { getShapeId(): string };
  };
  readonly middlewareStack: { remove(name: string): boolean };
  send(command: SdkCommand, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  destroy(): void;
}

/** One request of the AWS SDK. */
export interface SdkCommand {
  /** The operation's runtime schema: `[9, namespace, name, traits, input, output]`. */
  readonly schema?: unknown;
  readonly middlewareStack: {
    addRelativeTo(
      middleware: Middleware,
      options: { readonly name: string; readonly relation: 'after'; readonly toMiddleware: string },
    ): void;
  };
}

export type Middleware = (next: Handler) => Handler;
export type Handler = (request: { readonly request: unknown }) => Promise<{ response: unknown }>;

/** The members by which an operation's list is paged. */
export interface Tokens {
  readonly input: string;
  readonly output: string;
  readonly size?: string;
}

export interface Operation {
  command(input: object): SdkCommand;
  readonly tokens?: Tokens;
}

/** What a generated file knows of one service: its client and the operations that are used. */
export interface Service {
  open(config: object): SdkClient;
  readonly operations: Readonly<Record<string, Operation>>;
}
