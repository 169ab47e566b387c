import { type ErrorCode, type Place, ProvisoError } from '../errors.ts';
import { nearest } from './nearest.ts';

/** One complaint of a compiled JSON Schema validator. */
export interface SchemaError {
  /** JSON pointer of the node. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema?: Readonly<Record<string, unknown>>;
  /** Set when it is the name of a member that is wrong, and not its value. */
  readonly propertyName?: string;
  readonly data?: unknown;
}

/** A compiled validator: after it answered false, `errors` says why. */
export interface Validate {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

export type At = readonly (string | number)[];

/** A mistake at one node of a document. `at` leads to the wrong key or value, or to the object that lacks something. */
export interface SchemaMistake {
  readonly at: At;
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with a document, at most one mistake a node. An empty list means that it is valid. */
export function schemaMistakes(validate: Validate, value: unknown): readonly SchemaMistake[] {
  if (validate(value)) return [];
  const mistakes = new Map<string, SchemaMistake>();
  for (const error of validate.errors ?? []) {
    if (error.keyword === 'if' || error.keyword === 'propertyNames') continue;
    const mistake = mistakeOf(error);
    const node = `${JSON.stringify(mistake.at)}${error.keyword === 'required' ? String(error.params.missingProperty) : ''}`;
    if (!mistakes.has(node)) mistakes.set(node, mistake);
  }
  return [...mistakes.values()];
}

/**
 * The same as errors that can be thrown.
 *
 * @param placeOf the place of a node in the user's file
 * @param otherwise what to do, where no valid word is near
 */
export function schemaErrors(
  code: ErrorCode,
  validate: Validate,
  value: unknown,
  placeOf: (at: At) => Place | undefined,
  otherwise?: string,
): readonly ProvisoError[] {
  return schemaMistakes(validate, value).map(({ at, message, hint = otherwise }) => {
    const where = placeOf(at);
    return new ProvisoError(code, message, {
      ...(where === undefined ? {} : { where }),
      ...(hint === undefined ? {} : { hint }),
    });
  });
}

function mistakeOf(error: SchemaError): SchemaMistake {
  const at = stepsOf(error.instancePath);
  if (error.propertyName !== undefined) {
    return {
      at: [...at, error.propertyName],
      message: `${shown(error.propertyName)} cannot be a name in ${nameOf(at)}`,
    };
  }
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(at, error);
    case 'required':
      return { at, message: `'${String(error.params.missingProperty)}' is missing from ${nameOf(at)}` };
    case 'false schema':
      return { at, message: `${nameOf(at)} cannot stand here, given what stands beside it` };
    case 'enum':
      return notOneOf(at, error);
    case 'const':
      return { at, message: `${nameOf(at)} must be ${shown(error.params.allowedValue)}, but is ${shown(error.data)}` };
    case 'type':
      return { at, message: `${nameOf(at)} must be ${kinds(error.params.type)}, but is ${kindOf(error.data)}` };
    default:
      return { at, message: `${nameOf(at)} ${complaint(error)}` };
  }
}

function unknownKey(at: At, error: SchemaError): SchemaMistake {
  const key = String(error.params.additionalProperty ?? error.params.unevaluatedProperty);
  const near = nearest(key, Object.keys(recordOf(error.parentSchema?.properties)));
  return {
    at: [...at, key],
    message: `${shown(key)} is not known in ${nameOf(at)}`,
    ...(near === undefined ? {} : { hint: `did you mean '${near}'?` }),
  };
}

function notOneOf(at: At, error: SchemaError): SchemaMistake {
  const words = Array.isArray(error.params.allowedValues) ? error.params.allowedValues.map(String) : [];
  const near = typeof error.data === 'string' ? nearest(error.data, words) : undefined;
  return {
    at,
    message: `${nameOf(at)} must be one of ${words.join(', ')}, but is ${shown(error.data)}`,
    ...(near === undefined ? {} : { hint: `did you mean '${near}'?` }),
  };
}

function complaint(error: SchemaError): string {
  const limit = String(error.params.limit);
  switch (error.keyword) {
    case 'pattern':
      return `is ${shown(error.data)}, which does not have the form: ${formOf(error)}`;
    case 'minLength':
      return 'must not be empty';
    case 'minItems':
      return `must have at least ${limit} ${limit === '1' ? 'item' : 'items'}`;
    case 'minProperties':
      return `must have at least ${limit} ${limit === '1' ? 'entry' : 'entries'}`;
    case 'uniqueItems':
      return 'names the same thing twice';
    case 'minimum':
      return `must be at least ${limit}, but is ${shown(error.data)}`;
    case 'maximum':
      return `must be at most ${limit}, but is ${shown(error.data)}`;
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return `must not be longer than ${limit}`;
    default:
      return `does not satisfy ${error.keyword}`;
  }
}

function formOf(error: SchemaError): string {
  const description = error.parentSchema?.description;
  return typeof description === 'string' ? description.replace(/\.$/, '') : String(error.params.pattern);
}

const kindNames: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function kinds(type: unknown): string {
  const names = Array.isArray(type) ? type.map(String) : String(type).split(',');
  return names.map((name) => kindNames[name] ?? name).join(' or ');
}

function kindOf(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return shown(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : shown(value);
}

/** A value in a message: quoted, cut, and without characters that could act on a terminal. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function stepsOf(pointer: string): At {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^(0|[1-9][0-9]{0,8})$/.test(step) ? Number(step) : step));
}

function nameOf(at: At): string {
  if (at.length === 0) return 'the document';
  return at.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
}
