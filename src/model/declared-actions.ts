import { declared, declaredItems, declaredNumber, mapDeclared, members, onlyItem } from './declared.ts';
import type { Declared } from './resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, unknown } from './value.ts';

/** A redirect keeps of the request whatever it does not name. ELB answers these words where nothing was written. */
const kept: JsonObject = {
  Protocol: '#{protocol}',
  Port: '#{port}',
  Host: '#{host}',
  Path: '/#{path}',
  Query: '#{query}',
};

/** Only what needs a secure listener has a TLS policy. */
export function sslPolicyOf(protocol: Declared, written: Declared): Declared {
  if (isUnknown(protocol)) return written ?? protocol;
  if (protocol !== 'HTTPS' && protocol !== 'TLS') return undefined;
  return written ?? unknown('known-after-apply', 'AWS chooses the TLS policy where none is written');
}

/** A redirect with what it keeps of the request filled in. */
function redirectOf(written: Declared): Declared {
  if (!isObject(written) || isUnknown(written)) return written;
  const told = Object.entries(written).filter(([, value]) => value !== undefined && value !== null);
  return { ...kept, ...Object.fromEntries(told) };
}

const otherConfigs = ['ForwardConfig', 'AuthenticateCognitoConfig', 'JwtValidationConfig'];

/** An action of a template, which has ELB's own names. */
export function actionOf(action: Json): Json {
  if (!isObject(action)) return unknown('type', 'an action is not an object');
  const { AuthenticateOidcConfig: oidc, FixedResponseConfig: response } = action;
  return {
    ...members(action, ['Type', 'TargetGroupArn', ...otherConfigs]),
    Order:
      action.Order === undefined
        ? unknown('known-after-apply', 'AWS numbers the actions')
        : declaredNumber(action.Order),
    RedirectConfig: redirectOf(action.RedirectConfig),
    FixedResponseConfig:
      isObject(response) && !isUnknown(response) ? members(response, Object.keys(responseNames)) : response,
    // ELB never answers the secret, and nobody else is to see it.
    AuthenticateOidcConfig: isObject(oidc) && !isUnknown(oidc) ? { ...oidc, ClientSecret: undefined } : oidc,
  };
}

/** Reads attributes of a Terraform block by the names that AWS gives them. */
function rename(block: Declared, names: Readonly<Record<string, string>>): Declared {
  if (block === undefined || isUnknown(block)) return block;
  return Object.fromEntries(Object.entries(names).map(([name, attribute]) => [name, declared(block, attribute)]));
}

const redirectNames = {
  Protocol: 'protocol',
  Port: 'port',
  Host: 'host',
  Path: 'path',
  Query: 'query',
  StatusCode: 'status_code',
};
const responseNames = { StatusCode: 'status_code', ContentType: 'content_type', MessageBody: 'message_body' };

function forwardOf(block: Declared): Declared {
  if (block === undefined || isUnknown(block)) return block;
  return {
    TargetGroups: mapDeclared(
      declared(block, 'target_group'),
      (group) => rename(group, { TargetGroupArn: 'arn', Weight: 'weight' }) ?? {},
    ),
    TargetGroupStickinessConfig: rename(onlyItem(declared(block, 'stickiness')), {
      Enabled: 'enabled',
      DurationSeconds: 'duration',
    }),
  };
}

/** Configurations of actions that no reader maps are there, but not told. */
function untold(block: Declared): Declared {
  return block === undefined ? undefined : unknown('not-collected', 'a plan is not read for how users are recognised');
}

/** An action block of Terraform in ELB's shape. */
export function terraformAction(action: Json): Json {
  const part = (name: string) => onlyItem(declared(action, name));
  return {
    Type: declared(action, 'type'),
    Order: declared(action, 'order'),
    TargetGroupArn: declared(action, 'target_group_arn') || undefined,
    RedirectConfig: redirectOf(rename(part('redirect'), redirectNames)),
    FixedResponseConfig: rename(part('fixed_response'), responseNames),
    ForwardConfig: forwardOf(part('forward')),
    AuthenticateCognitoConfig: untold(part('authenticate_cognito')),
    AuthenticateOidcConfig: untold(part('authenticate_oidc')),
    JwtValidationConfig: untold(part('jwt_validation')),
  };
}

/** Terraform's block → ELB's field and the member that holds its values. */
const conditionNames: Readonly<Record<string, readonly [field: string, member: string]>> = {
  host_header: ['host-header', 'HostHeaderConfig'],
  path_pattern: ['path-pattern', 'PathPatternConfig'],
  http_header: ['http-header', 'HttpHeaderConfig'],
  http_request_method: ['http-request-method', 'HttpRequestMethodConfig'],
  query_string: ['query-string', 'QueryStringConfig'],
  source_ip: ['source-ip', 'SourceIpConfig'],
};

/** A condition block of Terraform in ELB's shape. */
export function terraformCondition(condition: Json): Json {
  const written = Object.entries(conditionNames).flatMap(([block, names]) => {
    const items = declaredItems(declared(condition, block));
    return isUnknown(items) || items.length > 0 ? [{ block, names, items }] : [];
  });
  const [first] = written;
  if (first === undefined || written.length > 1 || isUnknown(first.items))
    return unknown('known-after-apply', 'what the condition is about is not known');
  const [field, member] = first.names;
  const item = first.items[0];
  const pairs = first.block === 'query_string' ? first.items : undefined;
  const config =
    pairs === undefined
      ? rename(item, { Values: 'values', RegexValues: 'regex_values', HttpHeaderName: 'http_header_name' })
      : { Values: mapDeclared(pairs, (pair) => rename(pair, { Key: 'key', Value: 'value' }) ?? {}) };
  const others = Object.values(conditionNames).map(([, name]) => [name, undefined]);
  return { ...Object.fromEntries(others), Field: field, [member]: config };
}
