package org.narthex.rest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.narthex.api.model.Matcher;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryTree;

/** A parsed expression with the keys of upstream's {@code web/api/v1/translate_ast.go}, sorted as Go sorts them. */
record TreeAnswer(QueryTree tree) implements StreamedAnswer {
    @Override
    public void write(JsonBytes json) throws IOException {
        json.ascii("{\"status\":\"success\",\"data\":");
        new Writer(json).node(tree);
        json.ascii('}');
    }

    private static final class Writer {
        private final JsonBytes json;
        /** Whether the object that is being written has a key already. */
        private boolean hasKey;

        Writer(JsonBytes json) {
            this.json = json;
        }

        /** Long chains of operators lean to the left: that side is gone down by a loop, not by recursion. */
        void node(QueryTree node) throws IOException {
            Deque<QueryTree.Binary> chain = new ArrayDeque<>();
            QueryTree left = node;
            while (left instanceof QueryTree.Binary binary) {
                chain.push(binary);
                open();
                flag("bool", binary.returnBool());
                key("lhs");
                left = binary.left();
            }
            single(left);
            while (!chain.isEmpty()) {
                afterLeft(chain.pop());
                close();
            }
        }

        private void single(QueryTree node) throws IOException {
            open();
            if (node instanceof QueryTree.Aggregation aggregation) {
                aggregation(aggregation);
            } else if (node instanceof QueryTree.Call call) {
                call(call);
            } else if (node instanceof QueryTree.Selector selector) {
                selector(selector);
            } else if (node instanceof QueryTree.Subquery subquery) {
                subquery(subquery);
            } else if (node instanceof QueryTree.NumberLiteral number) {
                text("type", "numberLiteral");
                text("val", SampleValue.formatPlain(number.value()));
            } else if (node instanceof QueryTree.StringLiteral string) {
                text("type", "stringLiteral");
                text("val", string.value());
            } else if (node instanceof QueryTree.Paren paren) {
                child("expr", paren.inner());
                text("type", "parenExpr");
            } else if (node instanceof QueryTree.Unary unary) {
                child("expr", unary.inner());
                text("op", unary.operator());
                text("type", "unaryExpr");
            } else if (node instanceof QueryTree.DurationArithmetic arithmetic) {
                operand("lhs", arithmetic.left());
                text("op", arithmetic.operator());
                operand("rhs", arithmetic.right());
                text("type", "durationExpr");
                flag("wrapped", arithmetic.inParentheses());
            }
            close();
        }

        private void aggregation(QueryTree.Aggregation aggregation) throws IOException {
            child("expr", aggregation.inner());
            texts("grouping", aggregation.grouping());
            text("op", aggregation.operator());
            if (aggregation.parameter().isPresent()) {
                child("param", aggregation.parameter().get());
            } else {
                raw("param", "null");
            }
            text("type", "aggregation");
            flag("without", aggregation.without());
        }

        private void afterLeft(QueryTree.Binary binary) throws IOException {
            if (binary.matching().isPresent()) {
                matching(binary.matching().get());
            } else {
                raw("matching", "null");
            }
            text("op", binary.operator());
            child("rhs", binary.right());
            text("type", "binaryExpr");
        }

        private void matching(QueryTree.Matching matching) throws IOException {
            key("matching");
            open();
            text("card", matching.cardinality().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            key("fillValues");
            open();
            fill("lhs", matching.fillLeft());
            fill("rhs", matching.fillRight());
            close();
            texts("include", matching.include());
            texts("labels", matching.labels());
            flag("on", matching.on());
            close();
        }

        /** Upstream cannot answer for numbers that JSON does not have; here they are strings. */
        private void fill(String key, Optional<Double> value) throws IOException {
            if (value.isPresent() && !Double.isFinite(value.get())) {
                text(key, SampleValue.format(value.get()));
            } else {
                raw(key, value.map(SampleValue::format).orElse("null"));
            }
        }

        private void call(QueryTree.Call call) throws IOException {
            key("args");
            json.ascii('[');
            for (int i = 0; i < call.arguments().size(); i++) {
                json.ascii(i == 0 ? "" : ",");
                node(call.arguments().get(i));
            }
            json.ascii(']');
            key("func");
            open();
            texts("argTypes", call.function().argumentTypes());
            text("name", call.function().name());
            text("returnType", call.function().returnType());
            raw("variadic", Integer.toString(call.function().variadic()));
            close();
            text("type", "call");
        }

        private void selector(QueryTree.Selector selector) throws IOException {
            flag("anchored", selector.edges() == QueryTree.Edges.ANCHORED);
            matchers(selector.matchers());
            text("name", selector.name());
            duration("offset", selector.shift().offset());
            if (selector.range().isPresent()) {
                duration("range", selector.range().get());
            }
            flag("smoothed", selector.edges() == QueryTree.Edges.SMOOTHED);
            pin(selector.shift());
            timestamp(selector.shift());
            text("type", selector.range().isPresent() ? "matrixSelector" : "vectorSelector");
        }

        private void matchers(List<Matcher> matchers) throws IOException {
            key("matchers");
            json.ascii('[');
            for (int i = 0; i < matchers.size(); i++) {
                json.ascii(i == 0 ? "" : ",");
                open();
                text("name", matchers.get(i).name());
                text("type", matchers.get(i).type().symbol());
                text("value", matchers.get(i).value());
                close();
            }
            json.ascii(']');
        }

        private void subquery(QueryTree.Subquery subquery) throws IOException {
            child("expr", subquery.inner());
            duration("offset", subquery.shift().offset());
            duration("range", subquery.range());
            pin(subquery.shift());
            duration("step", subquery.step());
            timestamp(subquery.shift());
            text("type", "subquery");
        }

        private void pin(QueryTree.Shift shift) throws IOException {
            if (shift.pin() == QueryTree.Pin.NONE) {
                raw("startOrEnd", "null");
            } else {
                text("startOrEnd", shift.pin().name().toLowerCase(Locale.ROOT));
            }
        }

        private void timestamp(QueryTree.Shift shift) throws IOException {
            raw(
                    "timestamp",
                    shift.timestampMs().isPresent()
                            ? Long.toString(shift.timestampMs().getAsLong())
                            : "null");
        }

        private void duration(String key, QueryTree.Duration duration) throws IOException {
            raw(key, Long.toString(duration.millis()));
            operand(key + "Expr", duration.arithmetic());
        }

        private void operand(String key, Optional<? extends QueryTree> operand) throws IOException {
            if (operand.isEmpty()) {
                raw(key, "null");
            } else if (operand.get() instanceof QueryTree.NumberLiteral number) {
                key(key);
                open();
                flag("duration", number.isDuration());
                text("type", "numberLiteral");
                text("val", SampleValue.formatPlain(number.value()));
                close();
            } else {
                child(key, operand.get());
            }
        }

        private void open() throws IOException {
            json.ascii('{');
            hasKey = false;
        }

        private void close() throws IOException {
            json.ascii('}');
            hasKey = true;
        }

        private void key(String key) throws IOException {
            json.ascii(hasKey ? ",\"" : "\"");
            json.ascii(key);
            json.ascii("\":");
            hasKey = true;
        }

        private void raw(String key, String text) throws IOException {
            key(key);
            json.ascii(text);
        }

        private void text(String key, String text) throws IOException {
            key(key);
            json.string(text);
        }

        private void flag(String key, boolean value) throws IOException {
            raw(key, Boolean.toString(value));
        }

        private void texts(String key, List<String> texts) throws IOException {
            key(key);
            json.strings(texts);
        }

        private void child(String key, QueryTree child) throws IOException {
            key(key);
            node(child);
        }
    }
}
