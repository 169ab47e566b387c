import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Doubt, Proposal } from '../model/proposal.ts';
import type { Declared } from '../model/resource-type.ts';
import { unnamed } from '../model/unnamed.ts';
import { type CdkOutput, type CdkStack, readManifests } from './_cdk-manifest.ts';
import { type Destination, deployedAt, type Types } from './_declared.ts';
import { inputError } from './_input.ts';
import { stackTagsOf } from './_template-blocks.ts';
import { newWorld, type PlacedStack, proposalOfStacks } from './_template-declaration.ts';
import { type TemplateFolder, templateFolder } from './_template-disk.ts';
import { checkParameters, type GivenParameter, gatherParameters, givenValues } from './_template-given.ts';
import { exportKey, outputOf, partitionOf } from './_template-references.ts';
import { ownMember, type TemplateWorld } from './_template-scope.ts';
import { openStack, sectionsOf, type TemplateStack } from './_template-stack.ts';
import { shownFile, type TemplateText } from './_template-text.ts';

const mostShown = 5;

export interface CdkOptions extends Destination, Types {
  /** Values for parameters of the stacks that have them, which win over those of the file. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A file of values for parameters, in any form that the AWS CLI takes. */
  readonly parametersFile?: string;
  /** Tags that the stacks give to what they make, besides those that the app has given them; none where it is empty. */
  readonly stackTags?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A stack of the output with its template's text. */
interface Part {
  readonly stack: CdkStack;
  readonly text: TemplateText;
  readonly path: string;
}

/** @throws ProvisoError 'input' when the folder is no output of the CDK, ProvisoErrors for mistakes in templates */
export async function proposalOfCdkOutput(folder: string, options: CdkOptions): Promise<Proposal> {
  const isFolder = await stat(folder)
    .then((found) => found.isDirectory())
    .catch(() => false);
  if (!isFolder) throw inputError(folder, 'it is not a folder', 'give the folder into which cdk synth writes: cdk.out');
  const files = templateFolder(folder);
  const output = await readManifests(folder, files);
  const parts: Part[] = [];
  for (const stack of output.stacks) parts.push(await readPart(stack, files));
  const given = await gatherParameters(options.parametersFile, options.parameters ?? {});
  const sections = parts.map(({ text, path }) => ownMember(sectionsOf(text, path), 'Parameters'));
  checkParameters(given, sections, join(folder, 'manifest.json'));
  const world = newWorld(options);
  const stacks: PlacedStack[] = [];
  for (const part of parts) stacks.push(await placedStack(part, files, given, world, options));
  const [first] = stacks;
  return proposalOfStacks(
    stacks,
    undefined,
    {
      noun: 'CDK output',
      files: [shownFile(folder)],
      partition: partitionOf({ ...options, ...regionOf(output.stacks[0], options) }),
      home: {
        account: first?.place.account ?? options.account ?? unnamed.account,
        region: first?.place.region ?? options.region ?? unnamed.region,
      },
      doubts: doubtsOf(output),
      now: options.now,
    },
    options,
    world,
  );
}

async function readPart(stack: CdkStack, files: TemplateFolder): Promise<Part> {
  const found = await files.read(stack.manifest, stack.template);
  if (found === undefined)
    throw inputError(
      stack.manifest,
      `the template ${JSON.stringify(stack.template.slice(0, 200))} is not there`,
      'run: cdk synth',
    );
  return { stack, ...found };
}

function regionOf(stack: CdkStack | undefined, { region }: Destination): Pick<Destination, 'region'> {
  const found = stack?.region ?? region;
  return found === undefined ? {} : { region: found };
}

function destinationOf(stack: CdkStack, options: Destination): Destination {
  const account = stack.account ?? options.account;
  const { partition } = options;
  return {
    ...(account === undefined ? {} : { account }),
    ...regionOf(stack, options),
    ...(partition === undefined ? {} : { partition }),
  };
}

async function placedStack(
  { stack, text, path }: Part,
  files: TemplateFolder,
  given: readonly GivenParameter[],
  world: TemplateWorld,
  options: CdkOptions,
): Promise<PlacedStack> {
  const destination = destinationOf(stack, options);
  const own = [...stack.parameters].map(([name, value]): [string, () => Declared] => [name, () => value]);
  const prefix = `${stack.id}/`;
  const opened = await openStack(text, path, {
    world,
    destination,
    stack: stack.name,
    prefix,
    parameters: new Map([...own, ...givenValues(given)]),
    folder: files,
  });
  noteExports(opened, world);
  return {
    stack: opened,
    place: {
      account: destination.account ?? unnamed.account,
      region: destination.region ?? unnamed.region,
      at: deployedAt(options.now),
      ...stackTagsOf(stack.tags, options.stackTags),
      constructOf: (address) => stack.constructs.get(address.slice(prefix.length)),
    },
  };
}

/** What a stack exports is there for all others of the same account and region. */
function noteExports({ evaluator }: TemplateStack, world: TemplateWorld): void {
  const { scope } = evaluator;
  const outputs = ownMember(scope.template, 'Outputs');
  for (const [id, output] of Object.entries(typeof outputs === 'object' && outputs !== null ? outputs : {})) {
    const name = evaluator.valueOf(ownMember(ownMember(output, 'Export'), 'Name'));
    if (typeof name === 'string') world.exports.set(exportKey(name, scope), () => outputOf(id, scope));
  }
}

function doubtsOf({ missing, errors, unread }: CdkOutput): readonly Doubt[] {
  const doubts: Doubt[] = [];
  if (errors.length > 0) doubts.push({ code: 'errored', detail: `the CDK app reports an error: ${listed(errors)}` });
  if (unread.length > 0)
    doubts.push({ code: 'unexpanded', detail: `what these artifacts declare is not read: ${listed(unread)}` });
  if (missing.length > 0)
    doubts.push({
      code: 'incomplete',
      detail: `the CDK app still has to look something up: ${listed(missing)}; run cdk synth where it can`,
    });
  return doubts;
}

function listed(texts: readonly string[]): string {
  const shown = texts
    .slice(0, mostShown)
    .map((text) => text.slice(0, 200))
    .join('; ');
  return texts.length > mostShown ? `${shown} and ${texts.length - mostShown} more` : shown;
}
