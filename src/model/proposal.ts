import type { DeclaredAt, Resource } from './resource.ts';
import type { Manifest } from './snapshot.ts';

/** What is to become of a resource. `forget`: it stays as it is, and is no longer managed. `none`: nothing. */
export const changeActions = ['create', 'update', 'replace', 'delete', 'forget', 'none'] as const;
export type ChangeAction = (typeof changeActions)[number];

/** One resource that a plan or template manages: as it is, and as it would be. */
export interface ProposedChange {
  /** CloudFormation's type name. */
  readonly type: string;
  readonly declared: DeclaredAt;
  readonly action: ChangeAction;
  /** Undefined where there is nothing yet, or where nobody knows what there is, as for a template alone. */
  readonly before?: Resource;
  /** Undefined where nothing is left. */
  readonly after?: Resource;
  /**
   * What a template alone tells of the resource if it turns out to be there already: nothing that holds only because
   * something is new.
   */
  readonly ifThere?: Resource;
  /**
   * Set when the resource itself is declared elsewhere, and only something that adds to it here. Its id is what that
   * names; of its properties, `before` and `after` have those that the additions decide.
   */
  readonly isPartial?: true;
  /** Names under which AWS may know it besides the ids of `before` and `after`: an import's id, a physical id, an ARN. */
  readonly aliases?: readonly string[];
  /** Everything that makes it up: the main block first, then those that add to it, with what becomes of each. */
  readonly parts: readonly ChangedPart[];
}

/** One block of a plan or template that makes up a resource. */
export interface ChangedPart {
  /** `aws_s3_bucket_policy`, `AWS::S3::BucketPolicy`. */
  readonly type: string;
  readonly declared: DeclaredAt;
  readonly action: ChangeAction;
}

/** What a plan or template cannot say for itself. Each makes a gate incomplete. */
export interface Doubt {
  readonly code:
    | 'errored'
    | 'incomplete'
    | 'deferred'
    | 'empty'
    | 'stale'
    | 'unexpanded'
    | 'unread'
    | 'unreadable'
    | 'elsewhere';
  /** What was not checked and why, in one line. */
  readonly detail: string;
  /** Types of resources, where it matters only to rules that read one of them. Set by sources, and for them alone. */
  readonly about?: readonly string[];
}

/** How many of the resources that are declared are among those that rules can judge. */
export interface ProposalCoverage {
  readonly declared: number;
  readonly mapped: number;
  /** Types without a form, with their number, sorted by type: of AWS's and of other providers. */
  readonly unmapped: readonly { readonly type: string; readonly count: number }[];
}

/** One step on the way from an attribute to what gives its value: an expression, and where it is written. */
export interface ExpressionStep {
  /** `var.office_cidrs`, `module.web.var.cidrs`, `local.cidrs`, `Parameters.Cidr`, `Mappings.Ports`. */
  readonly expression: string;
  readonly file?: string;
  readonly line?: number;
}

/** A stack by the names that its resources are tagged with. */
export interface DeclaredStack {
  /** The outermost stack's name, then the logical ids that lead to this one. CloudFormation names nested stacks by them. */
  readonly path: readonly [name: string, ...ids: string[]];
  /** Stands before its logical ids in addresses. */
  readonly prefix: string;
}

/** What a plan, template or change set would do to an account. */
export interface Proposal {
  readonly source: Extract<Manifest['source'], 'terraform-plan' | 'cloudformation'>;
  /** For sentences: `Terraform plan`. */
  readonly noun: string;
  /** The files that were read, as the user named them. */
  readonly files: readonly string[];
  /** When it was made, in milliseconds since 1970, where it says so. */
  readonly madeAt?: number;
  readonly partition: string;
  /** Where things are even if nothing is declared there. */
  readonly home: { readonly account: string; readonly region: string };
  /** All accounts and regions in which something is declared, and the home. */
  readonly places: readonly { readonly account: string; readonly region: string }[];
  /** Types that such a document can declare; of all others it says nothing. */
  readonly types: ReadonlySet<string>;
  /** Sorted by account, region, type and id. */
  readonly changes: readonly ProposedChange[];
  readonly coverage: ProposalCoverage;
  /** Set where the user takes it for right that nothing is judged, as long as nothing else is in doubt. */
  readonly mayBeEmpty?: true;
  readonly doubts: readonly Doubt[];
  /** What records cite as the call that gave them: service and operation. */
  readonly call: readonly [service: string, operation: string];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Set for the template of a stack: by the stack's tags, live resources that it no longer declares are found. */
  readonly stack?: string;
  /** The stacks that are declared here, as far as their names are known, for the same purpose. */
  readonly stacks?: readonly DeclaredStack[];
  /**
   * The way from an attribute of a part to the variable or literal at its root, the attribute's own expression first;
   * empty where the document does not tell.
   */
  readonly trace: (part: ChangedPart, attribute: string) => readonly ExpressionStep[];
  /** Where an attribute of a part is written, or else the part; left out where no files are at hand. */
  readonly placeOf?: (part: ChangedPart, attribute: string) => Pick<DeclaredAt, 'file' | 'line'> | undefined;
}
