import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { planned } from '../../src/model/planned.ts';
import { isObject, type Json } from '../../src/model/value.ts';
import { readTemplateText } from '../../src/sources/_template-text.ts';
import { readTemplate } from '../../src/sources/cloudformation.ts';
import { judge, type Question, shippedQuestion } from '../scenarios/audited.ts';
import { aroundPath, expectOnlyDoubt, foldersWith, type Path, pathsIn } from './known-later.ts';

let question: Question;

beforeAll(async () => {
  question = await shippedQuestion();
});

type Template = { readonly [section: string]: Json };

async function template(file: string): Promise<Template> {
  const { root } = await readTemplateText(readFileSync(new URL(file, import.meta.url)), 'template.yaml');
  const parameters = isObject(root) && isObject(root.Parameters) ? root.Parameters : {};
  return { ...(root as Template), Parameters: { ...parameters, NobodyKnows: { Type: 'String' } } };
}

async function verdicts(whole: Template): Promise<ReadonlyMap<string, string>> {
  const options = { ...question.catalogue, now: 0, account: '111122223333', region: 'eu-west-1' };
  const proposal = await readTemplate(Buffer.from(JSON.stringify(whole)), 'template.json', options);
  const { results } = await judge(question, planned(proposal, options.types).after, 0);
  return new Map(
    results.map(({ rule, resource, region, outcome }) => [`${rule} ${resource?.declared?.address ?? region}`, outcome]),
  );
}

/** Whatever stands there is an id, a name or a text that nobody knows. */
function without(whole: Template, path: Path): Template {
  const copy = structuredClone(whole);
  aroundPath(copy, path)[path.at(-1) ?? ''] = { Ref: 'NobodyKnows' };
  return copy;
}

/** That what is not known turns no verdict to another one than unknown, and that nothing passes that was not there. */
async function expectDoubtAlone(whole: Template, before: ReadonlyMap<string, string>, path: Path): Promise<number> {
  const after = await verdicts(without(whole, path));
  const appeared = [...after].filter(([place, outcome]) => !before.has(place) && outcome === 'pass');
  expect(appeared, path.join('.')).toEqual([]);
  return expectOnlyDoubt(before, after, path.join('.'));
}

function valueAt(whole: Json, path: Path): Json | undefined {
  return aroundPath(whole, path)[path.at(-1) ?? ''];
}

const isFunction = (value: Json | undefined) =>
  isObject(value) && Object.keys(value).some((name) => name === 'Ref' || name.startsWith('Fn::'));

describe('a template of which something is not known', () => {
  test.each(foldersWith('template.yaml'))('of %s passes nothing for it', async (folder) => {
    const whole = await template(`../fixtures/parity/${folder}/template.yaml`);
    const before = await verdicts(whole);
    const paths = pathsIn(whole).filter((path) => path[0] === 'Resources' && path[2] === 'Properties');
    // Each property, and of what lies inside them so much that a run stays short.
    const inside = paths.filter((path) => path.length > 4 && path.length < 9);
    const step = Math.max(1, Math.floor(inside.length / 30));
    const chosen = [...paths.filter((path) => path.length <= 4), ...inside.filter((_, index) => index % step === 0)];
    for (const path of chosen) await expectDoubtAlone(whole, before, path);
  });

  test('in any of its functions passes nothing for it', async () => {
    const whole = await template('../fixtures/templates/everything.yaml');
    const before = await verdicts(whole);
    const functions = pathsIn(whole).filter(
      (path) => path.length > 1 && path[0] !== 'Parameters' && isFunction(valueAt(whole, path)),
    );
    expect(functions.length).toBeGreaterThan(30);
    let turned = 0;
    for (const path of functions) turned += await expectDoubtAlone(whole, before, path);
    expect(turned).toBeGreaterThan(0);
  });

  test('in the condition of any of its resources passes nothing for it', async () => {
    const whole = await template('../fixtures/templates/everything.yaml');
    const before = await verdicts(whole);
    const { Conditions, Resources } = structuredClone(whole) as Record<
      'Conditions' | 'Resources',
      Record<string, Json>
    >;
    const unsettled = { 'Fn::Equals': [{ Ref: 'NobodyKnows' }, 'x'] };
    for (const [id, resource] of Object.entries(Resources)) {
      if (id.startsWith('Fn::')) continue;
      const open = { ...(resource as object), Condition: 'Unsettled' };
      const copy = {
        ...whole,
        Conditions: { ...Conditions, Unsettled: unsettled },
        Resources: { ...Resources, [id]: open },
      };
      expectOnlyDoubt(before, await verdicts(copy), id);
    }
  });

  test.each([
    ['OfficeCidr', 1],
    ['AdminPorts', 1],
    ['Environment', 1],
    // A bucket's policy refers to the bucket, whatever its name is.
    ['LogsName', 0],
  ])('in its parameter %s passes nothing for it', async (name, least) => {
    const whole = await template('../fixtures/templates/everything.yaml');
    const before = await verdicts(whole);
    const copy = structuredClone(whole);
    delete aroundPath(copy, ['Parameters', name, 'Default']).Default;
    expect(expectOnlyDoubt(before, await verdicts(copy), name)).toBeGreaterThanOrEqual(least);
  });
});
