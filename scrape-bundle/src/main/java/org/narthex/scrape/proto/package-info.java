/** The protobuf format of expositions: length-delimited {@code io.prometheus.client.MetricFamily} messages. Read by hand, since a page is read often. */
package org.narthex.scrape.proto;
