import type { ChangeAction, Doubt } from '../model/proposal.ts';
import { same } from '../model/same.ts';
import type { JsonObject } from '../model/value.ts';
import { type Feed, feedDoubts, members, templateFeeds } from './_feeds.ts';

/** A resource of a template or change set, and what becomes of it. */
export interface TemplateStep {
  readonly type: string;
  readonly address: string;
  /** Undefined where nobody knows, as for a template without the one that is deployed. */
  readonly action: ChangeAction | undefined;
  /** Undefined where there is nothing, or nothing is known. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

const group = 'AWS::AutoScaling::AutoScalingGroup';

/** What decides about the servers that a group starts from now on. */
const beginnings = ['InstanceId', 'LaunchConfigurationName', 'LaunchTemplate', 'MixedInstancesPolicy', 'Tags'];

const mayStartNone = (values: JsonObject | undefined) => values?.MaxSize === 0 || values?.MaxSize === '0';

/** Whether a group may start servers that are not like those which it runs. */
function startsOthers({ action, before, after }: TemplateStep): boolean {
  if (action === 'delete' || mayStartNone(after)) return false;
  if (action !== 'update' || before === undefined || after === undefined || mayStartNone(before)) return true;
  return beginnings.some((name) => !same(before[name] ?? null, after[name] ?? null));
}

function feedOf(step: TemplateStep): Feed | undefined {
  if (step.type === group) return startsOthers(step) ? members : undefined;
  return Object.hasOwn(templateFeeds, step.type) ? templateFeeds[step.type] : undefined;
}

/** The doubts about what is not read and changes what is judged. */
export function templateFeedDoubts(steps: readonly TemplateStep[]): readonly Doubt[] {
  return feedDoubts(
    steps.flatMap((step) => {
      const feed = feedOf(step);
      return feed === undefined ? [] : [{ address: step.address, feed, action: step.action }];
    }),
  );
}
