import type { Definition } from './_hcl-folder.ts';
import { definitionOf, isCertain, type Modules, parentOf } from './_hcl-modules.ts';

const variableForm = /^(?:var\.([\w-]+)|\$\{var\.([\w-]+)\})$/;

/** Every definition that has the attribute must agree, since which of them the plan was made from may be open. */
export function isList(
  definitions: readonly Definition[] | undefined,
  attribute: string,
  module: string,
  modules: Modules,
): boolean {
  if (definitions?.[0]?.isDoubtful !== undefined) return false;
  const written = (definitions ?? []).flatMap(({ block }) => block?.attributes.get(attribute) ?? []);
  return (
    written.length > 0 &&
    written.every(({ value = '', isListOfReferences: isOwn }) => {
      const [, plain, quoted] = variableForm.exec(value) ?? [];
      const variable = plain ?? quoted;
      if (isOwn || variable === undefined || module === '') return isOwn;
      const parent = parentOf(module);
      const call = definitionOf(parent, module.split('.').slice(-2).join('.'), modules);
      return isList(call, variable, parent, modules);
    })
  );
}

/** Where an attribute stands: `resource.aws_s3_bucket.logs` of the module `module.web`, or of the root, which is empty. */
export interface Written {
  readonly module: string;
  readonly name: string;
  readonly attribute: string;
}

const mostSteps = 32;
const outputForm = /^module\.([\w-]+)(?:\[[^\]]*\])?\.([\w-]+)$/;

/** Whether an attribute is one plain reference, and so is what it refers to, up to a resource. */
export function isPlain({ module, name, attribute }: Written, modules: Modules, steps = mostSteps): boolean {
  const definitions = definitionOf(module, name, modules);
  if (steps === 0 || !isCertain(module, modules) || definitions?.[0]?.isDoubtful !== undefined) return false;
  const written = (definitions ?? []).flatMap(({ block }) => block?.attributes.get(attribute) ?? []);
  return (
    written.length > 0 &&
    written.every(({ reference }) => {
      const next = reference === undefined ? undefined : behind(reference, module);
      return next !== undefined && (next === 'resource' || isPlain(next, modules, steps - 1));
    })
  );
}

/** What a reference leads to; undefined for what may be anything. */
function behind(reference: string, module: string): Written | 'resource' | undefined {
  const [, call, output] = outputForm.exec(reference) ?? [];
  if (call !== undefined && output !== undefined)
    return { module: [module, 'module', call].filter(Boolean).join('.'), name: `output.${output}`, attribute: 'value' };
  const [head = '', variable = '', ...more] = reference.split('.');
  if (head === 'var' && module !== '' && more.length === 0)
    return { module: parentOf(module), name: module.split('.').slice(-2).join('.'), attribute: variable };
  return head.startsWith('aws_') ? 'resource' : undefined;
}
