package org.narthex.alert.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;

/** A label or annotation of an alerting rule. Parsed once, expanded for each alert. Immutable, thread-safe. */
public final class AlertTemplate {
    /** Stands before every template, so that its variables are there; part of the text since messages count columns from here. */
    private static final String VARIABLES = "{{$labels := .Labels}}"
            + "{{$externalLabels := .ExternalLabels}}"
            + "{{$externalURL := .ExternalURL}}"
            + "{{$value := .Value}}";

    private final String name;
    private final String text;
    /** Null for plain text. */
    private final GoTemplate template;
    /** Why it cannot be parsed; null if it can. */
    private final TemplateException broken;

    /** Answers a query of a template. */
    @FunctionalInterface
    public interface Query {
        /** @throws Exception with a message that says why there is no answer */
        List<Sample> run(String expression) throws Exception;
    }

    /** What all templates of an evaluation share. Used by one thread at a time. */
    public static final class Scope {
        private final long timeMs;
        private final Labels externalLabels;
        private final String externalUrl;
        private final Query query;
        /** Made for the first template that is more than text. */
        private Map<String, Function> functions;

        /** @param timeMs the evaluation time, in milliseconds since the epoch */
        public Scope(long timeMs, Labels externalLabels, String externalUrl, Query query) {
            this.timeMs = timeMs;
            this.externalLabels = externalLabels;
            this.externalUrl = externalUrl;
            this.query = query;
        }

        private Map<String, Function> functions() {
            if (functions == null) {
                functions = GoTemplate.withBuiltins(PrometheusFunctions.bind(timeMs, externalUrl, this::answer));
            }
            return functions;
        }

        private List<Sample> answer(String expression) throws TemplateException {
            try {
                return query.run(expression);
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new TemplateException(e.getMessage());
            }
        }
    }

    /** @param alertName of the rule, for messages */
    public AlertTemplate(String alertName, String text) {
        this.name = "__alert_" + alertName;
        this.text = text;
        GoTemplate parsed = null;
        TemplateException error = null;
        if (text.contains("{{")) {
            try {
                parsed = GoTemplate.parse(name, VARIABLES + text, PrometheusFunctions.namesInRules());
            } catch (TemplateException e) {
                error = e;
            }
        }
        this.template = parsed;
        this.broken = error;
    }

    /** @throws TemplateException if the text is no template */
    public void check() throws TemplateException {
        if (broken != null) {
            throw broken;
        }
    }

    /**
     * @param metric the labels of the result
     * @param value a {@link Double} or a {@link org.narthex.api.model.Histogram}
     * @throws TemplateException if it is no template or cannot be executed; the message is meant for the rule's author
     */
    public String expand(Scope scope, Labels metric, Object value) throws TemplateException {
        if (broken != null) {
            throw new TemplateException("error parsing template " + name + ": " + broken.getMessage(), true);
        }
        if (template == null) {
            return text;
        }
        Map<String, Object> data = new HashMap<>();
        data.put("Labels", metric);
        data.put("ExternalLabels", scope.externalLabels);
        data.put("ExternalURL", scope.externalUrl);
        data.put("Value", value);
        try {
            return template.execute(data, scope.functions(), Evaluation.MissingKey.ZERO);
        } catch (TemplateException e) {
            throw new TemplateException("error executing template " + name + ": " + e.getMessage(), true);
        } catch (RuntimeException e) {
            throw new TemplateException("panic expanding template " + name + ": " + e, true);
        }
    }
}
