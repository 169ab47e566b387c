import type { SimulatedAccount } from './account.ts';
import account from './demo-account.generated.json' with { type: 'json' };

/** The demo account, and the instant at which it is looked at. */
export const demoAccount: SimulatedAccount & { readonly now: string } = account;
