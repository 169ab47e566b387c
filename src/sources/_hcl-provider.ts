import { definitionOf, isCertain, type Modules } from './_hcl-modules.ts';

/** An argument of a provider or of the call of a module. */
export interface Argument {
  /** `module.web`, or empty for the root module. */
  readonly module: string;
  /** `provider.aws`, `provider.aws.backup` for one with an alias, `module.web`. */
  readonly name: string;
  /** `['assume_role', 'role_arn']` */
  readonly path: readonly string[];
}

const variableForm = /^(?:var\.([\w-]+)|\$\{var\.([\w-]+)\})$/;

/**
 * Whether an argument is written as one variable and nothing else. A plan names the variables of an expression alone, and
 * says the same of `var.a` and of `var.a == "x" ? "y" : "z"`.
 *
 * @returns undefined where no file has it for certain
 */
export function isVariable({ module, name, path }: Argument, variable: string, modules: Modules): boolean | undefined {
  const definitions = definitionOf(module, name, modules);
  if (definitions === undefined || !isCertain(module, modules) || definitions[0].isDoubtful) return undefined;
  const blocks = path.slice(0, -1);
  const last = path.at(-1) ?? '';
  const written = definitions.flatMap(({ block }) => {
    let inner = block === undefined ? [] : [block];
    for (const type of blocks) inner = inner.flatMap((one) => one.blocks.filter((nested) => nested.type === type));
    return inner.flatMap(({ attributes }) => attributes.get(last) ?? []);
  });
  return (
    written.length > 0 &&
    written.every(({ value = '' }) => {
      const [, plain, quoted] = variableForm.exec(value) ?? [];
      return (plain ?? quoted) === variable;
    })
  );
}
