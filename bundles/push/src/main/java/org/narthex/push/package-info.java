/** The Pushgateway's API: groups of metrics that jobs pushed, kept until they are replaced, deleted or too old, and exposed like an exporter's. */
package org.narthex.push;
