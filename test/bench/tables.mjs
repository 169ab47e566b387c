/** A table as Markdown, or with its columns in line for a terminal. */
function table(head, rows, asMarkdown) {
  if (asMarkdown) return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const width = head.map((_, column) => Math.max(...[head, ...rows].map((row) => String(row[column]).length)));
  const line = (row) =>
    row
      .map((cell, column) => String(cell).padEnd(width[column]))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

function startUp({ rounds, empty, help, check }, asMarkdown) {
  const row = (name, { cpuMs, wallMs, ratio, goal }) => [
    name,
    cpuMs,
    wallMs,
    ratio,
    goal === undefined ? '' : `≤ ${goal}`,
  ];
  const rows = [
    row('an empty program', empty),
    row('proviso --help', help),
    row('proviso rules check, one file', check),
  ];
  const head = ['start', 'CPU ms', 'wall ms', '× empty', 'goal'];
  return `Start-up, medians of ${rounds} fresh processes each, in turns\n\n${table(head, rows, asMarkdown)}`;
}

function evaluation({ rounds, smallHeapMb, sizes }, asMarkdown) {
  const head = [
    'resources',
    'rules',
    'evaluations',
    'parse ms',
    'rules ms',
    'ns each',
    '× parse',
    'goal',
    'first round ms',
    'from disk ms',
  ];
  const rows = sizes.map((one) => [
    ...[one.resources, one.rules, one.evaluations, one.parseMs, one.rulesMs].map(thousands),
    thousands(one.nsPerEvaluation),
    one.ratio,
    `< ${one.goal}`,
    thousands(one.coldMs),
    thousands(one.judgeMs),
  ]);
  const auditHead = [
    'resources',
    'accounts',
    'audit --from, wall ms',
    'CPU ms',
    'peak memory MB',
    `in a heap of ${smallHeapMb} MB`,
  ];
  const audits = sizes.map(({ resources, accounts, audit }) =>
    [resources, accounts, audit.wallMs, audit.cpuMs, audit.rssMb, audit.smallHeapRssMb].map(thousands),
  );
  const mix = Object.entries(sizes.at(-1).mix).map(([type, count]) => [type, thousands(count)]);
  const outcomes = Object.entries(sizes.at(-1).outcomes).map(([name, count]) => `${thousands(count)} ${name}`);
  return [
    `All rules against JSON.parse of the same lines, CPU of one process, medians of ${rounds} rounds in turns once compiled`,
    table(head, rows, asMarkdown),
    table(auditHead, audits, asMarkdown),
    `The largest holds (${outcomes.join(', ')})`,
    table(['type', 'resources'], mix, asMarkdown),
  ].join('\n\n');
}

function collection(measured, asMarkdown) {
  const { rounds, latencyMs, concurrency, resources, requests, peak, goals } = measured;
  const head = ['what', 'measured', 'goal'];
  const rows = [
    ['calls', requests, ''],
    ['calls under way at most', peak, `≤ ${concurrency}`],
    ['floor: calls × latency ÷ at once, or the longest chain', `${measured.floorMs} ms`, ''],
    ['CPU of the whole audit', `${measured.cpuMs} ms`, ''],
    ['collection', `${measured.collectMs} ms`, ''],
    ['× floor', measured.overFloor, ''],
    ['whole audit, from start to end', `${measured.auditMs} ms`, `≤ ${goals.seconds * 1000} ms`],
  ];
  const title = `Live audit of a simulated account of ${thousands(resources)} resources at ${latencyMs} ms a call, medians of ${rounds}`;
  return `${title}\n\n${table(head, rows, asMarkdown)}`;
}

function gate({ rounds, goals, plans, template }, asMarkdown) {
  const head = ['resources', 'unchanged', 'MB', 'JSON.parse, CPU ms', 'reading, CPU ms', 'wall ms'];
  const wholeHead = ['proviso gate, wall ms', 'CPU ms', 'peak memory MB', 'goal at 10,000'];
  const goal = `< ${thousands(goals.seconds * 1000)} ms, ${goals.rssMb} MB`;
  const rows = plans.map((one) => [
    ...[one.resources, one.actions['no-op'] ?? 0, one.megabytes].map(thousands),
    ...[one.parseCpuMs, one.readCpuMs, one.readMs].map(thousands),
    ...[one.wallMs, one.cpuMs, one.rssMb].map(thousands),
    goal,
  ]);
  const largest = plans.findLast(({ isQuiet }) => !isQuiet);
  const mix = Object.entries(largest.types).map(([type, count]) => [type, thousands(count)]);
  const actions = Object.entries(largest.actions).map(([name, count]) => `${thousands(count)} ${name}`);
  const one = [['one template', template.cpuMs, template.wallMs, `< ${goals.templateMs} ms`]];
  return [
    `The gate on generated plans, fresh processes, medians of ${rounds}`,
    table([...head, ...wholeHead], rows, asMarkdown),
    table(['above an empty program', 'CPU ms', 'wall ms', 'goal'], one, asMarkdown),
    `The largest plan of changes has in modules (${actions.join(', ')})`,
    table(['type', 'resources'], mix, asMarkdown),
  ].join('\n\n');
}

function html(
  { rounds, results, findings, megabytes, writeRssMb, paintMs, readyMs, cpuMs, searchMs, nodes, goalMs },
  asMarkdown,
) {
  const rows = [
    ['first paint', `${paintMs} ms`, ''],
    ['list stands there, from the start', `${readyMs} ms`, `< ${goalMs} ms`],
    ['of it CPU of the page', `${cpuMs} ms`, ''],
    ['a search through all', `${searchMs} ms`, ''],
    ['elements of the page', thousands(nodes), ''],
    ['size of the file', `${megabytes} MB`, ''],
    ['peak memory of writing it', `${writeRssMb} MB`, ''],
  ];
  const title = `The HTML report of ${thousands(results)} results, ${thousands(findings)} of them findings, opened in Chromium, medians of ${rounds}`;
  return `${title}\n\n${table(['what', 'measured', 'goal'], rows, asMarkdown)}`;
}

const parts = { startUp, evaluation, collection, gate, html };

export function write(report, asMarkdown) {
  const { node, cpus, model, load } = report.machine;
  const machine = `Node ${node}, ${cpus} × ${model}, load ${load.join(' → ')} (the load of others makes all but ratios worse)`;
  const written = Object.entries(parts).flatMap(([name, part]) =>
    report[name] === undefined ? [] : [part(report[name], asMarkdown)],
  );
  return `${[machine, ...written].join('\n\n')}\n`;
}
