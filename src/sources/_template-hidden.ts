import type { Doubt } from '../model/proposal.ts';
import { isObject, type Json, type JsonObject, type Unknown, unknown } from '../model/value.ts';
import { ownMember, textMember } from './_template-scope.ts';

/** What declares resources that a template does not show. */
export interface HiddenPart {
  /** For sentences: `the stack Network`. */
  readonly name: string;
  /** What is not shown and why, in one line. */
  readonly detail: string;
  /** Types to which it may add; undefined for all. */
  readonly mayAdd?: RegExp;
}

/** What macros do to a template before it is deployed. */
export interface Rewriting {
  readonly parts: readonly HiddenPart[];
  /** Set when nothing that is written need stay as it is. */
  readonly touched?: Unknown;
}

/** Macros of AWS's own that leave alone what is written out, and either add nothing or are told of by what they add to. */
const addingOnly = /^AWS::(?:CodeDeployBlueGreen|SecretsManager-[0-9-]+|ServiceCatalog)$/;
const serverless = /^AWS::Serverless-/;
const extensions = 'AWS::LanguageExtensions';

/** What AWS SAM makes of its own types. */
const madeByServerless = new RegExp(
  `^AWS::(?:${[
    ...['ApiGateway', 'ApiGatewayV2', 'AppSync', 'CertificateManager', 'CloudFormation', 'CodeDeploy', 'Cognito'],
    ...['DynamoDB', 'Events', 'IAM', 'IoT', 'Lambda', 'Pipes', 'Route53', 'SNS', 'SQS', 'Scheduler', 'StepFunctions'],
  ].join('|')})::`,
);

const processed = 'check what becomes of it: aws cloudformation get-template --template-stage Processed';

function namesIn(written: Json | undefined): readonly string[] {
  const list = Array.isArray(written) ? (written as readonly Json[]) : written === undefined ? [] : [written];
  return list.map((item) => (typeof item === 'string' ? item : (textMember(item, 'Name') ?? '')));
}

/** What the macros at the top of a template, or among its resources, do to it. */
export function rewritingOf(template: JsonObject): Rewriting {
  const resources = ownMember(template, 'Resources');
  const inside = ownMember(resources, 'Fn::Transform');
  const names = namesIn(ownMember(template, 'Transform'));
  const strange = names.filter((name) => name !== extensions && !addingOnly.test(name) && !serverless.test(name));
  const macros = [...strange, ...(inside === undefined ? [] : namesIn([inside]))];
  const added = names
    .filter((name) => addingOnly.test(name))
    .map((name) => ({
      name,
      detail: `${name} adds resources to the template`,
    }));
  const parts = [...added, ...serverlessParts(resources)];
  const [first] = macros;
  if (first === undefined) return { parts };
  const macro = JSON.stringify(first.slice(0, 100));
  const detail = `the macro ${macro} rewrites the template before it is deployed; ${processed}`;
  return {
    parts: [...parts, { name: `the macro ${macro}`, detail }],
    touched: unknown('known-after-apply', `the macro ${macro} may rewrite it`),
  };
}

function serverlessParts(resources: Json | undefined): readonly HiddenPart[] {
  const counts = new Map<string, number>();
  for (const resource of isObject(resources) ? Object.values(resources) : []) {
    const type = textMember(resource, 'Type') ?? '';
    if (type.startsWith('AWS::Serverless::')) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const listed = [...counts].map(([type, count]) => (count === 1 ? type : `${type} (${count})`)).sort();
  const name = listed.join(', ');
  return [
    {
      name,
      detail: `${name}: what AWS SAM makes of these is not in the template; ${processed}`,
      mayAdd: madeByServerless,
    },
  ];
}

/** Why a resource stands for others that the template does not show, if it does. */
export function hiddenBehind(id: string, resource: Json | undefined): HiddenPart | undefined {
  const type = textMember(resource, 'Type') ?? '';
  const own = id.slice(0, 100);
  const part = (name: string, why = '') => ({ name, detail: `what ${name} declares is not in the template${why}` });
  if (id === 'Fn::Transform') return undefined;
  if (id.startsWith('Fn::')) return part(own, ': over what it runs is not known, or too much');
  if (type.endsWith('::MODULE')) return part(`the module ${own}`);
  if (ownMember(resource, 'Connectors') !== undefined)
    return part(`the connector of ${own}`, `: AWS SAM makes it; ${processed}`);
  return type === 'AWS::CloudFormation::StackSet' ? part(`the stack set ${own}`) : undefined;
}

export function unexpanded(parts: readonly HiddenPart[]): readonly Doubt[] {
  return parts.map(({ detail }) => ({ code: 'unexpanded', detail }));
}
