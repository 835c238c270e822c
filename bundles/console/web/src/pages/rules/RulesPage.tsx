import { Loader, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rules as fetchRules } from '../../api/client';
import type { Rule, RuleGroup } from '../../api/types';
import { Ago } from '../../components/Ago';
import { EmptyState } from '../../components/EmptyState';
import { FilterBar } from '../../components/FilterBar';
import { GroupCard } from '../../components/GroupCard';
import { LabelBadges } from '../../components/LabelBadges';
import { matchesText } from '../../components/matchesText';
import { ErrorNotice } from '../../components/Notices';
import { QueryLink } from '../../components/QueryLink';
import { StateBadge } from '../../components/StateBadge';
import { formatElapsed } from '../../format/duration';
import { useSearchParam } from '../../router';

const REFRESH_MS = 10_000;

export default function RulesPage() {
  const [health, setHealth] = useSearchParam('health');
  const [text, setText] = useSearchParam('search');
  const { data, error } = useQuery({
    queryKey: ['rules', 'all'],
    queryFn: ({ signal }) => fetchRules('all', signal),
    refetchInterval: REFRESH_MS,
  });
  const groups = data?.data.groups ?? [];
  const shown = groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => wanted(group, rule, health, text)) }))
    .filter((group) => group.rules.length > 0);

  return (
    <>
      <FilterBar
        text={text}
        onText={setText}
        placeholder="Filter by name, label or expression"
        choiceLabel="Health"
        choice={health}
        onChoice={setHealth}
        choices={[
          { value: '', label: 'All' },
          { value: 'ok', label: 'Ok' },
          { value: 'err', label: 'Failing' },
          { value: 'unknown', label: 'Unknown' },
        ]}
      />
      <Stack gap="md">
        {error && <ErrorNotice error={error} />}
        {!data && !error && <Loader />}
        {data && groups.length === 0 && (
          <EmptyState title="No rules yet">
            <Text>
              Recording rules store the result of an expression as new series, alerting rules fire alerts. Write a rule file,
              name it under <code>rule_files</code> in <code>prometheus.yml</code>, and reload the configuration.
            </Text>
          </EmptyState>
        )}
        {groups.length > 0 && shown.length === 0 && <Text c="dimmed">No rule passes the filter.</Text>}
        {shown.map((group) => (
          <GroupCard key={`${group.file} ${group.name}`} group={group}>
            <RuleTable rules={group.rules} />
          </GroupCard>
        ))}
      </Stack>
    </>
  );
}

function wanted(group: RuleGroup, rule: Rule, health: string, text: string): boolean {
  return (health === '' || rule.health === health) && matchesText(text, rule.labels ?? {}, rule.name, rule.query, group.name);
}

function RuleTable({ rules }: { rules: Rule[] }) {
  return (
    <Table className="rows" verticalSpacing="xs" horizontalSpacing="md">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="26%">Rule</Table.Th>
          <Table.Th>Expression</Table.Th>
          <Table.Th w={90}>Health</Table.Th>
          <Table.Th w={110}>Last run</Table.Th>
          <Table.Th w={100}>Took</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rules.map((rule, i) => (
          <Table.Tr key={i}>
            <Table.Td>
              <Text size="sm" fw={500} className="message">
                {rule.name}
              </Text>
              <Text size="xs" c="dimmed">
                {rule.type}
              </Text>
              <LabelBadges labels={rule.labels ?? {}} />
            </Table.Td>
            <Table.Td>
              <QueryLink expr={rule.query} />
              {rule.lastError && (
                <Text size="sm" c="red" className="message" mt={4} lineClamp={4} title={rule.lastError}>
                  {rule.lastError}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <StateBadge state={rule.health} />
            </Table.Td>
            <Table.Td data-column="Last run">
              <Ago time={rule.lastEvaluation} />
            </Table.Td>
            <Table.Td data-column="Took">{formatElapsed(rule.evaluationTime)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
