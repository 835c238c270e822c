package org.narthex.alert.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.narthex.alert.template.Token.Kind;

/** Builds the syntax trees of a template and of those it defines. */
final class TemplateParser {
    private final String name;
    private final List<Token> tokens;
    private final Predicate<String> functions;
    private final Map<String, List<Node>> templates = new HashMap<>();
    /** Variables in scope, innermost last; {@code $} is the data given to the template. */
    private List<String> variables = new ArrayList<>(List.of("$"));

    private int next;
    private int rangeDepth;

    /** How a list of nodes ended: by {@code end}, {@code else} or the end of the input. */
    private record Block(List<Node> nodes, Token end) {}

    TemplateParser(String name, String text, Predicate<String> functions) throws TemplateException {
        this.name = name;
        this.tokens = new TemplateLexer(name, text).tokens();
        this.functions = functions;
    }

    /** The trees by template name; the template itself goes by its own. */
    Map<String, List<Node>> parse() throws TemplateException {
        List<Node> top = new ArrayList<>();
        while (peek().kind() != Kind.EOF) {
            if (peek().kind() == Kind.LEFT_DELIM && isDefine()) {
                define();
                continue;
            }
            Node node = textOrAction();
            if (node == null) {
                throw unexpected(tokens.get(next - 1), "");
            }
            top.add(node);
        }
        add(name, top);
        return templates;
    }

    private boolean isDefine() {
        int at = next + 1;
        if (tokens.get(at).kind() == Kind.SPACE) {
            at++;
        }
        return tokens.get(at).text().equals("define");
    }

    private void define() throws TemplateException {
        next++;
        significant();
        String defined = templateName("define clause");
        expect(Kind.RIGHT_DELIM, "define clause");
        List<String> outer = variables;
        variables = new ArrayList<>(List.of("$"));
        Block body = block("define clause");
        variables = outer;
        if (!body.end().text().equals("end")) {
            throw unexpected(body.end(), "define clause");
        }
        expect(Kind.RIGHT_DELIM, "end");
        add(defined, body.nodes());
    }

    /** A template without content replaces none; two with content are a mistake. */
    private void add(String defined, List<Node> nodes) throws TemplateException {
        List<Node> before = templates.get(defined);
        if (before == null || isEmpty(before)) {
            templates.put(defined, nodes);
        } else if (!isEmpty(nodes)) {
            throw error("multiple definition of template " + GoFormat.quote(defined));
        }
    }

    /** Whether there is nothing but white space. */
    static boolean isEmpty(List<Node> nodes) {
        return nodes.stream()
                .allMatch(node -> node instanceof Node.Text text && text.text().isBlank());
    }

    /** The next node; null at {@code end} or {@code else}, which are consumed. */
    private Node textOrAction() throws TemplateException {
        Token token = take();
        if (token.kind() == Kind.TEXT) {
            return new Node.Text(token.position(), token.text());
        }
        Token first = peekSignificant();
        if (first.kind() == Kind.IDENTIFIER) {
            switch (first.text()) {
                case "end", "else" -> {
                    significant();
                    return null;
                }
                case "if", "with", "range" -> {
                    significant();
                    return control(first);
                }
                case "template", "block" -> {
                    significant();
                    return first.text().equals("block") ? blockClause(first) : call(first);
                }
                case "break", "continue" -> {
                    significant();
                    return jump(first);
                }
                case "define" -> throw unexpected(first, "command");
                default -> {
                    // A function.
                }
            }
        }
        return new Node.Action(first.position(), pipeline("command", Kind.RIGHT_DELIM));
    }

    private Node jump(Token word) throws TemplateException {
        if (rangeDepth == 0) {
            throw error("{{" + word.text() + "}} outside {{range}}");
        }
        expect(Kind.RIGHT_DELIM, word.text());
        return word.text().equals("break") ? new Node.Break(word.position()) : new Node.Continue(word.position());
    }

    private Node control(Token word) throws TemplateException {
        int scope = variables.size();
        boolean range = word.text().equals("range");
        Node.Pipe pipe = pipeline(word.text(), Kind.RIGHT_DELIM);
        rangeDepth += range ? 1 : 0;
        Block then = block(word.text());
        rangeDepth -= range ? 1 : 0;
        List<Node> otherwise = List.of();
        if (then.end().text().equals("else")) {
            Token after = peekSignificant();
            if (!range && after.text().equals(word.text())) {
                // {{else if}} is an if inside the else, both ended by the same end.
                significant();
                otherwise = List.of(control(after));
            } else {
                expect(Kind.RIGHT_DELIM, "else");
                Block rest = block(word.text());
                if (!rest.end().text().equals("end")) {
                    throw error("expected end; found {{else}}");
                }
                expect(Kind.RIGHT_DELIM, "end");
                otherwise = rest.nodes();
            }
        } else {
            expect(Kind.RIGHT_DELIM, "end");
        }
        variables = new ArrayList<>(variables.subList(0, scope));
        int at = word.position();
        return switch (word.text()) {
            case "if" -> new Node.If(at, pipe, then.nodes(), otherwise);
            case "with" -> new Node.With(at, pipe, then.nodes(), otherwise);
            default -> new Node.Range(at, pipe, then.nodes(), otherwise);
        };
    }

    private Block block(String context) throws TemplateException {
        List<Node> nodes = new ArrayList<>();
        while (peek().kind() != Kind.EOF) {
            Node node = textOrAction();
            if (node == null) {
                return new Block(nodes, tokens.get(next - 1));
            }
            nodes.add(node);
        }
        throw unexpected(peek(), context);
    }

    private Node call(Token word) throws TemplateException {
        String called = templateName("template clause");
        if (peekSignificant().kind() == Kind.RIGHT_DELIM) {
            significant();
            return new Node.Call(word.position(), called, Optional.empty());
        }
        return new Node.Call(word.position(), called, Optional.of(pipeline("template clause", Kind.RIGHT_DELIM)));
    }

    private Node blockClause(Token word) throws TemplateException {
        String defined = templateName("block clause");
        Node.Pipe pipe = pipeline("block clause", Kind.RIGHT_DELIM);
        List<String> outer = variables;
        variables = new ArrayList<>(List.of("$"));
        Block body = block("block clause");
        variables = outer;
        if (!body.end().text().equals("end")) {
            throw unexpected(body.end(), "block clause");
        }
        expect(Kind.RIGHT_DELIM, "end");
        add(defined, body.nodes());
        return new Node.Call(word.position(), defined, Optional.of(pipe));
    }

    private String templateName(String context) throws TemplateException {
        Token token = significant();
        if (token.kind() != Kind.STRING && token.kind() != Kind.RAW_STRING) {
            throw unexpected(token, context);
        }
        return string(token);
    }

    private Node.Pipe pipeline(String context, Kind end) throws TemplateException {
        int position = peekSignificant().position();
        List<String> declared = new ArrayList<>();
        boolean assigns = false;
        int mark = next;
        if (significant().kind() == Kind.VARIABLE) {
            next = mark;
            Optional<Boolean> found = declarations(context, declared);
            assigns = found.orElse(false);
            if (found.isEmpty()) {
                declared.clear();
                next = mark;
            }
        } else {
            next = mark;
        }
        List<Node.Command> commands = new ArrayList<>();
        while (true) {
            Token token = peekSignificant();
            if (token.kind() == end) {
                significant();
                checkPipeline(context, commands);
                // Declared only now: the right side sees the outer variable of the name.
                if (!assigns) {
                    variables.addAll(declared);
                }
                return new Node.Pipe(position, declared, assigns, commands);
            }
            if (token.kind() == Kind.RIGHT_DELIM || token.kind() == Kind.RIGHT_PAREN || token.kind() == Kind.PIPE) {
                throw unexpected(token, context);
            }
            commands.add(command(context, end));
        }
    }

    /** Reads {@code $a :=}, {@code $a, $b :=} or {@code $a =}; true if it assigns, empty if it is none of them. */
    private Optional<Boolean> declarations(String context, List<String> declared) throws TemplateException {
        declared.add(significant().text());
        Token token = significant();
        if (token.text().equals(",") && context.equals("range")) {
            Token second = significant();
            if (second.kind() != Kind.VARIABLE) {
                throw error("range can only initialize variables");
            }
            declared.add(second.text());
            token = significant();
        }
        if (token.text().equals(",")) {
            throw error("too many declarations in " + context);
        }
        if (token.kind() == Kind.ASSIGN) {
            for (String variable : declared) {
                known(variable);
            }
            return Optional.of(true);
        }
        return token.kind() == Kind.DECLARE ? Optional.of(false) : Optional.empty();
    }

    private void checkPipeline(String context, List<Node.Command> commands) throws TemplateException {
        if (commands.isEmpty()) {
            throw error("missing value for " + context);
        }
        for (int i = 1; i < commands.size(); i++) {
            Node.Expression first = commands.get(i).arguments().get(0);
            if (first instanceof Node.Literal || first instanceof Node.Dot || first instanceof Node.Nil) {
                throw error("non executable command in pipeline stage " + (i + 1));
            }
        }
    }

    private Node.Command command(String context, Kind end) throws TemplateException {
        int position = peekSignificant().position();
        List<Node.Expression> arguments = new ArrayList<>();
        while (true) {
            skipSpace();
            operand().ifPresent(arguments::add);
            Token token = take();
            if (token.kind() == Kind.SPACE) {
                continue;
            }
            if (token.kind() == Kind.PIPE) {
                if (peekSignificant().kind() == end) {
                    throw error("missing value for " + context);
                }
            } else if (token.kind() == Kind.RIGHT_DELIM || token.kind() == Kind.RIGHT_PAREN) {
                next--;
            } else {
                throw unexpected(token, "operand");
            }
            if (arguments.isEmpty()) {
                throw error("empty command");
            }
            return new Node.Command(position, arguments);
        }
    }

    private Optional<Node.Expression> operand() throws TemplateException {
        Optional<Node.Expression> term = term();
        if (term.isEmpty() || peek().kind() != Kind.FIELD) {
            return term;
        }
        int position = peek().position();
        List<String> fields = new ArrayList<>();
        while (peek().kind() == Kind.FIELD) {
            fields.add(take().text().substring(1));
        }
        Node.Expression of = term.get();
        if (of instanceof Node.Field field) {
            List<String> names = new ArrayList<>(field.names());
            names.addAll(fields);
            return Optional.of(new Node.Field(field.position(), names));
        }
        if (of instanceof Node.Variable variable) {
            return Optional.of(new Node.Variable(variable.position(), variable.name(), fields));
        }
        if (of instanceof Node.Literal || of instanceof Node.Nil || of instanceof Node.Dot) {
            throw error("unexpected . after term " + GoFormat.quote(of.toString()));
        }
        return Optional.of(new Node.Chain(position, of, fields));
    }

    private Optional<Node.Expression> term() throws TemplateException {
        Token token = peek();
        int at = token.position();
        switch (token.kind()) {
            case IDENTIFIER -> {
                next++;
                return Optional.of(word(token));
            }
            case DOT -> {
                next++;
                return Optional.of(new Node.Dot(at));
            }
            case VARIABLE -> {
                next++;
                known(token.text());
                return Optional.of(new Node.Variable(at, token.text(), List.of()));
            }
            case FIELD -> {
                next++;
                return Optional.of(new Node.Field(at, List.of(token.text().substring(1))));
            }
            case NUMBER -> {
                next++;
                return Optional.of(new Node.Literal(at, GoNumber.parse(token.text()), token.text()));
            }
            case CHARACTER -> {
                next++;
                return Optional.of(new Node.Literal(at, (long) string(token).codePointAt(0), token.text()));
            }
            case STRING, RAW_STRING -> {
                next++;
                return Optional.of(new Node.Literal(at, string(token), token.text()));
            }
            case LEFT_PAREN -> {
                next++;
                return Optional.of(pipeline("parenthesized pipeline", Kind.RIGHT_PAREN));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private Node.Expression word(Token token) throws TemplateException {
        switch (token.text()) {
            case "true" -> {
                return new Node.Literal(token.position(), true, "true");
            }
            case "false" -> {
                return new Node.Literal(token.position(), false, "false");
            }
            case "nil" -> {
                return new Node.Nil(token.position());
            }
            default -> {
                if (Keywords.isKeyword(token.text())) {
                    throw unexpected(token, "operand");
                }
                if (!functions.test(token.text())) {
                    throw error("function " + GoFormat.quote(token.text()) + " not defined");
                }
                return new Node.Identifier(token.position(), token.text());
            }
        }
    }

    private void known(String variable) throws TemplateException {
        if (!variables.contains(variable)) {
            throw error("undefined variable " + GoFormat.quote(variable));
        }
    }

    private String string(Token token) throws TemplateException {
        String body = token.text().substring(1, token.text().length() - 1);
        return token.kind() == Kind.RAW_STRING
                ? body
                : GoFormat.unquote(body).orElseThrow(() -> error("invalid syntax"));
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        return tokens.get(next++);
    }

    private void skipSpace() {
        if (peek().kind() == Kind.SPACE) {
            next++;
        }
    }

    private Token peekSignificant() {
        return peek().kind() == Kind.SPACE ? tokens.get(next + 1) : peek();
    }

    private Token significant() {
        skipSpace();
        return take();
    }

    private void expect(Kind kind, String context) throws TemplateException {
        Token token = significant();
        if (token.kind() != kind) {
            throw unexpected(token, context);
        }
    }

    private TemplateException unexpected(Token token, String context) {
        return error("unexpected " + token + (context.isEmpty() ? "" : " in " + context));
    }

    private TemplateException error(String what) {
        int at = Math.min(next, tokens.size() - 1);
        return new TemplateException("template: " + name + ":" + tokens.get(at).line() + ": " + what, true);
    }
}
