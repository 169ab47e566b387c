import type { Command } from './_command.ts';

export const command: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of a document, for editors and other tools',
  arguments: [{ name: '[name]', description: 'of the document; without it the names are listed', offers: [] }],
  examples: [
    ['proviso schema', 'list the documents'],
    ['proviso schema rule > rule.schema.json', 'let an editor complete and check rules'],
  ],
  async run(args, _options, io) {
    const { printSchema } = await import('./_schema.ts');
    return printSchema(args[0], io);
  },
};
