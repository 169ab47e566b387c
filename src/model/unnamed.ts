/** Stands for an account and a region that a document does not name; no account of AWS has this number. */
export const unnamed = { account: '000000000000', region: 'unnamed' } as const;
