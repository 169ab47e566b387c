import { several } from '../finding/counts.ts';
import type { AccountSummary, Assessment, Population } from '../finding/finding.ts';
import { cut, pad, plain, width, wrap } from '../finding/plain-text.ts';
import type { Colours } from '../finding/reporter.ts';
import { columns } from './_blocks.ts';

const accountLimit = 20;

/** Sums over each type's resources once, however many rules looked at them. */
function sumOver({ rules }: Assessment, account: string, value: (population: Population) => number): number {
  const byType = new Map<string, number>();
  for (const { type, population } of rules) {
    if (type === 'account' || type === 'region') continue;
    const sum = population.filter((each) => each.account === account).reduce((total, each) => total + value(each), 0);
    byType.set(type, Math.max(sum, byType.get(type) ?? 0));
  }
  return [...byType.values()].reduce((sum, one) => sum + one, 0);
}

function seenOf({ id, unreachable, regionsIncomplete }: AccountSummary, assessment: Assessment): string {
  if (unreachable !== undefined) return `not seen: ${plain(unreachable.detail ?? unreachable.reason)}`;
  const own = assessment.regions.filter(({ account, status }) => account === id && status === 'enabled');
  const seen = own.filter(({ selected }) => selected).length;
  const resources = several(
    sumOver(assessment, id, ({ enumerated }) => enumerated),
    'resource',
  );
  const unreadable = sumOver(assessment, id, (each) => each.unreadable);
  return [
    `${resources} in ${seen === own.length ? '' : `${seen} of `}${several(own.length, 'region')}`,
    ...(unreadable === 0 ? [] : [`${unreadable} not readable as a whole`]),
    ...(regionsIncomplete === undefined ? [] : ['its regions could not be listed']),
  ].join(', ');
}

/** What was seen of each of several accounts, those of which nothing was seen first. */
export function accountLines(assessment: Assessment, colours: Colours): readonly string[] {
  const { accounts } = assessment;
  if (accounts.length < 2) return [];
  const sorted = [...accounts.filter((each) => each.unreachable), ...accounts.filter((each) => !each.unreachable)];
  const shown = sorted.slice(0, accountLimit);
  const label = ({ id, name }: AccountSummary) => `${id}${name === undefined ? '' : ` ${cut(plain(name), 24)}`}`;
  const labelWidth = Math.max(...shown.map((account) => width(label(account))));
  const lines = shown.flatMap((account) => {
    const [first = '', ...more] = wrap(seenOf(account, assessment), columns - labelWidth - 4);
    const start = `  ${pad(label(account), labelWidth)}  `;
    return [start + first, ...more.map((line) => ' '.repeat(labelWidth + 4) + line)];
  });
  const rest = accounts.length - shown.length;
  return [colours.bold('Accounts'), ...lines, ...(rest > 0 ? [`  and ${rest} more`] : []), ''];
}
