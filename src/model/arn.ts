/** An Amazon resource name, by the parts that every service has. Region and account may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the account, colons and slashes included: `secret:db-AbCdEf`, `role/app/Deploy`. */
  readonly resource: string;
}

/** Splits an ARN; undefined for a text that is none: another first part, fewer than six, or an essential one empty. */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const ends: number[] = [];
  for (let at = 3; ends.length < 5; at = text.indexOf(':', at + 1)) {
    if (at === -1) return undefined;
    ends.push(at);
  }
  const [start = 0, partition = 0, service = 0, region = 0, account = 0] = ends;
  const arn: Arn = {
    partition: text.slice(start + 1, partition),
    service: text.slice(partition + 1, service),
    region: text.slice(service + 1, region),
    account: text.slice(region + 1, account),
    resource: text.slice(account + 1),
  };
  return arn.partition === '' || arn.service === '' || arn.resource === '' ? undefined : arn;
}

export function formatArn(arn: Arn): string {
  return `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;
}
