import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { printCompletion } from '../../src/commands/_completion.ts';
import { loadCommands } from '../../src/commands/index.ts';
import { quietIo } from '../scenarios/audited.ts';

async function scriptOf(shell: string): Promise<string> {
  let text = '';
  const write = async (portion: string) => {
    text += portion;
  };
  await printCompletion(shell, { ...quietIo(), commands: [...(await loadCommands()).values()], write });
  return text;
}

/** What a real bash offers at the end of a command line. */
async function offered(line: string): Promise<readonly string[]> {
  const words = line.split(' ');
  const asks = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _proviso`;
  const script = `${await scriptOf('bash')}\n${asks}\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout.split('\n').filter((word) => word !== '');
}

it.each<[string, readonly string[]]>([
  ['proviso au', ['audit']],
  ['proviso rules ', ['check', 'list', 'show', 'test']],
  ['proviso completion ', ['bash', 'fish', 'zsh']],
  ['proviso explain sg-no-public-s', ['sg-no-public-ssh']],
  ['proviso rules show iam-root-m', ['iam-root-mfa-enabled']],
  ['proviso audit --fail-on ', ['critical', 'high', 'medium', 'low', 'info', 'none']],
  ['proviso --quiet audit --on-unknown w', ['warn']],
  ['proviso audit --out runs/rules --on-u', ['--on-unknown']],
  ['proviso audit --out ', []],
  ['proviso waive ', []],
])('bash completes %j', async (line, words) => {
  expect(await offered(line)).toEqual(words);
});

it.each(['bash', 'fish', 'zsh'])('%s completes every command and every option', async (shell) => {
  const script = await scriptOf(shell);
  for (const [name, { options = [] }] of await loadCommands()) {
    expect(script).toContain(`'${name}'`);
    for (const { flags } of options) {
      const long = /--([a-z-]+)/.exec(flags)?.[1] ?? '';
      expect(script).toContain(shell === 'fish' ? `-l ${long}` : `--${long}`);
    }
  }
});

it('a shell that is not known is refused with the nearest name', async () => {
  await expect(printCompletion('bsh', quietIo())).rejects.toMatchObject({
    code: 'usage',
    hint: expect.stringContaining('bash'),
  });
});
