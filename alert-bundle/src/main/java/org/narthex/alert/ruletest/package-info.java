/**
 * Runs promtool's files of rule tests: {@code RuleTests} is what tools call, {@code RuleTestCase} one test, {@code SeriesValues} its notation of
 * samples.
 */
package org.narthex.alert.ruletest;
