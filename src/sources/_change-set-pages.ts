import type { Doubt } from '../model/proposal.ts';
import type { Json } from '../model/value.ts';
import { inputError } from './_input.ts';
import { listOf, ownMember, textMember } from './_template-scope.ts';

export const describeCommand =
  'aws cloudformation describe-change-set --change-set-name NAME --stack-name STACK --include-property-values';

/** A file of the user's, parsed: an answer of `describe-change-set`, or a list of them. */
export interface ChangeSetFile {
  readonly file: string;
  readonly root: Json;
}

/** A change set, its pages put together. */
export interface ChangeSet {
  readonly id: string;
  readonly file: string;
  /** The first page, for what all pages say. */
  readonly facts: Json;
  /** What stands in `ResourceChange` of each change. */
  readonly changes: readonly Json[];
  /** What of it may be lacking. */
  readonly gap: string | undefined;
}

interface Page {
  readonly file: string;
  readonly root: Json;
}

function pagesOf({ file, root }: ChangeSetFile): readonly Page[] {
  const roots = Array.isArray(root) ? (root as readonly Json[]) : [root];
  for (const page of roots)
    if (!isChangeSet(page))
      throw inputError(file, 'this is no change set: it has no Changes', `run: ${describeCommand}`);
  if (roots.length === 0) throw inputError(file, 'it holds no change set', `run: ${describeCommand}`);
  return roots.map((page) => ({ file, root: page }));
}

/** One that failed may lack the list. */
function isChangeSet(page: Json): boolean {
  const isTold = Array.isArray(ownMember(page, 'Changes')) || textMember(page, 'Status') !== undefined;
  return isTold && idOf(page) !== '';
}

function idOf(page: Json): string {
  const id = textMember(page, 'ChangeSetId');
  return (
    id ??
    [textMember(page, 'StackId') ?? textMember(page, 'StackName'), textMember(page, 'ChangeSetName')]
      .flatMap((part) => part ?? [])
      .join('/')
  );
}

/**
 * Puts pages together, whichever file they stand in.
 *
 * @returns the change sets, the outermost one first
 * @throws ProvisoError 'input' when they are none, or belong to several stacks
 */
export function joinPages(files: readonly ChangeSetFile[]): readonly [ChangeSet, ...ChangeSet[]] {
  const groups = new Map<string, Page[]>();
  for (const page of files.flatMap(pagesOf)) {
    const id = idOf(page.root);
    groups.set(id, [...(groups.get(id) ?? []), page]);
  }
  const sets = [...groups].map(([id, pages]) => changeSetOf(id, pages));
  const parentOf = ({ facts }: ChangeSet) => textMember(facts, 'ParentChangeSetId');
  const inner = new Set(
    sets.flatMap(({ changes }) => changes.flatMap((change) => textMember(change, 'ChangeSetId') ?? [])),
  );
  const outer = sets.filter((set) => !inner.has(set.id) && !groups.has(parentOf(set) ?? ''));
  const [first, second] = outer;
  if (first === undefined)
    throw inputError(sets[0]?.file ?? '', 'the change sets are nested in each other', `run: ${describeCommand}`);
  if (second !== undefined)
    throw inputError(second.file, 'it is another change set than the first; judge them one after the other');
  return [first, ...sets.filter((set) => set !== first)];
}

function changeSetOf(id: string, pages: readonly Page[]): ChangeSet {
  const [first] = pages;
  if (first === undefined) throw new Error('a change set has at least one page');
  const seen = new Set<string>();
  const changes = pages
    .flatMap(({ root }) => listOf(ownMember(root, 'Changes')))
    .flatMap((change) => ownMember(change, 'ResourceChange') ?? [])
    .filter((change) => {
      const text = JSON.stringify(change);
      return !seen.has(text) && seen.add(text);
    });
  return { id, file: first.file, facts: first.root, changes, gap: gapOf(pages) };
}

/** A page does not say which one it follows, so that one may lack among several files and nobody could tell. */
function gapOf(pages: readonly Page[]): string | undefined {
  const goesOn = pages.filter(({ root }) => (textMember(root, 'NextToken') ?? '') !== '');
  if (goesOn.length === pages.length) return 'the change set goes on after its NextToken, on pages that are not given';
  const isOneFile = pages.every(({ file }) => file === pages[0]?.file);
  if (goesOn.length === 0 || isOneFile) return undefined;
  return 'its pages are in several files, and none says which it follows: give one file, as the AWS CLI writes it';
}

const nothingToDo = /didn't contain changes|no updates are to be performed/i;

/** What the state of a change set says against it. */
export function stateDoubts({ facts, changes, gap }: ChangeSet): readonly Doubt[] {
  const status = textMember(facts, 'Status') ?? 'none';
  const execution = textMember(facts, 'ExecutionStatus');
  const reason = textMember(facts, 'StatusReason');
  const why = reason === undefined ? '' : `: ${reason.slice(0, 300)}`;
  const doubts: Doubt[] = [];
  if (status === 'FAILED' && reason !== undefined && nothingToDo.test(reason))
    return [{ code: 'empty', detail: 'the change set changes nothing' }];
  if (status !== 'CREATE_COMPLETE')
    doubts.push({ code: 'errored', detail: `the status of the change set is ${status.slice(0, 100)}${why}` });
  else if (execution === 'OBSOLETE')
    doubts.push({ code: 'stale', detail: 'the stack has changed since the change set was made' });
  else if (execution?.startsWith('EXECUTE_') === true)
    doubts.push({ code: 'stale', detail: `the change set was executed already: ${execution.slice(0, 100)}` });
  else if (execution === 'UNAVAILABLE')
    doubts.push({ code: 'errored', detail: `the change set cannot be executed${why}` });
  if (gap !== undefined) doubts.push({ code: 'incomplete', detail: gap });
  if (changes.length === 0 && doubts.length === 0)
    doubts.push({ code: 'empty', detail: 'the change set changes nothing' });
  return doubts;
}
