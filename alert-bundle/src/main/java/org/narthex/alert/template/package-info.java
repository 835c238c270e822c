/**
 * The Go template language (text/template) with Prometheus' functions, for labels and annotations of alerts.
 * Lexer, parser, syntax tree and evaluation know nothing of alerts; functions come in tables.
 */
package org.narthex.alert.template;
