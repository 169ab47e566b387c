import type { Call } from '../model/resource-type.ts';

/** IAM's prefix for the actions of a service, where it is not the name of the SDK's client. */
const prefixes: Readonly<Record<string, string>> = {
  's3-control': 's3',
  'elastic-load-balancing': 'elasticloadbalancing',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'cloudwatch-logs': 'logs',
  'config-service': 'config',
  'cost-explorer': 'ce',
  efs: 'elasticfilesystem',
  'api-gateway': 'apigateway',
  apigatewayv2: 'apigateway',
  accessanalyzer: 'access-analyzer',
  'application-auto-scaling': 'application-autoscaling',
  'auto-scaling': 'autoscaling',
  eventbridge: 'events',
  opensearch: 'es',
  'resource-groups-tagging-api': 'tag',
  'sso-admin': 'sso',
};

/** The IAM action that allows a call. */
export function permissionOf(call: Call): string {
  if (call.permission !== undefined) return call.permission;
  const prefix = Object.hasOwn(prefixes, call.service) ? prefixes[call.service] : call.service;
  return `${prefix}:${call.operation}`;
}
