import { expect, test } from 'vitest';
import { isUnknown, type Json, type JsonObject } from '../../src/model/value.ts';
import { resourceType as listener } from '../../src/resources/elastic-load-balancing-v2-listener.ts';
import { resourceType as balancer } from '../../src/resources/elastic-load-balancing-v2-load-balancer.ts';

const arn = (kind: string) => `arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/${kind}/acme-web/1/2`;
const kept = (type: typeof listener, item: Json) => type.listing.keep?.(item) as JsonObject;
const unknownMembers = (item: JsonObject) => Object.keys(item).filter((member) => isUnknown(item[member]));

test.each<[string, JsonObject, string[]]>([
  ['plain listener', { ListenerArn: arn('app'), Port: 80, Protocol: 'HTTP' }, []],
  [
    'secure listener',
    { ListenerArn: arn('app'), Port: 443, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-2016-08' },
    [],
  ],
  ['secure listener without its policy', { ListenerArn: arn('app'), Port: 443, Protocol: 'HTTPS' }, ['SslPolicy']],
  ['TLS listener without its policy', { ListenerArn: arn('net'), Port: 443, Protocol: 'TLS' }, ['SslPolicy']],
  ['network listener without TLS', { ListenerArn: arn('net'), Port: 53, Protocol: 'UDP' }, []],
  ['listener without a protocol', { ListenerArn: arn('app'), Port: 80 }, ['Protocol']],
  ['listener with nothing', { ListenerArn: arn('net') }, ['Port', 'Protocol']],
  ['listener without an ARN', { Protocol: 'HTTP' }, ['Port']],
  ['gateway listener', { ListenerArn: arn('gwy') }, []],
])('a %s has what it must have, or it is unknown', (_, item, lacking) => {
  const found = kept(listener, item);
  expect(unknownMembers(found)).toEqual(lacking);
  expect(found).toMatchObject(item);
});

test.each<[string, JsonObject, string[]]>([
  ['application load balancer', { Type: 'application', Scheme: 'internal' }, []],
  ['network load balancer without a scheme', { Type: 'network' }, ['Scheme']],
  ['load balancer of no type and scheme', {}, ['Scheme']],
  ['gateway load balancer', { Type: 'gateway' }, []],
])('a %s has the scheme that it must have, or it is unknown', (_, item, lacking) => {
  expect(unknownMembers(kept(balancer, item))).toEqual(lacking);
});

test.each([listener, balancer])('what is no object is no %o', (type) => {
  expect(() => type.listing.keep?.('text')).toThrow('is not an object');
});
