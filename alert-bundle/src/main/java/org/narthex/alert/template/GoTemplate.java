package org.narthex.alert.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A parsed template with those it defines. Immutable, thread-safe. */
final class GoTemplate {
    private final String name;
    private final String text;
    private final Map<String, List<Node>> templates;

    private GoTemplate(String name, String text, Map<String, List<Node>> templates) {
        this.name = name;
        this.text = text;
        this.templates = templates;
    }

    /** @param functions the names it may call besides the built-in ones */
    static GoTemplate parse(String name, String text, Set<String> functions) throws TemplateException {
        return new GoTemplate(
                name,
                text,
                new TemplateParser(name, text, word -> functions.contains(word) || Builtins.ALL.containsKey(word))
                        .parse());
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
        return new Evaluation(this, functions, missingKey).run(data);
    }

    String name() {
        return name;
    }

    boolean defines(String template) {
        return templates.containsKey(template);
    }

    List<Node> nodes(String template) {
        return templates.get(template);
    }

    /** {@code name:line:column} of an index in the text, the line counted from 1 and the column from 0, in bytes. */
    String place(int position) {
        String before = text.substring(0, position);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        String inLine = before.substring(before.lastIndexOf('\n') + 1);
        return name + ":" + line + ":" + inLine.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }
}
