import { NormalizedSchema } from '@smithy/core/schema';
import { isObject, type Json, type JsonObject } from '../model/value.ts';
import type { SimulatedOperation, SimulatedService } from './simulated-service.ts';
import { nameOf } from './write-answer.ts';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Which operation of which service is asked, in which region, with what. */
export interface ReadRequest {
  readonly service: SimulatedService;
  readonly operation: SimulatedOperation;
  readonly name: string;
  readonly region: string;
  readonly input: JsonObject;
}

/** Region and service for which a request was signed, and by which access key. */
export function signedFor(
  request: WireRequest,
): { readonly accessKeyId: string | undefined; readonly region: string; readonly signingName: string } | undefined {
  const header = String(request.headers.authorization ?? '');
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/.exec(header);
  if (scope?.[2] === undefined || scope[3] === undefined) return undefined;
  return { accessKeyId: scope[1], region: scope[2], signingName: scope[3] };
}

/** Reads a request by the rules of its service's protocol; undefined when the service has no such operation. */
export function readRequest(request: WireRequest, service: SimulatedService, region: string): ReadRequest | undefined {
  const found = service.protocol.startsWith('rest') ? readRest(request, service) : readCall(request, service);
  return found === undefined ? undefined : { ...found, service, region };
}

function inputOf(operation: SimulatedOperation): NormalizedSchema {
  return NormalizedSchema.of((operation.schema as readonly unknown[])[4] as never);
}

type Form = ReadonlyMap<string, string>;
type Found = Pick<ReadRequest, 'operation' | 'name' | 'input'>;

function readCall(request: WireRequest, service: SimulatedService): Found | undefined {
  const json = service.protocol.startsWith('awsJson');
  const form = new Map(json ? [] : new URLSearchParams(request.body));
  const target = String(request.headers['x-amz-target'] ?? '');
  const name = json ? target.slice(target.lastIndexOf('.') + 1) : (form.get('Action') ?? '');
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation === undefined) return undefined;
  const body = json ? (JSON.parse(request.body === '' ? '{}' : request.body) as Json) : undefined;
  const input = json ? body : readForm(inputOf(operation), form, '', service.protocol === 'ec2Query');
  return { operation, name, input: isObject(input) ? input : {} };
}

function scalar(schema: NormalizedSchema, text: string): Json {
  if (schema.isBooleanSchema()) return text === 'true';
  return schema.isNumericSchema() ? Number(text) : text;
}

/** Reads one value of a query request, whose structure is spelt in its keys: `Filter.1.Name`. */
function readForm(schema: NormalizedSchema, form: Form, key: string, ec2: boolean): Json | undefined {
  if (schema.isStructSchema()) return readFormStruct(schema, form, key, ec2);
  if (schema.isListSchema()) return readFormList(schema, form, key, ec2);
  const text = form.get(key);
  return text === undefined ? undefined : scalar(schema, text);
}

function readFormStruct(schema: NormalizedSchema, form: Form, key: string, ec2: boolean): JsonObject | undefined {
  const members: Record<string, Json> = {};
  for (const [name, member] of schema.structIterator()) {
    const value = readForm(member, form, `${key}${key === '' ? '' : '.'}${formName(name, member, ec2)}`, ec2);
    if (value !== undefined) members[name] = value;
  }
  return key !== '' && Object.keys(members).length === 0 ? undefined : members;
}

function readFormList(schema: NormalizedSchema, form: Form, key: string, ec2: boolean): Json | undefined {
  const item = schema.getValueSchema();
  const flat = ec2 || schema.getMergedTraits().xmlFlattened;
  const prefix = flat ? key : `${key}.${item.getMergedTraits().xmlName ?? 'member'}`;
  const items: Json[] = [];
  for (let i = 1; i <= 1000; i += 1) {
    const value = readForm(item, form, `${prefix}.${i}`, ec2);
    if (value === undefined) break;
    items.push(value);
  }
  return items.length === 0 ? undefined : items;
}

function formName(name: string, member: NormalizedSchema, ec2: boolean): string {
  const traits = member.getMergedTraits();
  const key = traits.xmlName ?? name;
  if (!ec2) return key;
  return typeof traits.ec2QueryName === 'string' ? traits.ec2QueryName : key.charAt(0).toUpperCase() + key.slice(1);
}

function readRest(request: WireRequest, service: SimulatedService): Found | undefined {
  let best: (Found & { readonly weight: number }) | undefined;
  for (const operation of Object.values(service.operations)) {
    const match = matchRest(request, operation);
    if (match !== undefined && (best === undefined || match.weight > best.weight)) best = match;
  }
  return best;
}

/** Matches method, path and fixed query of an operation; of several the one with most fixed parts is meant. */
function matchRest(request: WireRequest, operation: SimulatedOperation): (Found & { weight: number }) | undefined {
  const traits = (operation.schema as readonly unknown[])[3] as { http?: readonly [string, string, number] } | 0;
  const http = traits === 0 ? undefined : traits.http;
  if (http === undefined || http[0] !== request.method) return undefined;
  const [template = '', query = ''] = http[1].split('?');
  const labels = matchPath(template, request.url.pathname, inputOf(operation));
  if (labels === undefined) return undefined;
  const fixed = [...new URLSearchParams(query)];
  for (const [key, value] of fixed) {
    if (!request.url.searchParams.has(key)) return undefined;
    if (value !== '' && request.url.searchParams.get(key) !== value) return undefined;
  }
  const literals = template.split('/').filter((part) => part !== '' && !part.startsWith('{')).length;
  const input = { ...readQuery(request, inputOf(operation)), ...labels };
  return { operation, name: nameOf(operation.schema), input, weight: literals * 10 + fixed.length };
}

function matchPath(template: string, path: string, input: NormalizedSchema): Record<string, string> | undefined {
  const parts = template.split('/').filter((part) => part !== '');
  const given = path.split('/').filter((part) => part !== '');
  // S3's paths leave the bucket out of the template: it belongs to the host's name or, here, comes first in the path.
  const bucket = input.isStructSchema() && [...input.structIterator()].some(([name]) => name === 'Bucket');
  if (bucket && !template.includes('{Bucket}')) parts.unshift('{Bucket}');
  if (parts.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const segment = decodeURIComponent(given[i] ?? '');
    if (part.startsWith('{')) labels[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
  }
  return labels;
}

function readQuery(request: WireRequest, input: NormalizedSchema): Record<string, Json> {
  const members: Record<string, Json> = {};
  for (const [name, member] of input.isStructSchema() ? input.structIterator() : []) {
    const value = readQueryMember(request, member);
    if (value !== undefined) members[name] = value;
  }
  return members;
}

function readQueryMember({ url, headers }: WireRequest, member: NormalizedSchema): Json | undefined {
  const { httpQuery, httpHeader } = member.getMergedTraits();
  const values = typeof httpQuery === 'string' ? url.searchParams.getAll(httpQuery) : [];
  if (values.length > 0) return member.isListSchema() ? values : scalar(member, values[0] ?? '');
  const header = typeof httpHeader === 'string' ? headers[httpHeader.toLowerCase()] : undefined;
  return typeof header === 'string' ? scalar(member, header) : undefined;
}
