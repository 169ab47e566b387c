import type { DeclaredForm } from '../model/resource-type.ts';
import { unnamed } from '../model/unnamed.ts';
import { byCodeUnit } from '../model/value.ts';
import type { Declaration, PlacedBlock } from './_declared.ts';

/** The main blocks of a form, and which of their attributes names the account. */
interface AccountNaming {
  readonly main: readonly string[];
  readonly form: Pick<DeclaredForm, 'account'>;
}

/** The order in which a document lists things means nothing, but that what one address takes away goes before what it adds. */
function inOrder(blocks: readonly PlacedBlock[]): readonly PlacedBlock[] {
  return [...blocks].sort((a, b) => byCodeUnit(a.address, b.address));
}

/** Puts blocks in order, and tells each where it is to be, which may be another account than the one to which is deployed. */
export function locate(declaration: Declaration, forms: readonly AccountNaming[]): Declaration {
  const attributes = new Map(
    forms.flatMap(({ main, form }) => (form.account === undefined ? [] : main.map((type) => [type, form.account]))),
  );
  const { partition } = declaration;
  const located = (block: PlacedBlock): PlacedBlock => {
    const named = block.values[attributes.get(block.type) ?? ''];
    const account = typeof named === 'string' && /^[0-9]{12}$/.test(named) ? named : block.account;
    const { region } = block;
    const place = {
      partition,
      ...(account === unnamed.account ? {} : { account }),
      ...(region === unnamed.region ? {} : { region }),
    };
    return { ...block, account, place };
  };
  const { blocks, past } = declaration;
  return { ...declaration, blocks: inOrder(blocks).map(located), past: inOrder(past).map(located) };
}
