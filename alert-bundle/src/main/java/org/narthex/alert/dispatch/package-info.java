/**
 * The Alertmanager in the box: routes alerts to groups, decides when a group is notified, and delivers notifications through channels.
 * {@code AlertDispatch} is the service; decisions are made by {@code Dispatcher}, which knows no threads; {@code AlertDatabase} keeps its state.
 */
package org.narthex.alert.dispatch;
