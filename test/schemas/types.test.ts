import { expect, expectTypeOf, test } from 'vitest';
import type { Assessment, ResultLine, Verification } from '../../src/finding/finding.ts';
import type { Assessment as AssessmentDocument } from '../../src/model/assessment.generated.ts';
import type { AssessmentResult } from '../../src/model/assessment-result.generated.ts';
import type { PolicyDocument } from '../../src/model/policy.generated.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { RuleDocument } from '../../src/model/rule.generated.ts';
import type { LedgerEntry, Manifest } from '../../src/model/snapshot.ts';
import type { SnapshotCall } from '../../src/model/snapshot-call.generated.ts';
import type { SnapshotManifest } from '../../src/model/snapshot-manifest.generated.ts';
import type { SnapshotRecord } from '../../src/model/snapshot-record.generated.ts';
import type { Rule, Severity } from '../../src/rule/rule.ts';

/** Types generated from schemas know nothing of `readonly`; ours are compared without it. */
type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Writable<T[Key]> }
    : T;

/** Free JSON is `unknown` to a schema and `Json` to us. */
type Free = 'properties' | 'observed' | 'input' | 'evidence';
type Fixed<T> = { [Key in Exclude<keyof T, Free>]: T[Key] };

/** Compiles only if the argument can stand where a `To` is wanted. */
function assign<To>(value: To): To {
  return value;
}

test('what the schemas say and what the program says are the same types', () => {
  const not = undefined as never;
  expect(not).toBeUndefined();
  assign<SnapshotManifest>(not as Writable<Manifest> & { format: 'proviso-snapshot/1' });
  assign<Writable<Manifest>>(not as SnapshotManifest);
  assign<Fixed<SnapshotRecord>>(not as Writable<Fixed<Resource & Required<Pick<Resource, 'calls'>>>>);
  assign<Writable<Fixed<Resource>>>(not as Fixed<SnapshotRecord>);
  assign<Fixed<SnapshotCall>>(not as Writable<Fixed<LedgerEntry>>);
  assign<Writable<Fixed<LedgerEntry>>>(not as Fixed<SnapshotCall>);
  assign<AssessmentDocument>(not as Writable<Assessment>);
  assign<Writable<Assessment>>(not as AssessmentDocument);
  assign<Fixed<AssessmentResult>>(not as Writable<Fixed<ResultLine>>);
  assign<Writable<Fixed<ResultLine>>>(not as Fixed<AssessmentResult>);
  type Evidence = AssessmentResult['evidence'][number];
  assign<Fixed<Evidence>>(not as Writable<Fixed<ResultLine['evidence'][number]>>);
  assign<Writable<Fixed<ResultLine['evidence'][number]>>>(not as Fixed<Evidence>);
});

test('both sides have the same members', () => {
  expectTypeOf<keyof SnapshotManifest>().toEqualTypeOf<keyof Manifest>();
  expectTypeOf<keyof SnapshotRecord>().toEqualTypeOf<keyof Resource>();
  expectTypeOf<keyof SnapshotCall>().toEqualTypeOf<keyof LedgerEntry>();
  expectTypeOf<Exclude<keyof AssessmentDocument, 'results'>>().toEqualTypeOf<keyof Assessment>();
  expectTypeOf<keyof AssessmentResult>().toEqualTypeOf<keyof ResultLine>();
  expectTypeOf<NonNullable<RuleDocument['severity']>>().toEqualTypeOf<Severity>();
  expectTypeOf<keyof RuleDocument['fix']>().toEqualTypeOf<'console' | 'cli' | 'terraform' | 'cloudformation'>();
  type Clause = NonNullable<PolicyDocument['clauses']>[string];
  expectTypeOf<Clause['verified'][number]>().toEqualTypeOf<Verification>();
  expectTypeOf<Extract<keyof Rule, 'title' | 'severity' | 'why' | 'message'>>().toEqualTypeOf<
    Extract<keyof RuleDocument, 'title' | 'severity' | 'why' | 'message'>
  >();
});
