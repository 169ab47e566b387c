// Adds to package-lock.json the optional packages of other platforms that npm left out. npm does so when the registry at
// hand does not serve them, a mirror for one platform say, and `npm ci` then refuses its own lock file everywhere.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What a package is for, as its name says: `binding-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`${name}: its platform cannot be told by its name`);
  return { cpu, ...(words.includes('musl') ? { libc: ['musl'] } : {}), os };
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = new Map(Object.entries(lock.packages));

for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const found = packages.has(`node_modules/${name}`) || packages.has(`${path}/node_modules/${name}`);
    if (found) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}: ${version} is not one version`);
    const { cpu, libc, os } = platformOf(name);
    const entry = { version, cpu, ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os };
    packages.set(`node_modules/${name}`, entry);
    process.stdout.write(`added ${name} ${version}\n`);
  }
}

lock.packages = Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
