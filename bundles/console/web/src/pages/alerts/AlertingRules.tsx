import { Accordion, Group, Stack, Table, Text } from '@mantine/core';
import type { Alert, AlertingRule } from '../../api/types';
import { Ago } from '../../components/Ago';
import { LabelBadges } from '../../components/LabelBadges';
import { QueryLink } from '../../components/QueryLink';
import { StateBadge } from '../../components/StateBadge';
import { formatDuration } from '../../format/duration';
import { formatNumber, parseValue } from '../../format/number';

/** Rules with their active alerts; those that are active are open at first. */
export function AlertingRules({ rules }: { rules: AlertingRule[] }) {
  // A name may occur twice in a group; what the rule watches tells them apart.
  const key = (rule: AlertingRule) => `${rule.name} ${rule.query} ${JSON.stringify(rule.labels)}`;
  const active = rules.filter((rule) => rule.state === 'firing' || rule.state === 'pending');
  return (
    <Accordion multiple defaultValue={active.map(key)}>
      {rules.map((rule) => (
        <Accordion.Item key={key(rule)} value={key(rule)}>
          <Accordion.Control>
            <Group gap="sm">
              <StateBadge state={rule.state} count={rule.alerts.length || undefined} />
              <Text fw={500}>{rule.name}</Text>
              {rule.health === 'err' && <StateBadge state="err" />}
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <RuleFacts rule={rule} />
              {rule.alerts.length > 0 && <Alerts alerts={rule.alerts} />}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function RuleFacts({ rule }: { rule: AlertingRule }) {
  return (
    <>
      <QueryLink expr={rule.query} />
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          {rule.duration > 0 ? `for ${formatDuration(rule.duration * 1000)}` : 'fires at once'}
          {rule.keepFiringFor ? `, keeps firing for ${formatDuration(rule.keepFiringFor * 1000)}` : ''}
        </Text>
        <LabelBadges labels={rule.labels ?? {}} />
      </Group>
      {rule.lastError && (
        <Text size="sm" c="red" className="message" lineClamp={4} title={rule.lastError}>
          {rule.lastError}
        </Text>
      )}
    </>
  );
}

function Alerts({ alerts }: { alerts: Alert[] }) {
  return (
    <Table className="rows" verticalSpacing="xs" withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Labels</Table.Th>
          <Table.Th w={100}>State</Table.Th>
          <Table.Th w={130}>Active since</Table.Th>
          <Table.Th w={100}>Value</Table.Th>
          <Table.Th>Annotations</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {alerts.map((alert) => (
          <Table.Tr key={JSON.stringify(alert.labels)}>
            <Table.Td>
              <LabelBadges labels={alert.labels} hide={['alertname']} />
            </Table.Td>
            <Table.Td>
              <StateBadge state={alert.state} />
            </Table.Td>
            <Table.Td data-column="Active since">
              <Ago time={alert.activeAt} />
            </Table.Td>
            <Table.Td data-column="Value">{formatNumber(parseValue(alert.value))}</Table.Td>
            <Table.Td>
              {Object.entries(alert.annotations).map(([name, text]) => (
                <div key={name} className="annotation">
                  <span className="tok-dim">{name}:</span> <Linked text={text} />
                </div>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Text with its web addresses as links: annotations often name a runbook. */
function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)])/).map((part, i) =>
    i % 2 === 1 ? (
      <a key={i} className="plain" href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ) : (
      <span key={i}>{part}</span>
    ),
  );
}
