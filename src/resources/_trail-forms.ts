import { declared, declaredBoolean, declaredItems, mapDeclared } from '../model/declared.ts';
import { namedArn, regionOf } from '../model/declared-place.ts';
import { chosen } from '../model/declared-policy.ts';
import type { Block, CloudFormationForm, Declared, TerraformForm } from '../model/resource-type.ts';
import { canonicalJson, isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

const undelivered = unknown('not-collected', 'what the trail delivers is known only when it has run');

/** Of deliveries a document tells nothing: not whether there were any, nor whether they failed. */
function statusOf(isLogging: Declared, delivery: Declared = undelivered): JsonObject {
  return { IsLogging: isLogging, LatestDeliveryTime: delivery, LatestDeliveryError: delivery };
}

/** What was delivered to one place tells nothing of another, so that the marker is another one where a plan changes it. */
function deliveryTo({ s3_bucket_name: bucket, s3_key_prefix: prefix, kms_key_id: key }: JsonObject): Declared {
  const place = [bucket, prefix, key].map((value) => value || null);
  const detail = `what the trail delivers is known only when it has run: to ${canonicalJson(place).slice(0, 2000)}`;
  return unknown('known-after-apply', detail);
}

/** A trail without a word about events records all management events, and no others. */
const everything: Json = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  ExcludeManagementEventSources: [],
  DataResources: [],
};

/** The selectors of a trail, which are of one kind or the other. Where one list is not known, neither is which kind. */
function selectorsOf(arn: Declared, basic: Json, advanced: Json): Json {
  const open = [basic, advanced].find((list) => isUnknown(list));
  if (open !== undefined) return open;
  if (Array.isArray(advanced) && advanced.length > 0)
    return { TrailARN: arn, EventSelectors: undefined, AdvancedEventSelectors: advanced };
  const isBare = Array.isArray(basic) && basic.length === 0;
  return { TrailARN: arn, EventSelectors: isBare ? [everything] : basic, AdvancedEventSelectors: undefined };
}

/** Lists without items are left out. */
function filled(list: Declared): Declared {
  const items = declaredItems(list);
  return isUnknown(items) ? items : items.length === 0 ? undefined : items;
}

const conditions = {
  Equals: 'equals',
  NotEquals: 'not_equals',
  StartsWith: 'starts_with',
  NotStartsWith: 'not_starts_with',
  EndsWith: 'ends_with',
  NotEndsWith: 'not_ends_with',
};

function plannedSelector(selector: Json): Json {
  return {
    ReadWriteType: declared(selector, 'read_write_type') ?? 'All',
    IncludeManagementEvents: declared(selector, 'include_management_events') ?? true,
    ExcludeManagementEventSources: declared(selector, 'exclude_management_event_sources') ?? [],
    DataResources: mapDeclared(declared(selector, 'data_resource'), (resource) => ({
      Type: declared(resource, 'type'),
      Values: declared(resource, 'values'),
    })),
  };
}

function plannedFields(selector: Json): Json {
  return {
    Name: declared(selector, 'name'),
    FieldSelectors: mapDeclared(declared(selector, 'field_selector'), (field) => ({
      Field: declared(field, 'field'),
      ...Object.fromEntries(
        Object.entries(conditions).map(([name, attribute]) => [name, filled(declared(field, attribute))]),
      ),
    })),
  };
}

function trailArn(block: Block, told: Declared, name: Declared): Declared {
  return namedArn(block, told, { service: 'cloudtrail', resource: ['trail/', chosen(name, 'its name')] });
}

export const terraform: TerraformForm = {
  main: ['aws_cloudtrail'],
  identity: ['arn'],
  groups: ['Status', 'Selectors'],
  setBy: {
    Name: ['name'],
    IsMultiRegionTrail: ['is_multi_region_trail'],
    IncludeGlobalServiceEvents: ['include_global_service_events'],
    LogFileValidationEnabled: ['enable_log_file_validation'],
    S3BucketName: ['s3_bucket_name'],
    KmsKeyId: ['kms_key_id'],
    Status: ['enable_logging'],
    Selectors: ['event_selector', 'advanced_event_selector'],
  },
  properties(block) {
    const { values } = block;
    const arn = trailArn(block, values.arn, values.name);
    const text = (name: string) => values[name] || undefined;
    return {
      Name: chosen(values.name, 'its name'),
      TrailARN: arn,
      HomeRegion: typeof values.home_region === 'string' ? values.home_region : regionOf(block),
      S3BucketName: chosen(values.s3_bucket_name, 'its bucket'),
      S3KeyPrefix: text('s3_key_prefix'),
      KmsKeyId: text('kms_key_id'),
      CloudWatchLogsLogGroupArn: text('cloud_watch_logs_group_arn'),
      CloudWatchLogsRoleArn: text('cloud_watch_logs_role_arn'),
      IsMultiRegionTrail: values.is_multi_region_trail ?? false,
      IsOrganizationTrail: values.is_organization_trail ?? false,
      IncludeGlobalServiceEvents: values.include_global_service_events ?? true,
      LogFileValidationEnabled: values.enable_log_file_validation ?? false,
      Status: statusOf(values.enable_logging ?? true, deliveryTo(values)),
      Selectors: selectorsOf(
        arn,
        mapDeclared(values.event_selector, plannedSelector),
        mapDeclared(values.advanced_event_selector, plannedFields),
      ),
    };
  },
};

function templateSelector(selector: Json): Json {
  return {
    ReadWriteType: declared(selector, 'ReadWriteType') ?? 'All',
    IncludeManagementEvents: declaredBoolean(declared(selector, 'IncludeManagementEvents') ?? true),
    ExcludeManagementEventSources: declared(selector, 'ExcludeManagementEventSources') ?? [],
    DataResources: mapDeclared(declared(selector, 'DataResources'), (resource) => ({
      Type: declared(resource, 'Type'),
      Values: declared(resource, 'Values'),
    })),
  };
}

function templateFields(selector: Json): Json {
  return {
    Name: declared(selector, 'Name'),
    FieldSelectors: mapDeclared(declared(selector, 'FieldSelectors'), (field) => ({
      Field: declared(field, 'Field'),
      ...Object.fromEntries(Object.keys(conditions).map((name) => [name, filled(declared(field, name))])),
    })),
  };
}

/** CloudTrail refuses a trail of all regions without global events; of others nothing is said. */
function globalEvents(written: Declared, isMultiRegion: Declared): Declared {
  if (written !== undefined) return declaredBoolean(written);
  if (isMultiRegion === true) return true;
  return isUnknown(isMultiRegion) ? isMultiRegion : unknown('known-after-apply', 'AWS decides where nothing is said');
}

export const cloudformation: CloudFormationForm = {
  replacement: { always: ['TrailName'] },
  main: 'AWS::CloudTrail::Trail',
  ref: 'TrailName',
  groups: ['Status', 'Selectors'],
  setBy: {
    Name: ['TrailName'],
    IsMultiRegionTrail: ['IsMultiRegionTrail'],
    IncludeGlobalServiceEvents: ['IncludeGlobalServiceEvents'],
    LogFileValidationEnabled: ['EnableLogFileValidation'],
    S3BucketName: ['S3BucketName'],
    KmsKeyId: ['KMSKeyId'],
    Status: ['IsLogging'],
    Selectors: ['EventSelectors', 'AdvancedEventSelectors'],
  },
  properties(block) {
    const { values } = block;
    const arn = trailArn(block, undefined, values.TrailName);
    const isMultiRegion = declaredBoolean(values.IsMultiRegionTrail ?? false);
    return {
      Name: chosen(values.TrailName, 'its name'),
      TrailARN: arn,
      HomeRegion: regionOf(block),
      S3BucketName: chosen(values.S3BucketName, 'its bucket'),
      S3KeyPrefix: values.S3KeyPrefix,
      KmsKeyId: values.KMSKeyId,
      CloudWatchLogsLogGroupArn: values.CloudWatchLogsLogGroupArn,
      CloudWatchLogsRoleArn: values.CloudWatchLogsRoleArn,
      IsMultiRegionTrail: isMultiRegion,
      IsOrganizationTrail: declaredBoolean(values.IsOrganizationTrail ?? false),
      IncludeGlobalServiceEvents: globalEvents(values.IncludeGlobalServiceEvents, isMultiRegion),
      LogFileValidationEnabled: declaredBoolean(values.EnableLogFileValidation ?? false),
      Status: statusOf(declaredBoolean(values.IsLogging ?? unknown('type', 'whether it logs is not said'))),
      Selectors: selectorsOf(
        arn,
        mapDeclared(values.EventSelectors, templateSelector),
        mapDeclared(values.AdvancedEventSelectors, templateFields),
      ),
    };
  },
};
