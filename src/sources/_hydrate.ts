import type { Answer, Aws, Question } from '../aws/aws.ts';
import { type Blame, blame } from '../model/blame.ts';
import { callKey } from '../model/call-key.ts';
import { valuesAt } from '../model/relate.ts';
import { resolveInput } from '../model/resolve-input.ts';
import type { Gap, Resource } from '../model/resource.ts';
import type { Call, Group, ResourceType } from '../model/resource-type.ts';
import { byCodeUnit, isUnknown, type Json, type JsonObject, unknown } from '../model/value.ts';

/** Adds property groups to a resource: what each call answered, or the gap that it left. Never throws for a failed call. */
export type Hydrate = (type: ResourceType, resource: Resource, groups: readonly string[]) => Promise<Resource>;

/** Asks one question to the end of its answer. */
type Ask = (question: Question, value: string) => Promise<Answer>;

/** What became of one group: a value (undefined: known absent) and the call that gave it, or why there is none. */
type Outcome = { readonly value: Json | undefined; readonly call: string | undefined } | { readonly gap: Gap };

/** The answer of a call that serves many resources, or why there is none. */
type SharedAnswer = { readonly answer: Answer } | { readonly gap: Gap };

export function hydrateWith(aws: Aws): Hydrate {
  const answers = new Map<string, Promise<SharedAnswer>>();
  const ask: Ask = (question, value) => answerTo(aws, question, value);
  const askedForEach = new Map<string, Promise<Answer>>();
  /** Many resources refer to the same few values: each is asked for once, so that all of them tell the same. */
  const askOnce: Ask = (question, value) => {
    const key = `${question.account}/${question.region}/${callKey(question.call, question.input)}`;
    const answer = askedForEach.get(key) ?? ask(question, value);
    askedForEach.set(key, answer);
    return answer;
  };

  /** Asked once, so that what is read out of the answer is read once, too. */
  function askShared(group: Group, resource: Resource): Promise<SharedAnswer> {
    const key = `${resource.account}/${resource.region}/${callKey(group.call, literalInput(group.call))}`;
    const found = answers.get(key) ?? prepareAndAsk(aws, group, resource);
    answers.set(key, found);
    return found;
  }

  async function collect(type: ResourceType, name: string, resource: Resource): Promise<Outcome> {
    const group = type.groups?.[name];
    if (group === undefined) throw new Error(`${type.type} has no property group '${name}'`);
    if (group.forEach !== undefined) return await collectEach(askOnce, type, group, group.forEach, resource);
    if (group.shared === undefined) return await collectOwn(ask, group, resource, undefined);
    return pick(group, resource, await askShared(group, resource), type.noun);
  }

  return async (type, resource, groups) => {
    const names = [...new Set(groups)].sort(byCodeUnit);
    if (names.length === 0) return resource;
    const outcomes = await Promise.all(names.map((name) => collect(type, name, resource)));
    return merge(
      resource,
      names.map((name, index) => [name, outcomes[index]]),
    );
  };
}

/** What serves many resources is asked for in the same words for all of them, whatever their types. */
function literalInput({ input = {} }: Call): JsonObject {
  return input;
}

function merge(resource: Resource, outcomes: readonly (readonly [string, Outcome | undefined])[]): Resource {
  const properties = { ...resource.properties };
  const calls = { ...resource.calls };
  const gaps: Record<string, Gap> = { ...resource.gaps };
  for (const [name, outcome] of outcomes) {
    if (outcome === undefined) continue;
    if ('gap' in outcome) {
      gaps[name] = outcome.gap;
      continue;
    }
    if (outcome.value !== undefined) properties[name] = outcome.value;
    if (outcome.call !== undefined) calls[name] = outcome.call;
  }
  return { ...resource, properties, calls, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}

/** One call for one resource. */
async function collectOwn(ask: Ask, group: Group, resource: Resource, each: string | undefined): Promise<Outcome> {
  const question = questionOf(group.call, resource, each);
  if ('gap' in question) return question;
  const { entry, value } = await ask(question, group.value);
  if (entry.outcome !== 'complete') return { gap: gapOf(blame(entry)) };
  if (entry.absent !== undefined) return { value: group.whenAbsent, call: entry.key };
  return keepValue(group, value, resource, entry.key);
}

function keepValue(group: Group, value: Json | undefined, resource: Resource, call: string): Outcome {
  if (value === undefined || value === null) return broken(`the answer lacks ${group.value}`, call);
  try {
    const kept = group.keep === undefined ? value : group.keep(value, resource.properties);
    return { value: isUnknown(kept) ? { ...kept, call } : kept, call };
  } catch (error) {
    return broken(error, call);
  }
}

/** A list is paged to its end, everything else is one answer. */
async function answerTo(aws: Aws, question: Question, value: string): Promise<Answer> {
  if (!value.endsWith('[]')) return await aws.ask(question, value);
  const items: Json[] = [];
  const entry = await aws.list(question, value, (page) => {
    for (const item of page) items.push(item);
  });
  return { entry, value: items };
}

function questionOf(call: Call, resource: Resource, each: string | undefined) {
  const { account, region, properties } = resource;
  try {
    const input = resolveInput(call.input, { account, region, properties, ...(each === undefined ? {} : { each }) });
    return { account, region, call, input };
  } catch (error) {
    return broken(error, undefined);
  }
}

/** One call for each distinct value: the calls that fail leave a marker, and the others stand. */
async function collectEach(
  ask: Ask,
  type: ResourceType,
  group: Group,
  paths: readonly string[],
  resource: Resource,
): Promise<Outcome> {
  const found = paths.map((path) => valuesAt(resource, type, path));
  const doubt = found.find((values) => values.unknown !== undefined)?.unknown;
  if (doubt !== undefined) return { gap: gapOf({ reason: doubt.$unknown, detail: doubt.detail, call: doubt.call }) };
  const distinct = new Set(found.flatMap(({ values }) => values).filter((value) => typeof value === 'string'));
  const members = memberNames(group, paths);
  let firstCall: string | undefined;
  const values = await Promise.all(
    [...distinct]
      .sort(byCodeUnit)
      .map(async (each) => ({ each, ...(await collectMarked(ask, group, resource, each)) })),
  );
  const list = values.map(({ each, value, call }) => {
    firstCall ??= call;
    return { [members.key]: each, ...(value === undefined ? {} : { [members.value]: value }) };
  });
  return { value: list, call: firstCall };
}

async function collectMarked(ask: Ask, group: Group, resource: Resource, each: string) {
  const outcome = await collectOwn(ask, group, resource, each);
  if (!('gap' in outcome)) return outcome;
  const { reason, detail, call } = outcome.gap;
  return { value: unknown(reason, detail, call), call: undefined };
}

/** The names of the two members: the last of the first path, and the first of the value's place in the answer. */
function memberNames(group: Group, paths: readonly string[]) {
  const key = paths[0]?.split('.').at(-1);
  const value = group.value.split('.')[0]?.replace('[]', '');
  if (!key || !value) throw new Error('a group for each value needs a path and a place in the answer');
  return { key, value };
}

async function prepareAndAsk(aws: Aws, group: Group, resource: Resource): Promise<SharedAnswer> {
  const before = group.shared?.before;
  if (before !== undefined) {
    const question = questionOf(before.call, resource, undefined);
    if ('gap' in question) return question;
    const entry = await aws.prepare(question, before.until);
    if (entry.outcome !== 'complete') return { gap: gapOf(blame(entry)) };
  }
  const question = questionOf(group.call, resource, undefined);
  if ('gap' in question) return question;
  const answer = await answerTo(aws, question, group.value);
  return answer.entry.outcome === 'complete' ? { answer } : { gap: gapOf(blame(answer.entry)) };
}

/** One resource's part of a shared answer. */
function pick(group: Group, resource: Resource, shared: SharedAnswer, noun: string): Outcome {
  if ('gap' in shared) return shared;
  const { entry, value } = shared.answer;
  const call = entry.key;
  if (entry.absent !== undefined) return { value: group.whenAbsent, call };
  if (value === undefined || group.shared === undefined) return broken('the answer is empty', call);
  try {
    const part = group.shared.find(value, resource.properties);
    if (part === undefined) {
      const detail = `${entry.service}:${entry.operation} tells nothing of this ${noun}`;
      return { gap: { reason: 'not-collected', detail, call } };
    }
    if (!isUnknown(part)) return keepValue(group, part, resource, call);
    return { gap: gapOf({ reason: part.$unknown, detail: part.detail, call }) };
  } catch (error) {
    return broken(error, call);
  }
}

function broken(error: unknown, call: string | undefined): { readonly gap: Gap } {
  const detail = error instanceof Error ? error.message : String(error);
  return { gap: gapOf({ reason: 'failed', detail, call }) };
}

function gapOf({ reason, detail, call }: { [Member in keyof Blame]: Blame[Member] | undefined }): Gap {
  return {
    reason: reason ?? 'failed',
    ...(detail === undefined ? {} : { detail }),
    ...(call === undefined ? {} : { call }),
  };
}
