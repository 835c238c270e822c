package org.narthex.alert.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A parsed template with those it defines or was given. Immutable, thread-safe. */
final class GoTemplate {
    /**
     * A template of a set.
     *
     * @param source the name of the text it stands in, for messages
     * @param text the whole of it, which the nodes' positions refer to
     */
    record Body(String source, String text, List<Node> nodes) {
        /** {@code source:line:column} of an index in the text, the line counted from 1 and the column from 0, in bytes. */
        String place(int position) {
            String before = text.substring(0, position);
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            String inLine = before.substring(before.lastIndexOf('\n') + 1);
            return source + ":" + line + ":" + inLine.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        }
    }

    private final String name;
    private final Map<String, Body> bodies;

    private GoTemplate(String name, Map<String, Body> bodies) {
        this.name = name;
        this.bodies = bodies;
    }

    /** @param functions the names it may call besides the built-in ones */
    static GoTemplate parse(String name, String text, Set<String> functions) throws TemplateException {
        return new GoTemplate(name, Map.of()).with(name, text, functions);
    }

    /** One that executes the text, which may call the templates of this one; its definitions take precedence. */
    GoTemplate with(String newName, String text, Set<String> functions) throws TemplateException {
        Predicate<String> known = word -> functions.contains(word) || Builtins.ALL.containsKey(word);
        Map<String, Body> all = new HashMap<>(bodies);
        for (Map.Entry<String, List<Node>> parsed :
                new TemplateParser(newName, text, known).parse().entrySet()) {
            Body earlier = all.get(parsed.getKey());
            if (earlier == null
                    || !TemplateParser.isEmpty(parsed.getValue())
                    || parsed.getKey().equals(newName)) {
                all.put(parsed.getKey(), new Body(newName, text, parsed.getValue()));
            }
        }
        return new GoTemplate(newName, all);
    }

    /** These functions and the built-in ones. */
    static Map<String, Function> withBuiltins(Map<String, Function> functions) {
        Map<String, Function> all = new HashMap<>(Builtins.ALL);
        all.putAll(functions);
        return all;
    }

    /** @param functions code for all names it may call, the built-in ones included */
    String execute(Object data, Map<String, Function> functions, Evaluation.MissingKey missingKey)
            throws TemplateException {
        return new Evaluation(this, functions, missingKey, new Output.Plain()).run(data);
    }

    /** The same, with what actions print escaped as their place in the HTML text needs it. */
    String executeHtml(Object data, Map<String, Function> functions, Evaluation.MissingKey missingKey)
            throws TemplateException {
        return new Evaluation(this, functions, missingKey, new HtmlOutput()).run(data);
    }

    String name() {
        return name;
    }

    boolean defines(String template) {
        return bodies.containsKey(template);
    }

    Body body(String template) {
        return bodies.get(template);
    }
}
