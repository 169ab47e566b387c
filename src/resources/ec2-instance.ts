import type { ResourceType, Shape } from '../model/resource-type.ts';
import { sshdSettings } from '../model/sshd-settings.ts';
import { isObject, type Json, type JsonObject } from '../model/value.ts';
import { cloudformation, terraform } from './_ec2-instance-forms.ts';

function keepInventory(answer: Json): Json {
  if (!isObject(answer) || !Array.isArray(answer.Entries)) throw new Error('the answer lacks Entries');
  // The time of capture stands beside the list, so that pages cannot be strung together without losing it.
  if (typeof answer.NextToken === 'string' && answer.NextToken !== '') {
    throw new Error('the inventory has more entries than one answer holds');
  }
  if (answer.Entries.length > 0 && typeof answer.CaptureTime !== 'string')
    throw new Error('the answer lacks CaptureTime');
  return {
    Entries: answer.Entries,
    ...(answer.CaptureTime === undefined ? {} : { CaptureTime: answer.CaptureTime }),
  };
}

/** Keeps what proves a setting. The output itself is dropped: it may hold secrets. */
function keepInvocation(invocation: Json): Json {
  if (!isObject(invocation)) throw new Error('an invocation is not an object');
  const { InstanceId, DocumentName, Status, RequestedDateTime } = invocation;
  const settings = settingsOf(invocation.CommandPlugins);
  return {
    ...Object.fromEntries(
      Object.entries({ InstanceId, DocumentName, Status, RequestedDateTime }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    // Said of every command, so that a lost SshdConfig is never taken for a command that did something else.
    ShowsSshdConfig: settings !== undefined,
    ...(settings === undefined ? {} : { SshdConfig: settings }),
  };
}

/** The settings that a successful plugin printed; several that print them prove nothing, for they may contradict. */
function settingsOf(plugins: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(plugins)) return undefined;
  const found = (plugins as readonly Json[]).flatMap((plugin) => {
    if (!isObject(plugin) || plugin.Status !== 'Success' || typeof plugin.Output !== 'string') return [];
    const settings = sshdSettings(plugin.Output);
    return settings === undefined ? [] : [settings];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** What changes who is admitted by a security group. */
const ingressChanges: ReadonlySet<Json | undefined> = new Set([
  'AuthorizeSecurityGroupIngress',
  'ModifySecurityGroupRules',
  'RevokeSecurityGroupIngress',
]);

/** Keeps when a group was opened or closed. Who did it and how is dropped: it may hold secrets, and it is long. */
function keepChanges(events: Json): Json {
  if (!Array.isArray(events)) throw new Error('the events are not a list');
  return (events as readonly Json[]).flatMap((event): readonly Json[] => {
    if (!isObject(event)) throw new Error('an event is not an object');
    const { EventName, EventTime } = event;
    if (typeof EventName !== 'string' || typeof EventTime !== 'string')
      throw new Error('an event lacks its name or its time');
    return ingressChanges.has(EventName) ? [{ EventName, EventTime }] : [];
  });
}

const changes: Shape = { list: { fields: { EventName: 'string', EventTime: 'timestamp' } } };

const inventory: Shape = { fields: { CaptureTime: 'timestamp', Entries: { list: { map: 'string' } } } };

const invocations: Shape = {
  list: {
    fields: {
      InstanceId: 'string',
      DocumentName: 'string',
      Status: 'string',
      RequestedDateTime: 'timestamp',
      ShowsSshdConfig: 'boolean',
      SshdConfig: {
        fields: {
          PasswordAuthentication: 'string',
          KbdInteractiveAuthentication: 'string',
          PermitRootLogin: 'string',
        },
      },
    },
  },
};

export const resourceType: ResourceType = {
  type: 'AWS::EC2::Instance',
  noun: 'EC2 instance',
  reach: 'region',
  id: 'InstanceId',
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}',
  tags: 'Tags',
  always: [
    'InstanceId',
    'ImageId',
    'InstanceType',
    'LaunchTime',
    'State',
    'State.Name',
    'NetworkInterfaces',
    'NetworkInterfaces[].NetworkInterfaceId',
    'NetworkInterfaces[].Groups',
    'NetworkInterfaces[].Groups[].GroupId',
    'SecurityGroups',
    'SecurityGroups[].GroupId',
    'ComplianceItems',
    'ComplianceItems[].ComplianceType',
    'ComplianceItems[].ResourceId',
    'ComplianceItems[].Status',
    'ComplianceItems[].ExecutionSummary',
    'ComplianceItems[].ExecutionSummary.ExecutionTime',
    'InventoryEntries',
    'InventoryEntries.CaptureTime',
    'InventoryEntries.Entries',
    'CommandInvocations',
    'CommandInvocations[].InstanceId',
    'CommandInvocations[].DocumentName',
    'CommandInvocations[].Status',
    'CommandInvocations[].RequestedDateTime',
    'CommandInvocations[].ShowsSshdConfig',
    'GroupEvents',
    'GroupEvents[].GroupId',
    'GroupEvents[].Events',
    'GroupEvents[].Events[].EventName',
    'GroupEvents[].Events[].EventTime',
  ],
  listing: {
    call: { service: 'ec2', operation: 'DescribeInstances', pageSize: 1000 },
    items: 'Reservations[].Instances[]',
  },
  groups: {
    // The last 90 days, for which CloudTrail answers without any trail.
    GroupEvents: {
      call: {
        service: 'cloudtrail',
        operation: 'LookupEvents',
        input: { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: { from: '@each' } }] },
        pageSize: 50,
      },
      forEach: ['NetworkInterfaces[].Groups[].GroupId'],
      value: 'Events[]',
      shape: changes,
      keep: keepChanges,
    },
    ComplianceItems: {
      call: {
        service: 'ssm',
        operation: 'ListComplianceItems',
        input: { ResourceIds: [{ from: 'InstanceId' }], ResourceTypes: ['ManagedInstance'] },
        pageSize: 50,
      },
      value: 'ComplianceItems[]',
    },
    InventoryEntries: {
      call: {
        service: 'ssm',
        operation: 'ListInventoryEntries',
        input: { InstanceId: { from: 'InstanceId' }, TypeName: 'Custom:SshdConfig' },
        absent: ['InvalidTypeNameException'],
      },
      value: '',
      shape: inventory,
      keep: keepInventory,
      // No instance reports this kind of inventory: the same as an inventory without entries.
      whenAbsent: { Entries: [] },
    },
    CommandInvocations: {
      call: {
        service: 'ssm',
        operation: 'ListCommandInvocations',
        input: { InstanceId: { from: 'InstanceId' }, Details: true },
        pageSize: 50,
      },
      value: 'CommandInvocations[]',
      shape: invocations,
      keep: (value) => {
        if (!Array.isArray(value)) throw new Error('the invocations are not a list');
        return (value as readonly Json[]).map(keepInvocation);
      },
    },
  },
  relations: {
    securityGroups: { to: 'AWS::EC2::SecurityGroup', from: 'NetworkInterfaces[].Groups[].GroupId', match: 'GroupId' },
    vpcInstances: { to: 'AWS::EC2::Instance', from: 'VpcId', match: 'VpcId' },
  },
  terraform,
  cloudformation,
};
