/** Traces, exported by the OpenTelemetry protocol. {@link org.narthex.tracing.TracingService} is there while {@code prometheus.yml} asks for it. */
package org.narthex.tracing;
