import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

interface Package {
  name: string;
  version: string;
  license?: string;
  folder: string;
}

/** Writes `licenses.txt`: name, version and licence of every package that has code in the bundle. */
export function licenses(): Plugin {
  return {
    name: 'narthex-licenses',
    apply: 'build',
    generateBundle(_options, bundle) {
      const packages = new Map<string, Package>();
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const [module, { renderedLength }] of Object.entries(file.modules)) {
          const found = renderedLength > 0 ? packageOf(module) : null;
          if (found !== null) packages.set(`${found.name}@${found.version}`, found);
        }
      }
      const texts = [...packages.entries()].sort(([a], [b]) => a.localeCompare(b)).map(([, found]) => describe(found));
      this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}

/** The package a module lies in; null for our own. A package.json without a name only marks a folder's module kind. */
function packageOf(module: string): Package | null {
  const path = module.replace(/^\0/, '').replace(/\?.*$/, '');
  if (!path.includes('/node_modules/')) return null;
  for (let folder = dirname(path); folder.includes('/node_modules/'); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<Package>;
    if (content.name && content.version) return { ...content, folder } as Package;
  }
  return null;
}

function describe({ name, version, license, folder }: Package): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version}, ${license ?? 'see below'}`, ...texts].join('\n\n') + '\n';
}
