import { Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rules as fetchRules } from '../../api/client';
import { EmptyState } from '../../components/EmptyState';
import { FilterBar } from '../../components/FilterBar';
import { GroupCard } from '../../components/GroupCard';
import { ErrorNotice } from '../../components/Notices';
import { useSearchParam } from '../../router';
import { AlertingRules } from './AlertingRules';
import { countStates, filterAlerts, type AlertGroup } from './filterAlerts';

const REFRESH_MS = 5000;

export default function AlertsPage() {
  const [state, setState] = useSearchParam('state');
  const [text, setText] = useSearchParam('search');
  const { data, error } = useQuery({
    queryKey: ['rules', 'alert'],
    queryFn: ({ signal }) => fetchRules('alert', signal),
    refetchInterval: REFRESH_MS,
  });
  const groups = data?.data.groups ?? [];
  const counts = countStates(groups);

  return (
    <>
      <FilterBar
        text={text}
        onText={setText}
        placeholder="Filter by name or label"
        choiceLabel="State"
        choice={state}
        onChoice={setState}
        choices={[
          { value: '', label: 'All' },
          { value: 'firing', label: `Firing (${counts.firing})` },
          { value: 'pending', label: `Pending (${counts.pending})` },
          { value: 'inactive', label: `Inactive (${counts.inactive})` },
          ...(counts.unknown > 0 ? [{ value: 'unknown', label: `Unknown (${counts.unknown})` }] : []),
        ]}
      />
      <Stack gap="md">
        {error && <ErrorNotice error={error} />}
        {data ? (
          <Groups groups={filterAlerts(groups, state, text)} any={groups.some((group) => group.rules.length > 0)} />
        ) : (
          !error && <Loader />
        )}
      </Stack>
    </>
  );
}

function Groups({ groups, any }: { groups: AlertGroup[]; any: boolean }) {
  if (!any) return <NoRules />;
  if (groups.length === 0) return <Text c="dimmed">No alerting rule passes the filter.</Text>;
  return groups.map((group) => (
    <GroupCard key={`${group.file} ${group.name}`} group={group}>
      <AlertingRules rules={group.rules} />
    </GroupCard>
  ));
}

const EXAMPLE = `groups:
  - name: availability
    rules:
      - alert: TargetDown
        expr: up == 0
        for: 5m
        labels:
          severity: page
        annotations:
          summary: '{{ $labels.instance }} is down'`;

function NoRules() {
  return (
    <EmptyState title="No alerting rules yet">
      <Text>
        An alerting rule watches a PromQL expression and fires when it holds for long enough. Write a rule file, name it under{' '}
        <code>rule_files</code> in <code>prometheus.yml</code>, and reload the configuration. For example:
      </Text>
      <pre className="expression">{EXAMPLE}</pre>
    </EmptyState>
  );
}
