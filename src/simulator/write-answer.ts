import { NormalizedSchema } from '@smithy/core/schema';
import { isObject, type Json, type JsonObject } from '../model/value.ts';
import type { DeclaredError } from './account.ts';
import type { SimulatedService } from './simulated-service.ts';
import { timestampText } from './timestamp-text.ts';
import { writeJson } from './write-json.ts';
import { element, scalarText, writeElement, writeMembers } from './write-xml.ts';

/** An answer on the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function outputOf(schema: unknown): NormalizedSchema {
  return NormalizedSchema.of((schema as readonly unknown[])[5] as never);
}

export function nameOf(schema: unknown): string {
  return String((schema as readonly unknown[])[2]);
}

/** The headers that all answers of a service carry. */
function headersOf(service: SimulatedService, requestId: string): Record<string, string> {
  const json = service.protocol === 'awsJson1_0' ? '1.0' : '1.1';
  switch (service.protocol) {
    case 'restXml':
      return { 'content-type': 'application/xml', 'x-amz-request-id': requestId, 'x-amz-id-2': requestId };
    case 'restJson1':
      return { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
    case 'ec2Query':
    case 'awsQuery':
      return { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
    default:
      return { 'content-type': `application/x-amz-json-${json}`, 'x-amzn-requestid': requestId };
  }
}

/** Writes a declared answer as the service would. */
export function writeAnswer(
  service: SimulatedService,
  schema: unknown,
  value: JsonObject,
  requestId: string,
): WireAnswer {
  const headers = headersOf(service, requestId);
  const output = outputOf(schema);
  const name = nameOf(schema);
  const xmlns = ` xmlns="${service.xmlNamespace}"`;
  const members = () => (output.isStructSchema() ? writeMembers(output, value) : '');
  switch (service.protocol) {
    case 'ec2Query': {
      const body = declaration + element(`${name}Response`, element('requestId', requestId) + members(), xmlns);
      return { status: 200, headers, body };
    }
    case 'awsQuery': {
      const result = output.isStructSchema() ? element(`${name}Result`, members()) : '';
      const metadata = element('ResponseMetadata', element('RequestId', requestId));
      return { status: 200, headers, body: element(`${name}Response`, result + metadata, xmlns) };
    }
    case 'restXml':
    case 'restJson1':
      return writeRest(service, output, value, headers);
    default:
      return { status: 200, headers, body: JSON.stringify(writeJson(output, value, false)) };
  }
}

function writeRest(
  service: SimulatedService,
  output: NormalizedSchema,
  value: JsonObject,
  headers: Record<string, string>,
): WireAnswer {
  let payload: [string, NormalizedSchema] | undefined;
  for (const [name, member] of output.structIterator()) {
    const traits = member.getMergedTraits();
    const given = value[name];
    if (traits.httpPayload) payload = [name, member];
    if (typeof traits.httpHeader === 'string' && given !== undefined && given !== null) {
      headers[traits.httpHeader] = member.isTimestampSchema()
        ? timestampText(member, given, 'http-date')
        : scalarText(given);
    }
  }
  if (payload === undefined) {
    return { status: 200, headers, body: writeBody(service, output, value) };
  }
  const [name, member] = payload;
  const content = value[name] ?? null;
  if (member.isBlobSchema()) return { status: 200, headers, body: Buffer.from(scalarText(content), 'base64') };
  if (!member.isStructSchema()) return { status: 200, headers, body: scalarText(content) };
  return { status: 200, headers, body: writeBody(service, member, content) };
}

function writeBody(service: SimulatedService, schema: NormalizedSchema, value: Json): string {
  if (service.protocol === 'restJson1') return JSON.stringify(writeJson(schema, value, true));
  const name = schema.getMergedTraits().xmlName ?? schema.getName() ?? 'Result';
  const first = schema.structIterator().next().value;
  const xmlns = ` xmlns="${service.xmlNamespace}"`;
  if (first !== undefined && first[0] === name) {
    // S3's location: the one member is the root itself.
    const given = isObject(value) ? value[name] : undefined;
    const inner = given === undefined ? '' : writeElement(name, first[1], given);
    const open = `<${name}>`;
    const text = inner.startsWith(open) ? inner.slice(open.length, -open.length - 1) : '';
    return declaration + element(name, text, xmlns);
  }
  return declaration + element(name, writeMembers(schema, value), xmlns);
}

/** Writes an error as the service would. */
export function writeError(service: SimulatedService, error: DeclaredError, requestId: string): WireAnswer {
  const headers = headersOf(service, requestId);
  const status = error.status ?? 400;
  const message = error.message ?? error.name;
  if (!service.protocol.endsWith('Query') && service.protocol !== 'restXml') {
    headers['x-amzn-errortype'] = error.name;
    return { status, headers, body: JSON.stringify({ __type: error.name, message }) };
  }
  const text = (name: string, value: string) => writeElement(name, NormalizedSchema.of(0), value);
  const inner = text('Code', error.name) + text('Message', message);
  const body =
    service.protocol === 'ec2Query'
      ? element('Response', element('Errors', element('Error', inner)) + element('RequestID', requestId))
      : service.protocol === 'awsQuery'
        ? element(
            'ErrorResponse',
            element('Error', element('Type', 'Sender') + inner) + element('RequestId', requestId),
          )
        : service.service === 's3'
          ? element('Error', inner + element('RequestId', requestId))
          : element('ErrorResponse', element('Error', inner) + element('RequestId', requestId));
  return { status, headers, body: declaration + body };
}
