import { expect, it } from 'vitest';
import { explain } from '../../src/commands/_explain.ts';
import { loadRules } from '../../src/commands/_rules.ts';
import { sentence } from '../../src/rule/sentence.ts';
import { quietIo } from '../scenarios/audited.ts';

it('what must hold is broken between words, whole, and fits a terminal', async () => {
  const rules = await loadRules([], process.cwd());
  for (const rule of rules) {
    let page = '';
    const io = {
      ...quietIo(),
      write: async (text: string) => {
        page += text;
      },
    };
    expect(await explain(rule.id, {}, io)).toBe(0);
    const lines = page.split('\nWhat must hold\n')[1]?.split('\n\n')[0]?.split('\n') ?? [];
    expect(lines.map((line) => line.trim()).join(' ')).toBe(sentence(rule));
    const broad = lines.filter((line) => line.length > 78 && line.trim().includes(' '));
    expect(broad).toEqual([]);
  }
});
