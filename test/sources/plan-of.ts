/** One entry of `resource_changes`, and what its configuration says. */
export interface Change {
  readonly actions?: readonly string[];
  readonly before?: object;
  readonly after?: object;
  readonly unknown?: object;
  readonly sensitive?: object;
  /** Attribute → references; an attribute without any is a constant. */
  readonly written?: Readonly<Record<string, readonly string[]>>;
  /** `module.web[0]` */
  readonly module?: string;
  readonly provider?: string;
}

/** A plan of resources by address without their module: `aws_security_group.web[0]`. */
export function planOf(changes: Readonly<Record<string, Change>>, more: object = {}, modules: object = {}): Buffer {
  const root: object[] = [];
  const resource_changes = Object.entries(changes).map(([local, change]) => {
    const [type = '', named = ''] = local.split('.');
    const [name = '', index] = named.split(/\[|\]/);
    const expressions = Object.fromEntries(
      Object.entries(change.written ?? {}).map(([attribute, references]) => [
        attribute,
        references.length === 0 ? { constant_value: true } : { references },
      ]),
    );
    const provider_config_key = change.provider ?? 'aws';
    if (change.module === undefined)
      root.push({ address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key, expressions });
    const { actions = ['create'], before = null, after = null, unknown = {}, sensitive = {} } = change;
    return {
      address: change.module === undefined ? local : `${change.module}.${local}`,
      ...(change.module === undefined ? {} : { module_address: change.module }),
      mode: 'managed',
      type,
      name,
      ...(index === undefined ? {} : { index: JSON.parse(index) as string | number }),
      change: { actions, before, after, after_unknown: unknown, after_sensitive: sensitive, before_sensitive: {} },
    };
  });
  const configuration = {
    provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } } },
    root_module: { resources: root, ...modules },
  };
  const plan = {
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: {},
    resource_changes,
    configuration,
  };
  return Buffer.from(JSON.stringify({ ...plan, ...more }));
}
