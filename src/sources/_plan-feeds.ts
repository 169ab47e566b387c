import type { ChangeAction } from '../model/proposal.ts';
import type { Declared } from '../model/resource-type.ts';
import { same } from '../model/same.ts';
import type { Types } from './_declared.ts';
import { type Feed, type Feeding, members, templateFeeds, terraformFeeds } from './_feeds.ts';
import { changeActions, instanceOf } from './_plan-blocks.ts';
import { type PlanResourceChange, planAction } from './_plan-format.ts';
import type { Configuration, Instance } from './_terraform-references.ts';
import { own, ownText } from './_terraform-values.ts';

/** Something of a plan that feeds what is judged. */
export interface PlanFeeding extends Feeding {
  readonly instance: Instance;
}

/** Tells which resources of a plan change what is judged without being read themselves. */
export interface PlanFeeds {
  /** Whether a type may feed one that is judged; nothing is told of types that are read. */
  has(type: string): boolean;
  of(change: PlanResourceChange): readonly PlanFeeding[];
}

/** The type of Terraform's that makes whatever CloudFormation knows. */
const anyResource = 'aws_cloudcontrolapi_resource';

/** `AWS::EC2::SecurityGroup` and `awscc_ec2_security_group` have this in common. */
function bareName(type: string): string {
  return type.toLowerCase().replaceAll(/^aws(?:cc)?(?=_|::)|[^a-z0-9]/g, '');
}

/** What CloudFormation's types feed, by their bare names: those that are judged feed themselves. */
function cloudFeeds({ types }: Types): ReadonlyMap<string, Feed> {
  const feeds = new Map(Object.entries(templateFeeds).map(([type, feed]) => [bareName(type), feed]));
  for (const { type, cloudformation } of types.values()) {
    if (cloudformation === undefined) continue;
    for (const name of [cloudformation.main ?? type, ...Object.keys(cloudformation.satellites ?? {})]) {
      const about = [...(feeds.get(bareName(name))?.about ?? []), type];
      feeds.set(bareName(name), { changes: `what is declared as ${name}`, about });
    }
  }
  return feeds;
}

function actionOf({ change }: PlanResourceChange): ChangeAction | undefined {
  const action = planAction(change.actions);
  return action === undefined ? undefined : changeActions[action];
}

/** What the Cloud Control API makes: by its type, if that is told. */
function anyFeed({ change }: PlanResourceChange, cloud: ReadonlyMap<string, Feed>): Feed | undefined {
  const name = ownText(change.after, 'type_name') ?? ownText(change.before, 'type_name');
  return name === undefined ? { changes: 'something whose type is not told' } : cloud.get(bareName(name));
}

/** What decides about the servers that a group starts from now on. */
const beginnings = ['launch_template', 'launch_configuration', 'mixed_instances_policy', 'tag', 'tags'];

/** Whether a group may start servers that are not like those which it runs. */
function startsOthers(entry: PlanResourceChange): boolean {
  const { before, after, after_unknown: open } = entry.change;
  const action = actionOf(entry);
  if (action === 'none' || action === 'forget' || action === 'delete') return false;
  if (own(after, 'max_size') === 0) return false;
  if (action !== 'update' || own(before, 'max_size') === 0) return true;
  return beginnings.some(
    (name) => isMarked(own(open, name)) || !same(own(before, name) ?? null, own(after, name) ?? null),
  );
}

function isMarked(unknowns: Declared): boolean {
  return unknowns !== undefined && unknowns !== false && JSON.stringify(unknowns).includes('true');
}

/** What of a plan feeds what is judged, by the types that are. */
export function planFeeds(types: Types): PlanFeeds {
  const cloud = cloudFeeds(types);
  const isCloud = (type: string) => type.startsWith('awscc_');
  const terraformFeed = (type: string) => (Object.hasOwn(terraformFeeds, type) ? terraformFeeds[type] : undefined);
  const feedOf = (entry: PlanResourceChange): Feed | undefined => {
    if (entry.type === anyResource) return anyFeed(entry, cloud);
    if (entry.type === 'aws_autoscaling_group') return startsOthers(entry) ? members : undefined;
    return isCloud(entry.type) ? cloud.get(bareName(entry.type)) : terraformFeed(entry.type);
  };
  return {
    has: (type) =>
      type === anyResource || (isCloud(type) ? cloud.has(bareName(type)) : terraformFeed(type) !== undefined),
    of(entry) {
      const feed = feedOf(entry);
      return feed === undefined
        ? []
        : [{ address: entry.address, feed, action: actionOf(entry), instance: instanceOf(entry) }];
    },
  };
}

/** The group that a VPC comes with is judged where a block of its own takes it over. */
export function withoutAdopted(
  all: readonly PlanFeeding[],
  changes: readonly PlanResourceChange[],
  configuration: Configuration,
): readonly PlanFeeding[] {
  const adopters = changes.filter(({ type }) => type === 'aws_default_security_group');
  const adopted = new Set(adopters.map((entry) => configuration.targetOf(instanceOf(entry), 'vpc_id')?.address));
  return all.filter(({ instance: { type }, address }) => type !== 'aws_vpc' || !adopted.has(address));
}
