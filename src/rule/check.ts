import { ProvisoError, ProvisoErrors } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import type { TypeFacts } from '../model/resource-type.ts';
import { suggestion } from '../model/suggest.ts';
import { placeWithin, type YamlEntry, type YamlFile, type YamlMap, type YamlNode } from '../model/yaml.ts';
import { checkCases, repeatedCase } from './check-case.ts';
import { checkCondition, faultPath } from './check-condition.ts';
import { useName } from './check-operand.ts';
import { checkDeclarations } from './check-parameters.ts';
import {
  type Checking,
  cut,
  type Fixed,
  fault,
  fixedKeys,
  isMisspelt,
  mapping,
  required,
  text,
  word,
} from './checking.ts';
import { messageParameter, messagePlaces, parseMessage } from './message.ts';
import { addRead } from './reads.ts';
import { type Case, type CheckedRule, type Condition, type Rule, severities, type Vocabulary } from './rule.ts';
import { follow, isLost, type Lost, type Spot } from './spot.ts';

const outcomes = ['pass', 'fail', 'unknown', 'not-applicable'] as const;

/** The words at the top of a rule file. */
export const ruleKeys = [
  '$schema',
  'title',
  'severity',
  'resource',
  'scope',
  'why',
  'fix',
  'params',
  'controls',
  'when',
  'assert',
  'message',
  ...outcomes,
] as const;

/** The ways of mending that a rule may describe. */
export const fixKeys = ['console', 'cli', 'terraform', 'cloudformation'] as const;

/** Frameworks that are known by name; others may be used, but not names that are nearly one of these. */
export const frameworks = [
  'cis-aws-3.0',
  'cis-aws-5.0',
  'fsbp',
  'nist-800-53-r5',
  'soc-2-suggested',
  'iso-27001-2022-suggested',
  'pci-dss-4.0.1-suggested',
] as const;

/**
 * Turns a rule file into a rule.
 *
 * @throws ProvisoErrors with every mistake, each at its own place
 */
export function checkRule(source: YamlFile, catalogue: Vocabulary): CheckedRule {
  const checking: Checking = {
    catalogue,
    problems: [],
    parameters: {},
    used: new Set(),
    undeclared: new Set(),
    reads: new Map(),
    ofScope: 'account',
    faulted: new Set(source.problems.map((problem) => `${problem.where?.line}:${problem.where?.column}`)),
  };
  const rule = checkFile(checking, source);
  const problems = [...source.problems, ...checking.problems];
  if (problems.length > 0) throw new ProvisoErrors(inOrder(problems));
  if (rule === undefined) throw new Error(`${source.file} is not a rule, and no check says why`);
  return rule;
}

function inOrder(problems: readonly ProvisoError[]): readonly ProvisoError[] {
  return [...problems].sort(
    (a, b) => (a.where?.line ?? 0) - (b.where?.line ?? 0) || (a.where?.column ?? 0) - (b.where?.column ?? 0),
  );
}

function checkFile(checking: Checking, source: YamlFile): CheckedRule | undefined {
  const map = mapping(checking, source.root, 'a rule');
  if (map === undefined) return undefined;
  const top = fixedKeys(checking, map, 'a rule', ruleKeys);
  const id = checkId(checking, source.file, map);
  const need = (key: string) => required(checking, top, key, map.at, 'a rule');
  const title = textOf(checking, need('title'));
  const severityEntry = need('severity');
  const severity = severityEntry && word(checking, severityEntry.value, 'the severity', severities);
  const why = textOf(checking, need('why'));
  const fix = checkFix(checking, need('fix'));
  const controls = checkControls(checking, top.entries.get('controls'));
  declare(checking, top);
  const judged = checkJudged(checking, top, map);
  const root = judged && rootSpot(checking, judged.type);
  const conditions = root && checkConditions(checking, top, map, root);
  const message = root && checkMessage(checking, top.entries.get('message'), root);
  const cases = checkAllCases(checking, top, map, judged);
  checkUnused(checking, top);
  if (id === undefined || title === undefined || severity === undefined || why === undefined) return undefined;
  if (fix === undefined || judged === undefined || conditions?.assert === undefined) return undefined;
  return {
    id,
    file: source.file,
    title,
    severity,
    ...(judged.type === undefined ? {} : { resource: judged.type }),
    scope: judged.scope,
    why,
    fix,
    controls,
    parameters: checking.parameters ?? {},
    ...(conditions.when === undefined ? {} : { when: conditions.when }),
    assert: conditions.assert,
    ...(message === undefined ? {} : { message }),
    cases,
    reads: checking.reads,
  };
}

function checkId(checking: Checking, file: string, map: YamlMap): string | undefined {
  const name = file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '');
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 100) return name;
  checking.problems.push(
    new ProvisoError('rule', `the file's name is the rule's id, and '${cut(name)}' cannot be one`, {
      where: { ...map.at, length: 1 },
      hint: 'use lower-case words with hyphens between them',
    }),
  );
  return undefined;
}

function textOf(checking: Checking, entry: YamlEntry | undefined): string | undefined {
  return entry && text(checking, entry.value, `'${entry.key}'`);
}

function checkFix(checking: Checking, entry: YamlEntry | undefined): Rule['fix'] | undefined {
  const map = entry && mapping(checking, entry.value, "'fix'");
  if (entry === undefined || map === undefined) return undefined;
  if (map.entries.length === 0) return fault(checking, entry.keyNode.at, `'fix' needs one of: ${fixKeys.join(', ')}`);
  const fix: Record<string, string> = {};
  for (const one of fixedKeys(checking, map, "'fix'", fixKeys).entries.values())
    fix[one.key] = text(checking, one.value, `'${one.key}'`) ?? '';
  return fix;
}

function checkControls(checking: Checking, entry: YamlEntry | undefined): Rule['controls'] {
  const map = entry && mapping(checking, entry.value, "'controls'");
  const controls: Record<string, readonly string[]> = {};
  for (const one of map?.entries ?? []) {
    const near = nearest(one.key, frameworks);
    const known = (frameworks as readonly string[]).includes(one.key);
    // Another version of a framework is another framework, not a misspelling.
    if (near !== undefined && !known && digitsOf(near) === digitsOf(one.key))
      fault(checking, one.keyNode.at, `there is no framework '${cut(one.key)}'`, `did you mean '${near}'?`);
    if (one.value.kind !== 'list') fault(checking, one.value.at, `'${one.key}' is a list of control ids`);
    else controls[one.key] = one.value.items.map((item) => text(checking, item, 'a control id') ?? '');
  }
  return controls;
}

function digitsOf(name: string): string {
  return name.replace(/\D/g, '');
}

/** Without sound declarations no use of a parameter can be judged. */
function declare(checking: Checking, top: Fixed): void {
  const entry = top.entries.get('params');
  if (entry !== undefined) checking.parameters = checkDeclarations(checking, entry.value);
  else if (isMisspelt(top, 'params')) checking.parameters = undefined;
}

/** What is judged: instances of a type, or an account or region as a whole. */
interface Judged {
  readonly type: TypeFacts | undefined;
  readonly scope: Rule['scope'];
}

function checkJudged(checking: Checking, top: Fixed, map: YamlMap): Judged | undefined {
  const resource = top.entries.get('resource');
  const scope = top.entries.get('scope');
  if (scope !== undefined) {
    if (resource !== undefined) return fault(checking, scope.keyNode.at, "'scope' and 'resource' exclude each other");
    const found = word(checking, scope.value, 'scope', ['account', 'region'] as const);
    checking.ofScope = found ?? 'account';
    return found && { type: undefined, scope: found };
  }
  const entry =
    resource ?? (isMisspelt(top, 'scope') ? undefined : required(checking, top, 'resource', map.at, 'a rule'));
  const name = textOf(checking, entry);
  if (entry === undefined || name === undefined) return undefined;
  const type = checking.catalogue.types.get(name);
  if (type !== undefined) return { type, scope: 'resource' };
  const hint = suggestion(name, [...checking.catalogue.types.keys()]);
  return fault(checking, entry.value.at, `there is no resource type '${cut(name)}'`, hint);
}

function rootSpot(checking: Checking, type: TypeFacts | undefined): Spot | undefined {
  const shape = type === undefined ? { fields: {} } : checking.catalogue.shapes.get(type.type);
  if (type !== undefined) addRead(checking.reads, type);
  return shape && { type, path: '', shape, depth: 0, quantifiers: 0 };
}

function checkConditions(
  checking: Checking,
  top: Fixed,
  map: YamlMap,
  root: Spot,
): { readonly when: Condition | undefined; readonly assert: Condition | undefined } {
  const when = top.entries.get('when');
  const assert = required(checking, top, 'assert', map.at, 'a rule');
  return {
    when: when && checkCondition(checking, when.value, root),
    assert: assert && checkCondition(checking, assert.value, root),
  };
}

function checkMessage(checking: Checking, entry: YamlEntry | undefined, root: Spot): string | undefined {
  const template = textOf(checking, entry);
  if (entry === undefined || template === undefined || entry.value.kind !== 'scalar') return undefined;
  const node = entry.value;
  const parts = parseMessage(template);
  if (typeof parts === 'number')
    return fault(
      checking,
      placeWithin(node, parts, 1),
      'a brace without its partner',
      'write {{ or }} for a brace itself',
    );
  for (const part of parts) {
    if (part.kind === 'text' || (messagePlaces as readonly string[]).includes(part.name)) continue;
    const { name, start } = part;
    const skip = messageParameter.length;
    if (name.startsWith(messageParameter)) {
      useName(checking, name.slice(skip), () => placeWithin(node, start + skip, name.length - skip));
      continue;
    }
    const target = follow(root, name, true);
    if (isLost(target)) faultPath(checking, node, start, meantParameter(name, target));
    else if (root.type !== undefined) addRead(checking.reads, root.type, target.path);
  }
  return template;
}

/** `{parm.maxAge}` */
function meantParameter(name: string, lost: Lost): Lost {
  const isMeant = lost.first && name.includes('.') && nearest(name.split('.', 1)[0] ?? '', ['param']) !== undefined;
  return isMeant ? { ...lost, hint: "did you mean 'param'?" } : lost;
}

/** A rule that nothing can pass, nothing can break or nothing can leave open does not exist: each needs its case. */
function checkAllCases(checking: Checking, top: Fixed, map: YamlMap, judged: Judged | undefined): readonly Case[] {
  const cases = outcomes.flatMap((outcome) => {
    const entry =
      outcome === 'not-applicable' ? top.entries.get(outcome) : required(checking, top, outcome, map.at, 'a rule');
    return entry === undefined || judged === undefined ? [] : checkCases(checking, entry, outcome, judged.type);
  });
  const repeated = repeatedCase(cases);
  if (repeated !== undefined) fault(checking, repeated.at, `another case is called '${cut(repeated.name)}' already`);
  return cases;
}

/** Told only when all else is right: a mistake elsewhere may be the reason why a parameter looks unused. */
function checkUnused(checking: Checking, top: Fixed): void {
  if (checking.problems.length > 0 || top.wrong.length > 0) return;
  for (const [name, parameter] of Object.entries(checking.parameters ?? {}))
    if (!checking.used.has(name)) fault(checking, parameter.at, `parameter '${name}' is not used`);
}

/** Every key of a document, for what must be fetched before it is checked. */
export function keysIn(node: YamlNode, found: Set<string> = new Set()): ReadonlySet<string> {
  if (node.kind === 'list') for (const item of node.items) keysIn(item, found);
  if (node.kind === 'map')
    for (const entry of node.entries) {
      found.add(entry.key);
      keysIn(entry.value, found);
    }
  return found;
}
