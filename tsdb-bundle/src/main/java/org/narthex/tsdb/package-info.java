/**
 * The storage engine on disk, in Prometheus' own format: the service, its data folder and what keeps both in order. Private.
 */
package org.narthex.tsdb;
