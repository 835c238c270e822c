package org.narthex.promql.parser;

/** A piece of the expression: byte offsets in its UTF-8 form, {@code end} exclusive. */
public record Span(int start, int end) {}
