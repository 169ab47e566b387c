/** What a generated file knows of one service: how it speaks, and the runtime schemas of its operations. */
export interface SimulatedService {
  /** Name of the SDK's client: `elastic-load-balancing-v2`. */
  readonly service: string;
  /** The name under which requests are signed; S3 and S3 Control share one. */
  readonly signingName: string;
  readonly protocol: 'ec2Query' | 'awsQuery' | 'restXml' | 'restJson1' | 'awsJson1_0' | 'awsJson1_1';
  readonly xmlNamespace: string;
  readonly operations: Readonly<Record<string, SimulatedOperation>>;
}

export interface SimulatedOperation {
  /** `[9, namespace, name, traits, input, output]` */
  readonly schema: unknown;
  readonly tokens?: { readonly input: string; readonly output: string; readonly size?: string };
}
