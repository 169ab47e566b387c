/** What documents name as the program that wrote them. */
export const tool = { name: 'proviso', version: '0.1.0' } as const;
