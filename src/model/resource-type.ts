import type { Json, JsonObject } from './value.ts';

/** What kind of value stands at a path. `policy` is an IAM policy document, decoded; `any` cannot be checked at load. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'policy'
  | 'any'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly name?: string };

/** An AWS operation by its SDK client (`@aws-sdk/client-<service>`) and name. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  /** Input members: literals, or `{ from }` for a value of the resource (or of the parent in a nested list). */
  readonly input?: Readonly<Record<string, InputValue>>;
  /** The IAM action, where it is not `<service prefix>:<operation>`. */
  readonly permission?: string;
  /** Error names by which AWS says "nothing is configured": the value is known absent. */
  readonly absent?: readonly string[];
  /** Token members, only for operations for which the SDK exports no paginator. */
  readonly tokens?: { readonly input: string; readonly output: string; readonly size?: string };
  /** Items asked for per page, in the operation's own size member. */
  readonly pageSize?: number;
}

/**
 * `from` is a path in the resource, or `@account`, `@region`, or `@each` for the value at hand of a group's `forEach`. It
 * may stand inside a list: `ResourceIds: [{ from: 'InstanceId' }]`.
 */
export type InputValue = Json | { readonly from: string };

/** Calls that must be repeated until an answer is ready before the main call makes sense (credential report). */
export interface Poll {
  readonly call: Call;
  readonly until: { readonly path: string; readonly equals: string };
}

/** A property group: what one further call adds to a resource, nested under the group's name. */
export interface Group {
  readonly call: Call;
  /** Where the value lies in the answer: `Policy`, `Rules[]` (a list, paged to its end), `''` for the whole answer. */
  readonly value: string;
  /** Shape of the nested value where it is not the answer's own at `value`. */
  readonly shape?: Shape;
  /** Turns the raw value into what is kept. Pure. Throwing makes the group a gap with reason `failed`. */
  readonly keep?: (value: Json, resource: JsonObject) => Json;
  /** What stands for an answer that says "nothing is configured". Without it the group is then known absent. */
  readonly whenAbsent?: Json;
  /**
   * Call once for each distinct value at these paths of the resource (`{ from: '@each' }` in the input). The group is then
   * a list of objects with two members: the value, under the last name of the first path, and what its call answered,
   * under the first name of `value`. A call that failed leaves an unknown marker there, and the others stand.
   */
  readonly forEach?: readonly string[];
  /** One call serves all resources of the account and region: `find` picks the resource's own part, which `keep` then gets. `undefined` or a marker is a gap. */
  readonly shared?: { readonly before?: Poll; readonly find: (value: Json, resource: JsonObject) => Json | undefined };
}

/** How one type's instances find those of another: equal values at two paths. */
export interface Relation {
  readonly to: string;
  /** Path in this type; `[]` where it passes a list. */
  readonly from: string;
  /** Path in the target type; `@region` where `from` names the region in which the targets lie. */
  readonly match: string;
  /** `account` when the target may lie in another region of the account. */
  readonly within?: 'region' | 'account';
}

/** How the instances of a type are enumerated. */
export interface Listing {
  readonly call: Call;
  /** Where the items lie in the answer: `SecurityGroups[]`, `Reservations[].Instances[]`, or `''` when the answer is the one instance. */
  readonly items: string;
  /** List once for each instance of this type, whose properties `{ from }` then refers to. */
  readonly parent?: string;
  /** Copies members of the parent (or `@account`, `@region`) into each item, where the answer does not repeat them: `{ ListenerArn: 'ListenerArn' }`. */
  readonly inherit?: Readonly<Record<string, string>>;
  /** Whether an item of the list belongs to another type and is passed over. Pure. */
  readonly isOther?: (item: Json) => boolean;
  /** Turns an item into what is kept. Pure. Throwing makes the item unreadable, which makes the listing incomplete. */
  readonly keep?: (item: Json) => Json;
  /** For global listings of regional things: the property that holds the region, and how to ask where it is missing. */
  readonly region?: {
    readonly property: string;
    readonly otherwise?: {
      readonly call: Call;
      readonly value: string;
      readonly keep: (value: Json | undefined) => string;
    };
  };
}

/** One AWS resource type, as data. A file of `src/resources/` exports one as `resourceType`. */
export interface ResourceType {
  readonly type: string;
  /** Singular, for sentences: `security group`. */
  readonly noun: string;
  readonly reach: 'region' | 'global';
  /** Property that identifies an instance within account and region. */
  readonly id: string;
  readonly name?: string;
  /** The property that holds the ARN, or a template over `{partition}`, `{region}`, `{account}` and properties. */
  readonly arn?: string;
  /** Path of the tags: a list of `{ Key, Value }` or a map. */
  readonly tags?: string;
  /** Paths that AWS's answer always has: one of them missing is a broken answer, never "known absent". */
  readonly always: readonly string[];
  /** Shapes of members that the listing's `keep` derives or changes; all others are AWS's own. */
  readonly derived?: Readonly<Record<string, Shape>>;
  readonly listing: Listing;
  readonly groups?: Readonly<Record<string, Group>>;
  readonly relations?: Readonly<Record<string, Relation>>;
  /**
   * Pure: the properties that AWS lets nobody change any more.
   *
   * @param now milliseconds since 1970
   */
  readonly frozen?: (properties: JsonObject, now: number) => readonly string[];
  /**
   * What AWS makes by itself in an account along with the first of these: a global type, and its ARN over `{partition}` and
   * `{account}`, all of which begin alike up to the first `_`.
   */
  readonly brings?: { readonly type: string; readonly arn: string };
  /** Set when CloudFormation has no such type: what it stands for, in one sentence. */
  readonly invented?: string;
  readonly terraform?: TerraformForm;
  readonly cloudformation?: CloudFormationForm;
}

/** What is known of a type without the code that collects it and reads its declarations. */
export interface TypeFacts
  extends Pick<ResourceType, 'type' | 'noun' | 'reach' | 'id' | 'name' | 'arn' | 'tags' | 'always' | 'relations'> {
  /** Its property groups, by name. */
  readonly groups?: Readonly<Record<string, unknown>>;
}

/** One value read out of a plan or template: present, `undefined` for absent, or an unknown marker. */
export type Declared = Json | undefined;

/** A resource as a plan or template declares it. */
export interface Block {
  /** `aws_s3_bucket`, `AWS::S3::Bucket`. */
  readonly type: string;
  /** `module.web.aws_s3_bucket.logs[0]` in a plan, the logical id in a template. */
  readonly address: string;
  /**
   * What other resources refer to it by: its id where that is known, else its address. References to it have become
   * this text.
   */
  readonly identity: string;
  /** What was declared; what is not known is a marker. */
  readonly values: JsonObject;
  /** The top-level attributes that somebody wrote; undefined where that is not known. Dynamic blocks are not among them. */
  readonly written: ReadonlySet<string> | undefined;
  /** Whether it comes into being, so that nothing but what is declared can be part of it. */
  readonly isNew: boolean;
  /** Set for what goes: `values` are those that it has had. */
  readonly isRemoved?: true;
  /** What it has had so far, where it is there already and stays, and the document tells. */
  readonly was?: JsonObject;
  /** When it is to be, ISO 8601 in UTC: the time of creation of what is new. */
  readonly at: string;
  /** Set for what comes into being only under a condition of which nobody knows whether it is met. */
  readonly isOptional?: true;
  /** Where it is to be, as far as anybody has said. */
  readonly place?: BlockPlace;
  /** All tags that its stack gives to what it makes, where they are known. */
  readonly stackTags?: readonly StackTag[];
}

export interface StackTag {
  readonly Key: string;
  readonly Value: string;
}

export interface BlockPlace {
  readonly partition: string;
  /** Twelve digits. */
  readonly account?: string;
  readonly region?: string;
}

/**
 * How a satellite names the resource to which it adds: `joins` of its own equals `to` of the other, or its identity.
 * With `[]` at its end, `joins` is a list of such names, which may be empty or missing; `blocks[].id` is a list of blocks
 * with such a name in each.
 */
export interface SatelliteJoin {
  readonly joins: string;
  readonly to?: string;
}

/** How one type is declared elsewhere than in AWS. */
export interface DeclaredForm {
  /** The types whose blocks add to the main one (`aws_s3_bucket_policy`); the first join that is written counts. */
  readonly satellites?: Readonly<Record<string, readonly SatelliteJoin[]>>;
  /** Pure: whether a main block, or what an addition names (as its identity), is of another type after all. */
  readonly isOther?: (block: Block) => boolean;
  /** The attribute that names the account, where that need not be the one to which is deployed. */
  readonly account?: string;
  /**
   * Pure: a block and its satellites, to the API shape of the live source. A property group that is an unknown marker
   * becomes a gap; one that is left out is known absent.
   *
   * @param doubtful satellites of which nobody can tell whether they belong to this block
   */
  readonly properties: (block: Block, satellites: readonly Block[], doubtful: readonly Block[]) => JsonObject;
  /** Property groups that `properties` gives; others are not collected. */
  readonly groups?: readonly string[];
  /**
   * What gives a property or group, to point at the place to mend: attributes of the main block (`ingress`), or of a
   * satellite (`aws_s3_bucket_policy.policy`), the likeliest first.
   */
  readonly setBy?: Readonly<Record<string, readonly string[]>>;
  /**
   * Lists that several documents may fill, by property: a change adds to them and takes from them, and leaves alone what
   * else the live list has.
   */
  readonly sets?: Readonly<Record<string, SetForm>>;
  /** Numbers to which several documents add: a change adds to the live number what it adds to its own part. */
  readonly sums?: readonly string[];
  /** What decides about a property that nobody declared for a new resource, by property. */
  readonly settledBy?: Readonly<Record<string, Settlement>>;
  /**
   * Properties that are given for what is new only because it is new, such as the time of its creation. A resource that
   * turns out to be there already keeps its own.
   */
  readonly born?: readonly string[];
}

/** How the items of a list are told apart. */
export interface SetForm {
  /** Pure: the parts that can be added and taken away one by one; the item itself unless told. */
  readonly split?: (item: Json) => readonly Json[];
  /** Pure: equal for equal parts, whatever else they say. */
  readonly key: (part: Json) => string;
}

/** The setting of the account and region from which AWS fills a property. */
export interface Settlement {
  /** Type of which each account and region has one: `AWS::EC2::EbsEncryptionByDefault`. */
  readonly type: string;
  /** Path of the value in it. */
  readonly value: string;
  /** A property with which the setting decides nothing: what is made from another thing is like that. */
  readonly unless?: string;
  /** The detail of the marker for what nobody has declared. What is declared, and not known yet, is not settled. */
  readonly detail: string;
  /** The value of a setting that decides whatever is declared. */
  readonly overrules?: Json;
}

export interface TerraformForm extends DeclaredForm {
  readonly main: readonly string[];
  /** Attributes that hold the id by which others refer to it, the best first: `['bucket', 'id']`. */
  readonly identity: readonly string[];
  /**
   * Block type → attributes that hold the id of another resource, besides those by which satellites join; `ids[]` is one
   * that holds several.
   */
  readonly links?: Readonly<Record<string, readonly string[]>>;
  /**
   * What the deletion of a block leaves, by block type, where that is not nothing: `kept` for what Terraform only lets
   * go (`aws_default_security_group`), else the properties of a setting that falls back to AWS's default.
   */
  readonly remains?: Readonly<Record<string, 'kept' | ((block: Block) => JsonObject)>>;
  /** Attributes whose update AWS puts off until a time of its own, unless the attribute `unless` is true. */
  readonly pending?: { readonly attributes: readonly string[]; readonly unless: string };
}

/** Properties that CloudFormation cannot change on what is there. */
export interface Replacement {
  /** A change of one of these makes the resource anew. */
  readonly always: readonly string[];
  /** A change of one of these may make it anew, or only interrupt it. */
  readonly perhaps?: readonly string[];
  /** The member of an `UpdatePolicy` without which those never do. */
  readonly perhapsUnder?: string;
}

export interface CloudFormationForm extends DeclaredForm {
  /** The type of the template, where it is not the name of the resource type. */
  readonly main?: string;
  readonly replacement: Replacement;
  /** The property that `Ref` gives where it is written; without one, `Ref` gives an id of AWS's making. */
  readonly ref?: string;
  /** What `Fn::GetAtt` gives: `id` for what `Ref` gives, or a template over `{partition}` and `{ref}`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Properties, at whatever depth, that hold the id of another resource, besides those by which satellites join. */
  readonly links?: readonly string[];
  /** Types of which no resource is made, but whose `Ref` such properties hold: the property of each that it gives. */
  readonly refs?: Readonly<Record<string, string>>;
}
