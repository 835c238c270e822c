package org.narthex.promql.parser;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

import org.narthex.api.model.Matcher;

/** Compares an expression with the tree upstream's parser makes of the same text. */
final class AstCheck {
    private final List<String> differences = new ArrayList<>();

    static List<String> differences(JsonObject node, Expr expr) {
        AstCheck check = new AstCheck();
        check.node(node, expr);
        return check.differences;
    }

    private void same(String what, Object wanted, Object found) {
        if (!wanted.equals(found)) {
            differences.add(what + ": " + wanted + " expected, got " + found);
        }
    }

    private void node(JsonObject node, Expr expr) {
        same("node", node.getString("node"), name(expr));
        if (!differences.isEmpty()) {
            return;
        }
        if (node.containsKey("PosRange")) {
            JsonObject range = node.getJsonObject("PosRange");
            same(name(expr) + " span", new Span(range.getInt("Start"), range.getInt("End")), expr.span());
        }
        if (expr instanceof Expr.Unary) {
            same(name(expr) + " start", node.getInt("StartPos", 0), expr.span().start());
        } else if (node.containsKey("EndPos")) {
            same(name(expr) + " end", node.getInt("EndPos"), expr.span().end());
        }
        if (expr instanceof Expr.NumberLiteral number) {
            same("value", number(node.get("Val")), number.value());
            same("duration", node.getBoolean("Duration", false), number.isDuration());
        } else if (expr instanceof Expr.StringLiteral string) {
            same("value", text(node.get("Val")), string.value());
        } else if (expr instanceof Expr.Paren paren) {
            node(node.getJsonObject("Expr"), paren.inner());
        } else if (expr instanceof Expr.Unary unary) {
            same("operator", node.getString("Op"), unary.operator().text());
            node(node.getJsonObject("Expr"), unary.inner());
        } else if (expr instanceof Expr.VectorSelector selector) {
            selector(node, selector);
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            selector(node.getJsonObject("VectorSelector"), matrix.selector());
            duration(node, "Range", matrix.range());
        } else if (expr instanceof Expr.Subquery subquery) {
            node(node.getJsonObject("Expr"), subquery.inner());
            duration(node, "Range", subquery.range());
            duration(node, "Step", subquery.step());
            shift(node, subquery.shift());
        } else if (expr instanceof Expr.Call call) {
            call(node, call);
        } else if (expr instanceof Expr.Aggregate aggregate) {
            aggregate(node, aggregate);
        } else if (expr instanceof Expr.Binary binary) {
            binary(node, binary);
        }
    }

    private static String name(Expr expr) {
        if (expr instanceof Expr.Paren) {
            return "ParenExpr";
        }
        if (expr instanceof Expr.Unary) {
            return "UnaryExpr";
        }
        if (expr instanceof Expr.Binary) {
            return "BinaryExpr";
        }
        if (expr instanceof Expr.Aggregate) {
            return "AggregateExpr";
        }
        return expr instanceof Expr.Subquery ? "SubqueryExpr" : expr.getClass().getSimpleName();
    }

    /** Text that is no valid UTF-8 is given as base64 of its bytes. */
    static String text(JsonValue value) {
        if (value instanceof JsonString string) {
            return string.getString();
        }
        return Quoting.decode(Base64.getDecoder().decode(value.asJsonObject().getString("base64")));
    }

    private static Double number(JsonValue value) {
        if (value instanceof JsonNumber number) {
            return number.doubleValue();
        }
        return switch (value.asJsonObject().getString("float")) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    private void selector(JsonObject node, Expr.VectorSelector selector) {
        same("name", node.getString("Name", ""), selector.name());
        JsonObject range = node.getJsonObject("PosRange");
        same("selector span", new Span(range.getInt("Start"), range.getInt("End")), selector.span());
        List<String> wanted = new ArrayList<>();
        for (JsonValue value : node.getJsonArray("LabelMatchers")) {
            JsonObject matcher = value.asJsonObject();
            wanted.add(matcher.getString("name") + matcher.getString("op") + matcher.getString("value"));
        }
        List<String> found = new ArrayList<>();
        for (Matcher matcher : selector.matchers()) {
            found.add(matcher.name() + matcher.type().symbol() + matcher.value());
        }
        same("matchers", wanted, found);
        shift(node, selector.shift());
    }

    private void shift(JsonObject node, Expr.Shift shift) {
        duration(node, "OriginalOffset", shift.offset());
        if (node.containsKey("Timestamp")) {
            same("timestamp", node.getJsonNumber("Timestamp").longValue(), shift.timestampMs());
            same("pin", Expr.Pin.TIMESTAMP, shift.pin());
        } else {
            same("pin", node.getString("StartOrEnd", "none"), shift.pin().name().toLowerCase(Locale.ROOT));
        }
    }

    /** A duration without arithmetic is kept by upstream as a number, 0 if it is not written, arithmetic as a tree of its own. */
    private void duration(JsonObject node, String key, DurationExpr duration) {
        if (node.containsKey(key + "Expr")) {
            arithmetic(node.getJsonObject(key + "Expr"), duration);
        } else {
            long wanted = node.containsKey(key + "_ns")
                    ? node.getJsonNumber(key + "_ns").longValue() / 1_000_000
                    : 0;
            boolean isNumber = duration == null || duration instanceof DurationExpr.Literal;
            same(key + " is a number", true, isNumber);
            same(key, wanted, duration == null ? 0 : Math.round(duration.seconds(0, 0) * 1000));
        }
    }

    /**
     * Upstream has no parentheses here but a flag, and writes those around a number as a plus sign with it. Where its nodes begin and end is
     * compared for numbers alone: around parentheses upstream's own are off by one, and no message or answer shows them.
     */
    private void arithmetic(JsonObject node, DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal) {
            same("node", "NumberLiteral", node.getString("node"));
            same("value", number(node.get("Val")), literal.seconds());
            same("duration", node.getBoolean("Duration", false), literal.isDuration());
            JsonObject range = node.getJsonObject("PosRange");
            same("span", new Span(range.getInt("Start"), range.getInt("End")), literal.span());
            return;
        }
        same("node", "DurationExpr", node.getString("node"));
        DurationExpr inner = duration;
        while (inner instanceof DurationExpr.Paren paren) {
            inner = paren.inner();
        }
        same("parentheses", node.getBoolean("Wrapped", false), inner != duration);
        if (inner instanceof DurationExpr.OfQuery ofQuery) {
            operation(node, ofQuery.which(), null, null);
        } else if (inner instanceof DurationExpr.Negated negated) {
            operation(node, TokenType.SUB, null, negated.inner());
        } else if (inner instanceof DurationExpr.Choice choice) {
            operation(node, choice.which(), choice.left(), choice.right());
        } else if (inner instanceof DurationExpr.Arithmetic arithmetic) {
            operation(node, arithmetic.operator(), arithmetic.left(), arithmetic.right());
        } else {
            operation(node, TokenType.ADD, null, inner);
        }
    }

    private void operation(JsonObject node, TokenType operator, DurationExpr left, DurationExpr right) {
        same("operator", node.getString("Op"), operator.text());
        side(node, "LHS", left);
        side(node, "RHS", right);
    }

    private void side(JsonObject node, String key, DurationExpr side) {
        boolean wanted = node.containsKey(key) && !node.isNull(key);
        same(key, wanted, side != null);
        if (wanted && side != null) {
            arithmetic(node.getJsonObject(key), side);
        }
    }

    private void call(JsonObject node, Expr.Call call) {
        same("function", node.getString("Func"), call.function().name());
        JsonArray arguments = node.getJsonArray("Args");
        same("arguments", arguments.size(), call.arguments().size());
        for (int i = 0; i < arguments.size() && differences.isEmpty(); i++) {
            node(arguments.getJsonObject(i), call.arguments().get(i));
        }
    }

    private void aggregate(JsonObject node, Expr.Aggregate aggregate) {
        same("operator", node.getString("Op"), aggregate.operator().text());
        same("without", node.getBoolean("Without", false), aggregate.without());
        same("grouping", strings(node, "Grouping"), aggregate.grouping());
        same("parameter", node.containsKey("Param"), aggregate.parameter() != null);
        if (node.containsKey("Param")) {
            node(node.getJsonObject("Param"), aggregate.parameter());
        }
        node(node.getJsonObject("Expr"), aggregate.inner());
    }

    private static List<String> strings(JsonObject node, String key) {
        return node.containsKey(key) ? node.getJsonArray(key).getValuesAs(JsonString::getString) : List.of();
    }

    private void binary(JsonObject node, Expr.Binary binary) {
        same("operator", node.getString("Op"), binary.operator().text());
        same("bool", node.getBoolean("ReturnBool", false), binary.returnBool());
        node(node.getJsonObject("LHS"), binary.left());
        node(node.getJsonObject("RHS"), binary.right());
        same("matching", node.containsKey("VectorMatching"), binary.matching() != null);
        if (node.containsKey("VectorMatching") && binary.matching() != null) {
            JsonObject matching = node.getJsonObject("VectorMatching");
            same(
                    "cardinality",
                    matching.getString("Card", "one-to-one"),
                    binary.matching().cardinality().word());
            same("on", matching.getBoolean("On", false), binary.matching().on());
            same(
                    "labels",
                    strings(matching, "MatchingLabels"),
                    binary.matching().labels());
            same("include", strings(matching, "Include"), binary.matching().include());
        }
    }
}
