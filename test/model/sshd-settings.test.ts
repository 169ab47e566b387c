import { expect, test } from 'vitest';
import { sshdSettings } from '../../src/model/sshd-settings.ts';

const before = [
  'port 22',
  'addressfamily any',
  'listenaddress [::]:22',
  'listenaddress 0.0.0.0:22',
  'usepam yes',
  'logingracetime 120',
];
const settings = ['permitrootlogin without-password', 'passwordauthentication no', 'kbdinteractiveauthentication no'];
const after = [
  'x11forwarding no',
  'banner none',
  'ciphers chacha20-poly1305@openssh.com,aes128-ctr',
  'subsystem sftp /usr/libexec/sftp-server',
];
const text = (...lines: readonly string[]) => `${lines.join('\n')}\n`;
const whole = text(...before, ...settings, ...after);
const expected = {
  PermitRootLogin: 'without-password',
  PasswordAuthentication: 'no',
  KbdInteractiveAuthentication: 'no',
};
const filler = (length: number) => `kexalgorithms ${'a'.repeat(length)}`;

test.each<[string, string]>([
  ['whole', whole],
  ['written on Windows', whole.replaceAll('\n', '\r\n')],
  ['without a newline at its end', whole.trimEnd()],
  ['followed by errors', `${whole}\n----------ERROR-------\npasswordauthentication yes\n`],
  ['cut after the settings', text(...before, ...settings, filler(3000)).slice(0, 2500)],
  ['marked as cut after the settings', `${text(...before, ...settings)}cipher\n---Output truncated---`],
])('an output of sshd -T that is %s holds the settings', (_, output) => {
  expect(sshdSettings(output)).toEqual(expected);
});

test.each<[string, string]>([
  ['empty', ''],
  ['a configuration file', 'Port 22\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin no\n'],
  [
    'a configuration file in small letters',
    'passwordauthentication no\nkbdinteractiveauthentication no\npermitrootlogin no\n',
  ],
  ['a search in it', text(...settings)],
  ['one with a comment', text('# sshd', ...before, ...settings)],
  ['one after other output', text('bastion.example.com', ...before, ...settings)],
  [
    'one with an error before it',
    text('/etc/ssh/sshd_config: line 3: Bad configuration option', ...before, ...settings),
  ],
  ['one that lacks a setting', text(...before, ...settings.slice(1), ...after)],
  ['one that lacks the value of a setting', text(...before, 'permitrootlogin', ...settings.slice(1))],
  [
    'one with a word that the server does not print',
    text(...before, ...settings.slice(0, 2), 'kbdinteractiveauthentication maybe'),
  ],
  ['one that says a setting twice', text(...before, ...settings, 'passwordauthentication yes')],
  ['cut before a setting', text(...before, filler(3000), ...settings).slice(0, 2500)],
  ['cut within a setting', text(...before, filler(2300), ...settings).slice(0, 2500)],
  [
    'marked as cut within a setting',
    `${text(...before, ...settings.slice(0, 2))}kbdinteractiveauthentication n\n---Output truncated---`,
  ],
  ['longer than Run Command ever gives', text(...before, filler(2600), ...settings)],
])('an output that is %s proves nothing', (_, output) => {
  expect(sshdSettings(output)).toBeUndefined();
});

test('cut anywhere, an output proves the same or nothing', () => {
  const long = text(...before, ...settings, filler(4000));
  for (let length = 0; length <= long.length; length += 1) {
    const found = sshdSettings(long.slice(0, length));
    const isWhole = found === undefined || JSON.stringify(found) === JSON.stringify(sshdSettings(whole));
    expect([length, isWhole]).toEqual([length, true]);
  }
});

test.each([
  ['challengeresponseauthentication yes', 'yes'],
  ['challengeresponseauthentication no', 'no'],
])('an older server that says %s is open to it: %s', (line, answer) => {
  expect(sshdSettings(text(...before, ...settings, line))?.KbdInteractiveAuthentication).toBe(answer);
});

test('a hostile output of a megabyte takes no time', () => {
  const begun = performance.now();
  for (const output of ['a'.repeat(1e6), 'port 22\n'.repeat(1e5), '\n'.repeat(1e6), ' '.repeat(1e6)]) {
    expect(sshdSettings(output)).toBeUndefined();
  }
  expect(performance.now() - begun).toBeLessThan(1000);
});
