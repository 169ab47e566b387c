/** The library: what the command line is made of, for programs of your own. */
export { assess, type Question } from './assess.ts';
export { type ErrorCode, type Place, ProvisoError, ProvisoErrors } from './errors.ts';
export { exitCode, type Gate } from './finding/exit.ts';
export type { Assessment, Evidence, Outcome, Result, Severity } from './finding/finding.ts';
export { fingerprint } from './finding/fingerprint.ts';
export type { Resource } from './model/resource.ts';
export type { ResourceType } from './model/resource-type.ts';
export type { LedgerEntry, Manifest, Snapshot } from './model/snapshot.ts';
export { openSnapshot } from './model/snapshot-reader.ts';
export { openSnapshotWriter } from './model/snapshot-writer.ts';
export { loadPolicy } from './policy/load.ts';
export type { Policy } from './policy/policy.ts';
export { loadRule } from './rule/load.ts';
export type { Catalogue, Rule } from './rule/rule.ts';
export { sentence } from './rule/sentence.ts';
export { openTemplate, readTemplate } from './sources/cloudformation.ts';
export { openTerraformPlan, readTerraformPlan } from './sources/terraform-plan.ts';
