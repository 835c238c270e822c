import type { Target } from '../../api/types';
import { matchesText } from '../../components/matchesText';

export interface Pool {
  name: string;
  total: number;
  up: number;
  /** Those the filter lets through. */
  targets: Target[];
}

/** Targets by scrape pool, both sorted by name. Pools of which nothing passes the filter are left out. */
export function toPools(targets: Target[], health: string, text: string): Pool[] {
  const pools = new Map<string, Pool>();
  for (const target of targets) {
    const pool = pools.get(target.scrapePool) ?? { name: target.scrapePool, total: 0, up: 0, targets: [] };
    pools.set(target.scrapePool, pool);
    pool.total++;
    if (target.health === 'up') pool.up++;
    const wanted = health === '' || target.health === health;
    if (wanted && matchesText(text, target.labels, target.scrapeUrl, target.scrapePool, target.lastError)) {
      pool.targets.push(target);
    }
  }
  const shown = [...pools.values()].filter((pool) => pool.targets.length > 0);
  shown.sort((a, b) => a.name.localeCompare(b.name));
  shown.forEach((pool) => pool.targets.sort((a, b) => a.scrapeUrl.localeCompare(b.scrapeUrl)));
  return shown;
}
