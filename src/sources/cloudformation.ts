import type { Doubt, Proposal } from '../model/proposal.ts';
import type { ResourceType } from '../model/resource-type.ts';
import { isObject, isUnknown, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import { type Destination, type PlacedBlock, type Types, unnamed } from './_declared.ts';
import { inputError, readInput } from './_input.ts';
import { proposalOf } from './_proposal.ts';
import { attributeOf } from './_satellites.ts';
import { ownMember, textMember } from './_template-scope.ts';
import { maxTemplateBytes, readTemplateText, type TemplateText } from './_template-text.ts';
import { type Evaluator, evaluateTemplate } from './_template-values.ts';

export interface TemplateOptions extends Destination, Types {
  /** Values for the template's parameters; the others have their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What a CloudFormation template would do to an account in which nothing of it is there yet.
 *
 * @throws ProvisoError 'input' when the file is not a template, ProvisoErrors with places for mistakes in YAML
 */
export async function openTemplate(file: string, options: TemplateOptions): Promise<Proposal> {
  return readTemplate(await readInput(file, maxTemplateBytes), file, options);
}

/** @throws ProvisoError 'input' when the bytes are not a template, ProvisoErrors with places for mistakes in YAML */
export function readTemplate(bytes: Buffer, file: string, options: TemplateOptions): Proposal {
  const text = readTemplateText(bytes, file);
  const template = text.root;
  const resources = ownMember(template, 'Resources');
  if (!isObject(template) || !isObject(resources))
    throw inputError(file, 'this is no template of CloudFormation: it has no Resources');
  const expanded = transformsOf(template, file);
  const types = [...options.types.values()];
  const evaluator = evaluatorOf(template, types, options);
  const home = { account: options.account ?? unnamed.account, region: options.region ?? unnamed.region };
  const at = new Date(options.now).toISOString();
  const reading = { text, evaluator, home, file, at };
  const blocks = Object.entries(resources).flatMap(([id, resource]) => blockOf(reading, id, resource));
  const beyond = hiddenParts(resources);
  const doubts = [
    ...(beyond === undefined ? [] : [beyond]),
    ...expanded.map((name) => `${name} adds resources to the template`),
  ].map((detail): Doubt => ({ code: 'unexpanded', detail }));
  const all = beyond === undefined ? blocks : [...blocks, ...strangers(types, home, beyond, at)];
  return proposalOf(
    {
      source: 'cloudformation',
      noun: 'CloudFormation template',
      call: ['cloudformation', 'template'],
      partition: options.partition ?? 'aws',
      home,
      files: [file],
      blocks: all,
      past: [],
      actions: new Map(blocks.map(({ address }) => [address, 'create'])),
      counts: countsOf(resources),
      doubts,
      trace: () => [],
      now: options.now,
    },
    options,
    ({ type, cloudformation }) => cloudformation && { main: [cloudformation.main ?? type], form: cloudformation },
  );
}

function evaluatorOf(template: JsonObject, types: readonly ResourceType[], options: TemplateOptions): Evaluator {
  const forms = new Map(
    types.flatMap(({ type, cloudformation }) => (cloudformation ? [[type, cloudformation] as const] : [])),
  );
  const links = [...forms.values()].flatMap(({ satellites, links: more }) => [
    ...Object.values(satellites ?? {}).flatMap((joins) => joins.map(attributeOf)),
    ...(more ?? []),
  ]);
  return evaluateTemplate({
    template,
    destination: options,
    parameters: options.parameters ?? {},
    formOf: (type) => forms.get(type),
    links: new Set(links),
  });
}

function countsOf(resources: JsonObject): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const resource of Object.values(resources)) {
    const type = textMember(resource, 'Type');
    if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

/** Macros of AWS's own that leave alone what is written out. */
const addingOnly = /^AWS::(?:Serverless-2016-10-31|CodeDeployBlueGreen|SecretsManager-[0-9-]+|ServiceCatalog)$/;

/** @returns the macros that add resources */
function transformsOf(template: JsonObject, file: string): readonly string[] {
  const written = ownMember(template, 'Transform');
  const list = Array.isArray(written) ? (written as readonly Json[]) : written === undefined ? [] : [written];
  const names = list.map((item) => (typeof item === 'string' ? item : (textMember(item, 'Name') ?? '')));
  const strange = names.find((name) => name !== 'AWS::LanguageExtensions' && !addingOnly.test(name));
  if (strange !== undefined)
    throw inputError(
      file,
      `the template is rewritten by the macro ${JSON.stringify(strange.slice(0, 100))} before it is deployed`,
      'check what becomes of it: aws cloudformation get-template --template-stage Processed',
    );
  return names.filter((name) => addingOnly.test(name));
}

/** What declares resources that the template does not show. */
function hiddenParts(resources: JsonObject): string | undefined {
  for (const [id, resource] of Object.entries(resources)) {
    const type = textMember(resource, 'Type') ?? '';
    const isLoop = id.startsWith('Fn::');
    if (isLoop || type === 'AWS::CloudFormation::Stack' || type.endsWith('::MODULE'))
      return `what ${id.slice(0, 100)} declares is not in the template`;
  }
  return undefined;
}

/** What is not shown may add to anything that is. */
function strangers(types: readonly ResourceType[], home: Home, why: string, at: string): readonly PlacedBlock[] {
  const names = types.flatMap(({ cloudformation }) => Object.keys(cloudformation?.satellites ?? {}));
  return names.map((type) => ({
    type,
    address: why,
    identity: why,
    values: {},
    written: new Set(),
    isNew: true,
    ...home,
    declared: { address: why },
    at,
  }));
}

interface Home {
  readonly account: string;
  readonly region: string;
}

interface Reading {
  readonly text: TemplateText;
  readonly evaluator: Evaluator;
  readonly home: Home;
  readonly file: string;
  readonly at: string;
}

function blockOf({ text, evaluator, home, file, at }: Reading, id: string, resource: Json | undefined): PlacedBlock[] {
  if (id.startsWith('Fn::')) return [];
  const type = ownMember(resource, 'Type');
  if (typeof type !== 'string') throw inputError(file, `the resource ${JSON.stringify(id.slice(0, 100))} has no Type`);
  const condition = ownMember(resource, 'Condition');
  const isMet = condition === undefined ? true : typeof condition === 'string' ? evaluator.isMet(condition) : undefined;
  if (isMet === false) return [];
  const written = ownMember(resource, 'Properties');
  const properties = evaluator.valueOf(written ?? {});
  const hidden = hiddenBy(properties);
  const block: PlacedBlock = {
    type,
    address: id,
    identity: evaluator.identityOf(id),
    values: hidden === undefined && isObject(properties) ? properties : {},
    written: new Set(isObject(written) ? Object.keys(written) : []),
    isNew: true,
    ...home,
    declared: text.placeOf(id),
    at,
    ...(hidden === undefined ? {} : { hidden }),
    ...(isMet === undefined ? { isOptional: true } : {}),
  };
  return [block];
}

function hiddenBy(properties: Json | undefined): Unknown | undefined {
  if (isUnknown(properties)) return properties;
  return isObject(properties) ? undefined : unknown('type', 'its properties are not a map');
}
