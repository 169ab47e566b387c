import { dirname } from 'node:path';
import type { Doubt, Proposal } from '../model/proposal.ts';
import { unnamed } from '../model/unnamed.ts';
import { type CdkOptions, proposalOfCdkOutput } from './_cdk-output.ts';
import { type ChangeSetBytes, type ChangeSetOptions, proposalOfChangeSet, readChangeSetFile } from './_change-set.ts';
import { type Destination, deployedAt, type Types } from './_declared.ts';
import { readInput } from './_input.ts';
import { stackTagsOf } from './_template-blocks.ts';
import { newWorld, type PlacedStack, proposalOfStacks } from './_template-declaration.ts';
import { type TemplateFolder, templateFolder } from './_template-disk.ts';
import {
  checkParameters,
  type GivenParameter,
  gatherParameters,
  type givenValues,
  valuesBefore,
} from './_template-given.ts';
import { partitionOf } from './_template-references.ts';
import { ownMember, type TemplateWorld } from './_template-scope.ts';
import { openStack, sectionsOf } from './_template-stack.ts';
import { maxTemplateBytes, readTemplateText, shownFile, type TemplateText } from './_template-text.ts';

export interface TemplateOptions extends Destination, Types {
  /** Values for the template's parameters, which win over those of the file; the others have their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A file of values for parameters, in any form that the AWS CLI takes. */
  readonly parametersFile?: string;
  /** The template that is deployed. Without one, everything counts as new. */
  readonly previous?: string;
  /** Name of the stack. */
  readonly stack?: string;
  /** All tags that the stack gives to what it makes; left out where they are not known. */
  readonly stackTags?: Readonly<Record<string, string>>;
  /** Begins each address and id of its own, which are then unlike those of other templates: `network.yaml/`. */
  readonly prefix?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What a CloudFormation template would do to an account.
 *
 * @throws ProvisoError 'input' when the file is not a template, ProvisoErrors with places for mistakes in YAML
 */
export async function openTemplate(file: string, options: TemplateOptions): Promise<Proposal> {
  return propose(await readInput(file, maxTemplateBytes), file, options, true);
}

/**
 * As {@link openTemplate}, for bytes that are there already. Nested templates are not looked for.
 *
 * @throws ProvisoError 'input' when the bytes are not a template, ProvisoErrors with places for mistakes in YAML
 */
export async function readTemplate(bytes: Buffer, file: string, options: TemplateOptions): Promise<Proposal> {
  return propose(bytes, file, options, false);
}

async function propose(bytes: Buffer, file: string, options: TemplateOptions, onDisk: boolean): Promise<Proposal> {
  const { previous } = options;
  const world = newWorld(options);
  const text = await readTemplateText(bytes, file);
  const given = await gatherParameters(options.parametersFile, options.parameters ?? {});
  const parameters = checkParameters(given, [ownMember(sectionsOf(text, file), 'Parameters')], file);
  const folder = onDisk ? templateFolder(dirname(file)) : undefined;
  const stack = await placedStack(text, file, parameters, world, options, folder);
  const before = previous === undefined ? undefined : templateFolder(dirname(previous));
  const old = previous === undefined ? undefined : await openPrevious(previous, text, given, world, options, before);
  return proposalOfStacks(
    [stack],
    old === undefined ? undefined : [old],
    {
      noun: 'CloudFormation template',
      files: [shownFile(file)],
      partition: partitionOf(options),
      home: { account: stack.place.account, region: stack.place.region },
      ...(options.stack === undefined ? {} : { stack: options.stack }),
      doubts: nestedInBoth(folder, before),
      now: options.now,
    },
    options,
    world,
  );
}

async function placedStack(
  text: TemplateText,
  file: string,
  parameters: ReturnType<typeof givenValues>,
  world: TemplateWorld,
  options: TemplateOptions,
  folder: TemplateFolder | undefined,
): Promise<PlacedStack> {
  const { account = unnamed.account, region = unnamed.region } = options;
  const stack = await openStack(text, file, {
    world,
    destination: options,
    ...(options.stack === undefined ? {} : { stack: options.stack }),
    prefix: options.prefix ?? '',
    parameters,
    folder,
  });
  return {
    stack,
    place: { account, region, at: deployedAt(options.now), ...stackTagsOf(undefined, options.stackTags) },
  };
}

/** What is nested in the deployed template need not be as the file is now that both templates name. */
function nestedInBoth(next: TemplateFolder | undefined, old: TemplateFolder | undefined): readonly Doubt[] {
  const both = [...(next?.templates ?? [])].filter(([real]) => old?.templates.has(real) === true);
  return both.map(([, file]) => ({
    code: 'unexpanded',
    detail: `what changes in the nested template ${file.slice(-200)} cannot be seen, since both templates read this file; put the one that is deployed below a folder of its own, with the previous template`,
  }));
}

/** The deployed stack need not have the values that are given now. */
async function openPrevious(
  file: string,
  next: TemplateText,
  given: readonly GivenParameter[],
  world: TemplateWorld,
  options: TemplateOptions,
  folder: TemplateFolder | undefined,
): Promise<PlacedStack> {
  const text = await readTemplateText(await readInput(file, maxTemplateBytes), file);
  const [deployed, declared] = [text, next].map(({ root }) => ownMember(root, 'Parameters'));
  return placedStack(text, file, valuesBefore(given, deployed, declared), world, options, folder);
}

/**
 * What a change set would do to the account of its stack.
 *
 * @param files what `aws cloudformation describe-change-set --include-property-values` printed: one or several pages, and
 * those of nested change sets, in one file or several
 * @throws ProvisoError 'input' when they are none, or belong to several change sets
 */
export async function openChangeSet(
  files: string | readonly (string | ChangeSetBytes)[],
  options: ChangeSetOptions,
): Promise<Proposal> {
  const names = typeof files === 'string' ? [files] : files;
  return proposalOfChangeSet(await Promise.all(names.map(readChangeSetFile)), options);
}

/**
 * What all stacks in a folder that the CDK has written would do to their accounts.
 *
 * @param folder `cdk.out`
 * @throws ProvisoError 'input' when it is no such folder, ProvisoErrors with places for mistakes in templates
 */
export async function openCdkOutput(folder: string, options: CdkOptions): Promise<Proposal> {
  return proposalOfCdkOutput(folder, options);
}
