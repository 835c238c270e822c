/** PromQL as text and as a tree: lexer, parser, type checks, printer. */
package org.narthex.promql.parser;
