/** The reader of Terraform's plans, for programs of your own: it is `proviso/terraform-plan` of this package. */
export { JsonTextError } from './model/json-text.ts';
export type { Json, JsonObject } from './model/value.ts';
export {
  type PlanAction,
  type PlanChange,
  type PlanConfigResource,
  type PlanImport,
  PlanPartError,
  type PlanResourceChange,
  type PlanStateResource,
  planAction,
} from './sources/_plan-format.ts';
export {
  type PlanConfigPart,
  type PlanHead,
  type PlanPart,
  type PlanReader,
  type PlanReaderOptions,
  planReader,
} from './sources/_plan-parts.ts';
export { planParts } from './sources/_plan-stream.ts';
