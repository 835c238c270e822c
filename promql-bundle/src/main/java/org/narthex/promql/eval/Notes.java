package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Span;

/** Warnings and infos of one query, each text once, with the position they are about. Thread-safe; its monitor guards both sets. */
public final class Notes {
    private final String expression;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> infos = new LinkedHashSet<>();

    public Notes(String expression) {
        this.expression = expression;
    }

    public void warn(String text, Span span) {
        String full = "PromQL warning: " + text + " (" + ParseException.location(expression, span.start()) + ")";
        synchronized (this) {
            warnings.add(full);
        }
    }

    public void info(String text, Span span) {
        String full = "PromQL info: " + text + " (" + ParseException.location(expression, span.start()) + ")";
        synchronized (this) {
            infos.add(full);
        }
    }

    public synchronized List<String> warnings() {
        return new ArrayList<>(warnings);
    }

    public synchronized List<String> infos() {
        return new ArrayList<>(infos);
    }
}
