package org.narthex.alert.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;

/** One execution of a template over its data. Walks the tree; the only state is the variables in scope and the output. */
final class Evaluation {
    /** A missing map entry prints as the zero of its type, unless the template was told to fail. */
    enum MissingKey {
        ZERO,
        ERROR
    }

    /** Deeper nesting of templates is endless recursion. */
    private static final int MAX_DEPTH = 1_000;

    /** How a list of nodes was left. */
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private static final class Slot {
        private final String name;
        private Object value;

        private Slot(String name, Object value) {
            this.name = name;
            this.value = value;
        }
    }

    private final GoTemplate template;
    private final Map<String, Function> functions;
    private final MissingKey missingKey;
    private final Output out;
    private List<Slot> variables = new ArrayList<>();
    private String executing;
    private GoTemplate.Body body;
    private int depth;
    /** The operand evaluated last: where Go says that a field of a pipeline's value failed. */
    private Node evaluated;

    Evaluation(GoTemplate template, Map<String, Function> functions, MissingKey missingKey, Output out) {
        this.template = template;
        this.functions = functions;
        this.missingKey = missingKey;
        this.out = out;
        this.executing = template.name();
        this.body = template.body(template.name());
    }

    String run(Object data) throws TemplateException {
        run(template.name(), data);
        return out.result();
    }

    private void run(String name, Object data) throws TemplateException {
        List<Slot> outer = variables;
        String outerName = executing;
        GoTemplate.Body outerBody = body;
        variables = new ArrayList<>();
        variables.add(new Slot("$", data));
        executing = name;
        body = template.body(name);
        walk(body.nodes(), data);
        body = outerBody;
        executing = outerName;
        variables = outer;
    }

    private Flow walk(List<Node> nodes, Object dot) throws TemplateException {
        for (Node node : nodes) {
            Flow flow = walk(node, dot);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow walk(Node node, Object dot) throws TemplateException {
        if (node instanceof Node.Text text) {
            write(node, () -> out.text(text.text()));
        } else if (node instanceof Node.Action action) {
            Object value = pipe(action.pipe(), dot);
            if (action.pipe().variables().isEmpty()) {
                write(node, () -> out.value(value));
            }
        } else if (node instanceof Node.If choice) {
            return inScope(() -> {
                boolean truth = Builtins.isTrue(pipe(choice.pipe(), dot));
                return walk(truth ? choice.then() : choice.otherwise(), dot);
            });
        } else if (node instanceof Node.With with) {
            return inScope(() -> {
                Object value = pipe(with.pipe(), dot);
                return Builtins.isTrue(value) ? walk(with.then(), value) : walk(with.otherwise(), dot);
            });
        } else if (node instanceof Node.Range range) {
            return inScope(() -> range(range, dot));
        } else if (node instanceof Node.Call call) {
            call(call, dot);
        } else if (node instanceof Node.Break) {
            return Flow.BREAK;
        } else if (node instanceof Node.Continue) {
            return Flow.CONTINUE;
        }
        return Flow.ON;
    }

    @FunctionalInterface
    private interface Step {
        Flow go() throws TemplateException;
    }

    /** Variables that the step declares are gone after it. */
    private Flow inScope(Step step) throws TemplateException {
        int mark = variables.size();
        Flow flow = step.go();
        variables.subList(mark, variables.size()).clear();
        return flow;
    }

    @FunctionalInterface
    private interface Writing {
        void go() throws TemplateException;
    }

    private void write(Node node, Writing writing) throws TemplateException {
        try {
            writing.go();
        } catch (TemplateException e) {
            throw error(node, e);
        }
    }

    private void call(Node.Call call, Object dot) throws TemplateException {
        if (!template.defines(call.template())) {
            throw error(call, new TemplateException("template " + GoFormat.quote(call.template()) + " not defined"));
        }
        Object data = call.pipe().isPresent() ? pipe(call.pipe().get(), dot) : null;
        if (++depth > MAX_DEPTH) {
            throw error(call, new TemplateException("exceeded maximum template depth (" + MAX_DEPTH + ")"));
        }
        run(call.template(), data);
        depth--;
    }

    private Flow range(Node.Range range, Object dot) throws TemplateException {
        Object over = pipe(range.pipe(), dot);
        List<Object> keys = new ArrayList<>();
        List<Object> elements = new ArrayList<>();
        if (over instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                keys.add((long) i);
                elements.add(list.get(i));
            }
        } else if (over instanceof Long count) {
            for (long i = 0; i < count; i++) {
                keys.add(i);
                elements.add(i);
            }
        } else if (over instanceof Map || over instanceof Labels) {
            TreeMap<String, Object> sorted = new TreeMap<>(Labels.UTF8_ORDER);
            (over instanceof Labels labels ? labels.toMap() : (Map<?, ?>) over)
                    .forEach((key, value) -> sorted.put(key.toString(), value));
            keys.addAll(sorted.keySet());
            elements.addAll(sorted.values());
        } else if (over != null) {
            throw error(range.pipe(), new TemplateException("range can't iterate over " + GoFormat.value(over)));
        }
        if (elements.isEmpty()) {
            return walk(range.otherwise(), dot);
        }
        List<String> names = range.pipe().variables();
        int mark = variables.size();
        for (int i = 0; i < elements.size(); i++) {
            if (names.size() == 1) {
                set(names.get(0), elements.get(i));
            } else if (names.size() == 2) {
                set(names.get(0), keys.get(i));
                set(names.get(1), elements.get(i));
            }
            Flow flow = walk(range.body(), elements.get(i));
            variables.subList(mark, variables.size()).clear();
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    private Object pipe(Node.Pipe pipe, Object dot) throws TemplateException {
        Object value = null;
        boolean first = true;
        for (Node.Command command : pipe.commands()) {
            value = command(command, dot, first ? List.of() : Collections.singletonList(value));
            first = false;
        }
        for (String name : pipe.variables()) {
            if (pipe.assigns()) {
                set(name, value);
            } else {
                variables.add(new Slot(name, value));
            }
        }
        return value;
    }

    /** @param piped the value of the command before, as the last argument; empty for the first command */
    private Object command(Node.Command command, Object dot, List<Object> piped) throws TemplateException {
        Node.Expression first = command.arguments().get(0);
        List<Node.Expression> rest =
                command.arguments().subList(1, command.arguments().size());
        if (first instanceof Node.Identifier identifier) {
            return function(identifier, command, rest, dot, piped);
        }
        if (first instanceof Node.Field field) {
            return chain(field, dot, field.names(), arguments(rest, dot, piped));
        }
        if (first instanceof Node.Chain chain) {
            Object of = expression(chain.of(), dot);
            return chain(evaluated, of, chain.fields(), arguments(rest, dot, piped));
        }
        if (first instanceof Node.Variable variable && !variable.fields().isEmpty()) {
            return chain(variable, get(variable.name()), variable.fields(), arguments(rest, dot, piped));
        }
        if (!rest.isEmpty() || !piped.isEmpty()) {
            throw error(first, new TemplateException("can't give argument to non-function " + first));
        }
        if (first instanceof Node.Nil) {
            throw error(first, new TemplateException("nil is not a command"));
        }
        return expression(first, dot);
    }

    private List<Object> arguments(List<Node.Expression> expressions, Object dot, List<Object> piped)
            throws TemplateException {
        List<Object> values = new ArrayList<>();
        for (Node.Expression expression : expressions) {
            values.add(expression(expression, dot));
        }
        values.addAll(piped);
        return values;
    }

    private Object expression(Node.Expression expression, Object dot) throws TemplateException {
        evaluated = expression;
        if (expression instanceof Node.Literal literal) {
            return literal.value();
        }
        if (expression instanceof Node.Dot) {
            return dot;
        }
        if (expression instanceof Node.Nil) {
            return null;
        }
        if (expression instanceof Node.Field field) {
            return chain(field, dot, field.names(), List.of());
        }
        if (expression instanceof Node.Variable variable) {
            return chain(variable, get(variable.name()), variable.fields(), List.of());
        }
        if (expression instanceof Node.Chain chain) {
            Object of = expression(chain.of(), dot);
            return chain(evaluated, of, chain.fields(), List.of());
        }
        if (expression instanceof Node.Pipe pipe) {
            return pipe(pipe, dot);
        }
        Node.Identifier identifier = (Node.Identifier) expression;
        return function(identifier, identifier, List.of(), dot, List.of());
    }

    private Object function(
            Node.Identifier identifier, Node where, List<Node.Expression> expressions, Object dot, List<Object> piped)
            throws TemplateException {
        String name = identifier.name();
        Function function = functions.get(name);
        int given = expressions.size() + piped.size();
        if (given < function.least() || (function.most() >= 0 && given > function.most())) {
            String want = function.least() == function.most() ? "" + function.least() : "at least " + function.least();
            throw error(
                    identifier,
                    new TemplateException("wrong number of args for " + name + ": want " + want + " got " + given));
        }
        if (name.equals("tmpl")) {
            return executed(arguments(expressions, dot, piped), identifier);
        }
        if (name.equals("and") || name.equals("or")) {
            Object value = null;
            for (int i = 0; i < given; i++) {
                value = i < expressions.size() ? expression(expressions.get(i), dot) : piped.get(0);
                if (Builtins.isTrue(value) == name.equals("or")) {
                    return value;
                }
            }
            return value;
        }
        List<Object> arguments = arguments(expressions, dot, piped);
        try {
            return function.code().call(arguments);
        } catch (TemplateException e) {
            throw e.isLocated()
                    ? e
                    : error(where, new TemplateException("error calling " + name + ": " + e.getMessage()));
        }
    }

    /** What a template of the set writes, the name of which is known only now. */
    private SafeText executed(List<Object> arguments, Node where) throws TemplateException {
        if (!(arguments.get(0) instanceof String name) || !template.defines(name)) {
            throw error(
                    where,
                    new TemplateException(
                            "error calling tmpl: template " + GoFormat.value(arguments.get(0)) + " not defined"));
        }
        if (depth + 1 > MAX_DEPTH) {
            throw error(where, new TemplateException("exceeded maximum template depth (" + MAX_DEPTH + ")"));
        }
        Evaluation inner = new Evaluation(template, functions, missingKey, out.anew());
        inner.depth = depth + 1;
        inner.run(name, arguments.get(1));
        return new SafeText(SafeText.Kind.HTML, inner.out.result());
    }

    /** Follows field after field; the arguments are for the last one. */
    private Object chain(Node where, Object of, List<String> fields, List<Object> arguments) throws TemplateException {
        Object value = of;
        for (int i = 0; i < fields.size(); i++) {
            boolean last = i == fields.size() - 1;
            try {
                value = field(value, fields.get(i), last ? arguments : List.of());
            } catch (TemplateException e) {
                throw error(where, e);
            }
        }
        return value;
    }

    private Object field(Object value, String name, List<Object> arguments) throws TemplateException {
        if (value instanceof Members members) {
            return members.member(name, arguments);
        }
        boolean isMap = value instanceof Labels || value instanceof Map;
        if (!arguments.isEmpty() && isMap) {
            throw new TemplateException(name + " is not a method but has arguments");
        }
        if (value instanceof Labels labels) {
            return labels.has(name) || missingKey == MissingKey.ZERO ? labels.get(name) : missing(name);
        }
        if (value instanceof Map<?, ?> map) {
            return map.containsKey(name) || missingKey == MissingKey.ZERO ? map.get(name) : missing(name);
        }
        if (value == null) {
            if (missingKey == MissingKey.ERROR) {
                throw new TemplateException("nil data; no entry for key " + GoFormat.quote(name));
            }
            return null;
        }
        throw Members.unknown(name, GoFormat.typeName(value));
    }

    private static Object missing(String name) throws TemplateException {
        throw new TemplateException("map has no entry for key " + GoFormat.quote(name));
    }

    private Object get(String name) {
        return slot(name).value;
    }

    private void set(String name, Object value) {
        slot(name).value = value;
    }

    private Slot slot(String name) {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name.equals(name)) {
                return variables.get(i);
            }
        }
        throw new IllegalStateException("the parser let an undefined variable pass: " + name);
    }

    private TemplateException error(Node node, TemplateException reason) {
        return new TemplateException(
                "template: " + body.place(node.position()) + ": executing " + GoFormat.quote(executing) + " at <" + node
                        + ">: " + reason.getMessage(),
                true);
    }
}
