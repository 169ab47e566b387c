import type { ChangeAction, Doubt } from '../model/proposal.ts';
import { byCodeUnit } from '../model/value.ts';

/** What a type that is not read has to do with those that are judged. */
export interface Feed {
  /** What it changes, for a sentence: `what security groups open`. */
  readonly changes: string;
  /** The types about which it leaves a doubt; undefined for all. */
  readonly about?: readonly string[];
  /**
   * Set for what matters only once something refers to it: what refers to a new one changes as well, and tells that it
   * does not know.
   */
  readonly isBoundLater?: true;
  /** Set for what matters only while it comes into being. */
  readonly isBirth?: true;
}

const servers = ['AWS::EC2::Instance'];
const groups = ['AWS::EC2::SecurityGroup'];
const prefixes: Feed = { changes: 'what security groups open', about: groups };
const launch: Feed = { changes: 'what servers are started from', about: servers, isBoundLater: true };
const fleet: Feed = { changes: 'which servers run', about: servers };
const nodes: Feed = { changes: 'which servers run, and in which security groups', about: [...servers, ...groups] };
const ownGroup: Feed = { changes: 'which security groups there are', about: groups, isBirth: true };
const stacks: Feed = { changes: 'what stacks declare' };

/** Terraform's types, those of the Cloud Control provider apart, which are named after CloudFormation's. */
export const terraformFeeds: Readonly<Record<string, Feed>> = {
  aws_ec2_managed_prefix_list: { ...prefixes, isBoundLater: true },
  aws_ec2_managed_prefix_list_entry: prefixes,
  aws_launch_template: launch,
  aws_launch_configuration: launch,
  aws_spot_instance_request: fleet,
  aws_spot_fleet_request: fleet,
  aws_ec2_fleet: fleet,
  aws_emr_instance_group: fleet,
  aws_eks_node_group: nodes,
  aws_emr_cluster: nodes,
  aws_batch_compute_environment: nodes,
  aws_elastic_beanstalk_environment: nodes,
  aws_cloud9_environment_ec2: nodes,
  aws_vpc: ownGroup,
  aws_default_vpc: ownGroup,
  aws_directory_service_directory: ownGroup,
  aws_eks_cluster: ownGroup,
  aws_cloudformation_stack: stacks,
  aws_cloudformation_stack_set: stacks,
  aws_cloudformation_stack_set_instance: stacks,
  aws_cloudformation_stack_instances: stacks,
  aws_serverlessapplicationrepository_cloudformation_stack: stacks,
  aws_servicecatalog_provisioned_product: stacks,
};

/** CloudFormation's types; those of the Cloud Control provider and API are known by them, too. */
export const templateFeeds: Readonly<Record<string, Feed>> = {
  'AWS::EC2::PrefixList': { ...prefixes, isBoundLater: true },
  'AWS::EC2::LaunchTemplate': launch,
  'AWS::AutoScaling::LaunchConfiguration': launch,
  'AWS::EC2::SpotFleet': fleet,
  'AWS::EC2::EC2Fleet': fleet,
  'AWS::EMR::InstanceGroupConfig': fleet,
  'AWS::EMR::InstanceFleetConfig': fleet,
  'AWS::EKS::Nodegroup': nodes,
  'AWS::EMR::Cluster': nodes,
  'AWS::Batch::ComputeEnvironment': nodes,
  'AWS::ElasticBeanstalk::Environment': nodes,
  'AWS::Cloud9::EnvironmentEC2': nodes,
  'AWS::EC2::VPC': ownGroup,
  'AWS::DirectoryService::MicrosoftAD': ownGroup,
  'AWS::DirectoryService::SimpleAD': ownGroup,
  'AWS::EKS::Cluster': ownGroup,
  'AWS::CloudFormation::Stack': stacks,
  'AWS::CloudFormation::StackSet': stacks,
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': stacks,
};

/** Servers that a group of them starts; the group itself is read. */
export const members: Feed = { changes: 'which servers are started', about: servers };

/** Something that feeds what is judged, and what becomes of it. */
export interface Feeding {
  readonly address: string;
  readonly feed: Feed;
  /** Undefined where the document does with it what is not known here. */
  readonly action: ChangeAction | undefined;
}

/** Whether what becomes of it can alter a verdict. */
function matters({ feed, action }: Feeding): boolean {
  if (action === 'none' || action === 'forget') return false;
  if (feed.isBirth === true) return action === undefined || action === 'create' || action === 'replace';
  return feed.isBoundLater !== true || action !== 'create';
}

/** One doubt for all that change the same, which names them. */
export function feedDoubts(all: readonly Feeding[]): readonly Doubt[] {
  const alike = new Map<string, { readonly feed: Feed; readonly names: Set<string> }>();
  for (const one of all.filter(matters)) {
    const { feed, names } = alike.get(one.feed.changes) ?? { feed: one.feed, names: new Set<string>() };
    alike.set(feed.changes, { feed, names: names.add(one.address.slice(0, 200)) });
  }
  return [...alike]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([, { feed, names }]) => ({
      code: 'unread',
      detail: sentence([...names].sort(byCodeUnit), feed.changes),
      ...(feed.about === undefined ? {} : { about: feed.about }),
    }));
}

function sentence(names: readonly string[], changes: string): string {
  const shown = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${shown}${more} ${names.length === 1 ? 'changes' : 'change'} ${changes}, and that is not judged`;
}
