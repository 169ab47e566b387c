import type { Operator } from '../model/operator.ts';
import { byCodeUnit, isObject, type Json, type JsonObject, unknownReasons } from '../model/value.ts';
import { fixKeys, frameworks } from './check.ts';
import { severities, type Vocabulary } from './rule.ts';
import { type parameterKeywords, valueFormats, valueTypes } from './value-schema.ts';

const text: JsonObject = { type: 'string', minLength: 1 };
const condition: JsonObject = { $ref: '#/$defs/condition' };
const parameter: JsonObject = { $ref: '#/$defs/parameter' };

/**
 * Assembles the JSON Schema (draft 2020-12) of a rule file, for editors and for readers. The operators say what their
 * operands are; whether a field exists is checked when a rule is loaded, because a schema cannot say it readably.
 */
export function ruleSchema(catalogue: Vocabulary): JsonObject {
  const types = [...catalogue.types.keys()].sort(byCodeUnit);
  const operators = [...catalogue.operators.values()].sort((a, b) => byCodeUnit(a.name, b.name));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Proviso rule',
    description: 'A rule about AWS resources: what must hold, why, how to mend it, and its own examples.',
    type: 'object',
    additionalProperties: false,
    required: ['title', 'severity', 'why', 'fix', 'assert', 'pass', 'fail', 'unknown'],
    oneOf: [{ required: ['resource'] }, { required: ['scope'] }],
    properties: fileProperties(types),
    $defs: {
      condition: conditionSchema(operators),
      conditions: { type: 'array', minItems: 1, items: condition },
      subject: {
        description: 'What a field must be: a value, a parameter, or operators.',
        anyOf: [{ type: ['string', 'number', 'boolean'] }, parameter, { $ref: '#/$defs/operators' }],
      },
      quantifier: quantifierSchema(types),
      count: countSchema(types),
      operators: {
        type: 'object',
        minProperties: 1,
        additionalProperties: false,
        properties: Object.fromEntries(operators.map((operator) => [operator.name, operandSchema(operator)])),
      },
      parameter: {
        description: 'The value of a parameter.',
        type: 'object',
        required: ['param'],
        additionalProperties: false,
        properties: { param: text },
      },
      declaration: declarationSchema(),
      valueSchema: valueSchema(),
      unknown: unknownSchema(),
      cases: { type: 'object', minProperties: 1, additionalProperties: { $ref: '#/$defs/case' } },
      case: caseSchema(types),
    },
  };
}

function fileProperties(types: readonly string[]): JsonObject {
  const cases = { $ref: '#/$defs/cases' };
  return {
    $schema: { type: 'string' },
    title: { ...text, description: 'What holds when the rule passes, as a sentence.' },
    severity: { enum: severities },
    resource: { enum: types, description: 'The type whose instances are judged.' },
    scope: {
      enum: ['account', 'region'],
      description: 'Instead of a type: the account or region as a whole is judged.',
    },
    why: { ...text, description: 'What may happen when it does not hold.' },
    fix: {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: Object.fromEntries(fixKeys.map((key) => [key, text])),
    },
    params: { type: 'object', additionalProperties: { $ref: '#/$defs/declaration' } },
    controls: {
      type: 'object',
      description: 'Framework to control ids.',
      properties: Object.fromEntries(frameworks.map((key) => [key, { type: 'array', items: text }])),
      additionalProperties: { type: 'array', items: text },
    },
    when: { ...condition, description: 'Resources of which this is false are not meant.' },
    assert: { ...condition, description: 'What must hold.' },
    message: { ...text, description: 'What is wrong, with fields in braces.' },
    pass: cases,
    fail: cases,
    unknown: cases,
    'not-applicable': cases,
  };
}

/** An operand, or any part of it, may be a parameter. */
function operandSchema(operator: Operator): JsonObject {
  const operand = withParameters(operator.operand);
  return { ...operand, description: operator.summary };
}

function withParameters(schema: JsonObject): JsonObject {
  const inner: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (key === 'properties' && isObject(value))
      inner[key] = Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, isObject(part) ? withParameters(part) : (part ?? null)]),
      );
    else if ((key === 'items' || key === 'additionalProperties') && isObject(value)) inner[key] = withParameters(value);
    else if (key === 'anyOf' && Array.isArray(value))
      inner[key] = (value as readonly Json[]).map((form) => (isObject(form) ? withParameters(form) : form));
    else inner[key] = value;
  }
  return { anyOf: [inner, parameter] };
}

function conditionSchema(operators: readonly Operator[]): JsonObject {
  return {
    description:
      'All entries must hold. Keys are words of the language, fields of the resource, tag.KEY, or operators on the item itself.',
    type: 'object',
    minProperties: 1,
    properties: {
      // An operator may stand alone, or be the name of a field.
      ...Object.fromEntries(
        operators.map((operator) => [
          operator.name,
          { anyOf: [operandSchema(operator), { $ref: '#/$defs/subject' }], description: operator.summary },
        ]),
      ),
      all: { $ref: '#/$defs/conditions' },
      any: { $ref: '#/$defs/conditions' },
      not: condition,
      if: condition,
      then: condition,
      else: condition,
      some: { $ref: '#/$defs/quantifier' },
      every: { $ref: '#/$defs/quantifier', required: ['allow-empty'] },
      none: { $ref: '#/$defs/quantifier' },
      count: { $ref: '#/$defs/count' },
      unknown: { ...text, description: 'The answer is unknown, for this reason.' },
      path: {
        description: 'A field whose name is a word of the language, with operators beside it.',
        type: 'object',
        required: ['of'],
        properties: { of: text },
      },
    },
    dependentRequired: { if: ['then'], then: ['if'], else: ['if', 'then'] },
    additionalProperties: { $ref: '#/$defs/subject' },
  };
}

function quantifierSchema(types: readonly string[]): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['in'] }, { required: ['follow'] }, { required: ['of'] }],
    properties: {
      in: { ...text, description: 'A list of the current item.' },
      follow: { ...text, description: 'A relation, or several with dots between them.' },
      of: { enum: types, description: 'All instances of a type.' },
      scope: { enum: ['account', 'region'], description: 'With of: where the instances are looked for.' },
      filter: { ...condition, description: 'Only items of which this holds are ranged over.' },
      newest: { ...text, description: 'Of those, only the ones with the latest time at this path.' },
      where: { ...condition, description: 'What some, every or no item must meet.' },
      'allow-empty': { enum: [true, false, 'unknown'], description: 'The answer when nothing is ranged over.' },
    },
  };
}

function countSchema(types: readonly string[]): JsonObject {
  const bound = { anyOf: [{ type: 'integer', minimum: 0 }, parameter] };
  const counted = {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['follow'] }, { required: ['of'] }],
    properties: {
      follow: { ...text, description: 'A relation, or several with dots between them.' },
      of: { enum: types, description: 'All instances of a type.' },
      scope: { enum: ['account', 'region'], description: 'With of: where the instances are looked for.' },
      where: { ...condition, description: 'Only what meets this counts.' },
      distinct: { ...text, description: 'What has the same value at this path counts once.' },
    },
  };
  return {
    description: 'How many there are. What is not known keeps the answer open as far as it could change it.',
    type: 'object',
    additionalProperties: false,
    required: ['among'],
    anyOf: [{ required: ['at-most'] }, { required: ['at-least'] }],
    properties: {
      among: { type: 'array', minItems: 1, maxItems: 8, items: counted },
      plus: { ...bound, description: 'How many there are besides.' },
      'at-most': bound,
      'at-least': bound,
    },
  };
}

function declarationSchema(): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['description', 'schema'],
    properties: { description: text, schema: { $ref: '#/$defs/valueSchema' }, default: true },
  };
}

function valueSchema(): JsonObject {
  const type = { enum: valueTypes };
  const count = { type: 'integer', minimum: 0 };
  const known: Readonly<Record<(typeof parameterKeywords)[number], JsonObject>> = {
    type: { anyOf: [type, { type: 'array', items: type, minItems: 1 }] },
    enum: { type: 'array', minItems: 1 },
    items: { $ref: '#/$defs/valueSchema' },
    minItems: count,
    maxItems: count,
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    minLength: count,
    maxLength: count,
    format: { enum: valueFormats },
  };
  return { type: 'object', additionalProperties: false, required: ['type'], properties: known };
}

function unknownSchema(): JsonObject {
  return {
    description: 'A value that was not collected, and why.',
    type: 'object',
    required: ['$unknown'],
    additionalProperties: false,
    properties: { $unknown: { enum: unknownReasons }, detail: { type: 'string' }, call: { type: 'string' } },
  };
}

function caseSchema(types: readonly string[]): JsonObject {
  const unknown = { $ref: '#/$defs/unknown' };
  const resources = { anyOf: [{ type: 'array', items: { type: 'object' } }, unknown] };
  return {
    description: 'Properties of the judged resource; what is left out is known to be absent.',
    type: 'object',
    properties: {
      $with: {
        description: 'Other resources by type. A type that is left out has no instance.',
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(types.map((type) => [type, resources])),
      },
      $params: { type: 'object' },
      $now: { type: 'string', description: 'The instant at which the case plays.' },
      $region: { type: 'string' },
    },
  };
}
