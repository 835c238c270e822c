import type { AlertingRule, AlertState, RuleGroup } from '../../api/types';
import { matchesText } from '../../components/matchesText';

export interface AlertGroup extends Omit<RuleGroup, 'rules'> {
  rules: AlertingRule[];
}

const URGENCY: Record<AlertState, number> = { firing: 0, pending: 1, unknown: 2, inactive: 3 };

function alertingRules(group: RuleGroup): AlertingRule[] {
  return group.rules.filter((rule) => rule.type === 'alerting');
}

/** How many alerting rules are in each state. */
export function countStates(groups: RuleGroup[]): Record<AlertState, number> {
  const counts = { firing: 0, pending: 0, inactive: 0, unknown: 0 };
  for (const rule of groups.flatMap(alertingRules)) counts[rule.state]++;
  return counts;
}

/** Groups with the alerting rules in the state (any if empty) whose own or whose alerts' labels match the text. */
export function filterAlerts(groups: RuleGroup[], state: string, text: string): AlertGroup[] {
  return groups
    .map((group) => ({
      ...group,
      rules: alertingRules(group)
        .filter((rule) => state === '' || rule.state === state)
        .filter(
          (rule) =>
            matchesText(text, rule.labels ?? {}, rule.name, group.name) ||
            rule.alerts.some((alert) => matchesText(text, alert.labels, rule.name, group.name)),
        )
        .sort((a, b) => URGENCY[a.state] - URGENCY[b.state]),
    }))
    .filter((group) => group.rules.length > 0);
}
