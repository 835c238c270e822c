/**
 * Evaluates rule groups: recording rules write series, alerting rules raise alerts.
 * One {@code RuleGroupEvaluation} per group; {@code RuleEvaluation} schedules them and shows their state.
 */
package org.narthex.alert.rules;
