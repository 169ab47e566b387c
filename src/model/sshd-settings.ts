import type { JsonObject } from './value.ts';

/** Run Command keeps this many characters of an output, and drops the rest. */
const cutAt = 2500;

/** What Run Command writes between a script's output and its errors, and in place of what it dropped. */
const endings = ['\n----------ERROR-------', '\n--output truncated--', '\n---Output truncated---'];

/** The words that the server prints for each setting; anything else is no whole output. */
const wanted = {
  passwordauthentication: { name: 'PasswordAuthentication', words: ['yes', 'no'] },
  kbdinteractiveauthentication: { name: 'KbdInteractiveAuthentication', words: ['yes', 'no'] },
  permitrootlogin: {
    name: 'PermitRootLogin',
    words: ['yes', 'no', 'without-password', 'prohibit-password', 'forced-commands-only'],
  },
} as const;

/**
 * Reads the effective settings out of the output of `sshd -T`: one keyword in small letters and its value on each line,
 * the port first. A configuration file looks different and proves nothing, because it may be overruled.
 *
 * @returns undefined unless the text is such an output and holds all three settings, each of them once
 */
export function sshdSettings(output: string): JsonObject | undefined {
  const lines = wholeLines(output);
  if (!lines.every((line) => /^[a-z][a-z0-9]{1,60}( |$)/.test(line))) return undefined;
  const pairs = lines.map((line) => {
    const space = line.indexOf(' ');
    return space < 0 ? { key: line, value: '' } : { key: line.slice(0, space), value: line.slice(space + 1).trim() };
  });
  const [first] = pairs;
  if (first?.key !== 'port' || !pairs.some(({ key }) => key === 'addressfamily' || key === 'listenaddress'))
    return undefined;
  const settings: Record<string, string> = {};
  for (const [keyword, { name, words }] of Object.entries(wanted)) {
    const [found, ...others] = pairs.filter(({ key }) => key === keyword);
    if (found === undefined || others.length > 0 || !words.some((word) => word === found.value)) return undefined;
    settings[name] = found.value;
  }
  // Older servers name the same way in by its former keyword, too; it is open when either of them opens it.
  const former = pairs.find(({ key }) => key === 'challengeresponseauthentication');
  if (former?.value === 'yes') settings.KbdInteractiveAuthentication = 'yes';
  return settings;
}

/** The lines of which nothing can be missing. The last one of a cut output may have lost its end. */
function wholeLines(output: string): readonly string[] {
  const ends = endings.map((ending) => output.indexOf(ending)).filter((end) => end >= 0);
  const text = output.slice(0, Math.min(cutAt, output.length, ...ends)).replaceAll('\r\n', '\n');
  const isCut = output.length >= cutAt || endings.slice(1).some((ending) => output.includes(ending));
  const lines = text.split('\n');
  if (isCut) lines.pop();
  return lines.filter((line) => line !== '');
}
