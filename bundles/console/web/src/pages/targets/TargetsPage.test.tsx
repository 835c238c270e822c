import { beforeEach, describe, expect, it } from 'vitest';
import { fireEvent, render, screen } from '@testing-library/react';
import type { Target } from '../../api/types';
import { Providers } from '../../Providers';
import { failure, pretendServer } from '../../test-server';
import TargetsPage from './TargetsPage';

function target(pool: string, instance: string, more: Partial<Target> = {}): Target {
  return {
    discoveredLabels: {},
    labels: { job: pool, instance },
    scrapePool: pool,
    scrapeUrl: `http://${instance}/metrics`,
    globalUrl: `http://${instance}/metrics`,
    lastError: '',
    lastScrape: new Date(Date.now() - 12_000).toISOString(),
    lastScrapeDuration: 0.0042,
    health: 'up',
    scrapeInterval: '15s',
    scrapeTimeout: '10s',
    ...more,
  };
}

const TARGETS = {
  activeTargets: [
    target('web', 'b:80', { health: 'down', lastError: 'connection refused' }),
    target('web', 'a:80'),
    target('jvm', 'narthex', { scrapeUrl: 'exporter:jvm', globalUrl: 'exporter:jvm' }),
  ],
  droppedTargetCounts: { web: 3 },
};

function open(address = '/targets') {
  window.history.replaceState(null, '', address);
  return render(<TargetsPage />, { wrapper: Providers });
}

beforeEach(() => window.history.replaceState(null, '', '/'));

describe('the targets page', () => {
  it('groups targets by pool and counts those that are up', async () => {
    pretendServer({ targets: TARGETS });
    open();
    const pools = await screen.findAllByText(/of \d up/);
    expect(pools.map((pool) => pool.textContent)).toEqual(['1 of 1 up', '1 of 2 up']);
    expect(screen.getByText('3 dropped by relabelling')).toBeTruthy();
  });

  it('shows error, age and duration of the last scrape', async () => {
    pretendServer({ targets: TARGETS });
    open();
    expect(await screen.findByText('connection refused')).toBeTruthy();
    expect(screen.getAllByText(/^1[1-5] s ago$/).length).toBe(3);
    expect(screen.getAllByText('4.2 ms').length).toBe(3);
  });

  it('links to targets a browser can open, and to no others', async () => {
    pretendServer({ targets: TARGETS });
    open();
    expect((await screen.findByText('http://a:80/metrics')).getAttribute('href')).toBe('http://a:80/metrics');
    expect(screen.getByText('exporter:jvm').tagName).toBe('SPAN');
  });

  it('filters by health and text, and keeps the filter in the address', async () => {
    pretendServer({ targets: TARGETS });
    open();
    fireEvent.click(await screen.findByText('Down (1)'));
    expect(screen.queryByText('http://a:80/metrics')).toBeNull();
    expect(screen.getByText('http://b:80/metrics')).toBeTruthy();
    expect(window.location.search).toBe('?health=down');
    fireEvent.change(screen.getByLabelText('Filter'), { target: { value: 'job=jvm' } });
    expect(screen.getByText('No target passes the filter.')).toBeTruthy();
  });

  it('explains what to do when nothing is scraped', async () => {
    pretendServer({ targets: { activeTargets: [] } });
    open();
    expect(await screen.findByText('Nothing is scraped yet')).toBeTruthy();
  });

  it('shows an error of the server', async () => {
    pretendServer({ targets: () => failure(422, 'execution', 'unavailable with Prometheus Agent') });
    open();
    expect((await screen.findByRole('alert')).textContent).toContain('unavailable with Prometheus Agent');
  });
});
