package org.narthex.promql.parser;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

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
        if (node.containsKey("EndPos") && !(expr instanceof Expr.Unary)) {
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
            duration(node, "Range_ns", matrix.range());
        } else if (expr instanceof Expr.Subquery subquery) {
            node(node.getJsonObject("Expr"), subquery.inner());
            duration(node, "Range_ns", subquery.range());
            duration(node, "Step_ns", subquery.step());
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
    private static String text(JsonValue value) {
        if (value instanceof JsonString string) {
            return string.getString();
        }
        byte[] bytes = Base64.getDecoder().decode(value.asJsonObject().getString("base64"));
        StringBuilder escaped = new StringBuilder("\"");
        for (byte b : bytes) {
            escaped.append("\\x").append(HexFormat.of().toHexDigits(b));
        }
        return Quoting.unquote(escaped.append('"').toString());
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
        if (node.containsKey("OriginalOffset_ns") && !node.containsKey("OriginalOffsetExpr")) {
            duration(node, "OriginalOffset_ns", shift.offset());
        }
        if (node.containsKey("Timestamp")) {
            same("timestamp", node.getJsonNumber("Timestamp").longValue(), shift.timestampMs());
        }
        if (node.containsKey("StartOrEnd")) {
            same("pin", node.getString("StartOrEnd"), shift.pin() == Expr.Pin.START ? "start" : "end");
        }
    }

    private void duration(JsonObject node, String key, DurationExpr duration) {
        if (node.containsKey(key)) {
            if (duration == null) {
                differences.add("no " + key);
                return;
            }
            same(key, node.getJsonNumber(key).longValue() / 1_000_000, Math.round(duration.seconds(0, 0) * 1000));
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
        if (node.containsKey("VectorMatching")) {
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
