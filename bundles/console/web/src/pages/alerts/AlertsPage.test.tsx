import { beforeEach, describe, expect, it } from 'vitest';
import { fireEvent, render, screen } from '@testing-library/react';
import type { Alert, AlertingRule, RuleGroup } from '../../api/types';
import { Providers } from '../../Providers';
import { pretendServer } from '../../test-server';
import AlertsPage from './AlertsPage';

function rule(name: string, state: AlertingRule['state'], alerts: Alert[] = []): AlertingRule {
  return {
    type: 'alerting',
    name,
    state,
    alerts,
    query: 'up == 0',
    duration: 300,
    labels: { severity: 'page' },
    health: 'ok',
    evaluationTime: 0.001,
    lastEvaluation: new Date().toISOString(),
  };
}

const FIRING: Alert = {
  labels: { alertname: 'TargetDown', instance: 'web:80' },
  annotations: { summary: 'web:80 is down, see https://example.org/runbook.' },
  state: 'firing',
  activeAt: new Date(Date.now() - 240_000).toISOString(),
  value: '1.5e+00',
};

const GROUP: RuleGroup = {
  name: 'availability',
  file: 'rules.yml',
  interval: 60,
  evaluationTime: 0.002,
  lastEvaluation: new Date().toISOString(),
  rules: [rule('Quiet', 'inactive'), rule('Soon', 'pending', [{ ...FIRING, state: 'pending' }]), rule('TargetDown', 'firing', [FIRING])],
};

function open(address = '/alerts') {
  window.history.replaceState(null, '', address);
  return render(<AlertsPage />, { wrapper: Providers });
}

beforeEach(() => window.history.replaceState(null, '', '/'));

describe('the alerts page', () => {
  it('shows groups and rules, the urgent ones first', async () => {
    pretendServer({ rules: { groups: [GROUP] } });
    open();
    expect(await screen.findByText('availability')).toBeTruthy();
    const rules = screen.getAllByText(/^(Quiet|Soon|TargetDown)$/).map((element) => element.textContent);
    expect(rules).toEqual(['TargetDown', 'Soon', 'Quiet']);
  });

  it('shows labels, age, value and annotations of an alert', async () => {
    pretendServer({ rules: { groups: [{ ...GROUP, rules: [rule('TargetDown', 'firing', [FIRING])] }] } });
    open();
    expect(await screen.findByText('web:80')).toBeTruthy();
    expect(screen.getByText('firing (1)')).toBeTruthy();
    expect(screen.getByText('4 min ago')).toBeTruthy();
    expect(screen.getByText('1.5')).toBeTruthy();
    expect(screen.getByText('for 5m')).toBeTruthy();
    expect(screen.getByText('https://example.org/runbook').getAttribute('href')).toBe('https://example.org/runbook');
  });

  it('links the expression to the query page', async () => {
    pretendServer({ rules: { groups: [{ ...GROUP, rules: [rule('TargetDown', 'firing', [FIRING])] }] } });
    open();
    await screen.findByText('availability');
    const link = screen.getAllByRole('link').find((a) => a.textContent === 'up == 0');
    expect(link?.getAttribute('href')).toContain('/query?g0.expr=up+%3D%3D+0');
  });

  it('filters by state', async () => {
    pretendServer({ rules: { groups: [GROUP] } });
    open();
    fireEvent.click(await screen.findByText('Pending (1)'));
    expect(screen.queryByText('TargetDown')).toBeNull();
    expect(screen.getByText('Soon')).toBeTruthy();
    expect(window.location.search).toBe('?state=pending');
  });

  it('explains what to do when there are no rules', async () => {
    pretendServer({ rules: { groups: [] } });
    open();
    expect(await screen.findByText('No alerting rules yet')).toBeTruthy();
  });
});
