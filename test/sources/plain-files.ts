/** Files that confirm of each attribute that it is one plain reference, and of no list that it is whole. */
export const plainFiles = {
  isReference: () => true,
  isListOfReferences: () => false,
  keyedReference: () => undefined,
} as const;
