package org.narthex.itests;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/** Asks Prometheus and Narthex the same and finds the smallest part of an expression about which they disagree. */
final class Differences {
    /** Numbers computed in another order differ in their last digits. */
    private static final double TOLERANCE = 1e-9;

    private static final Pattern VALUE = Pattern.compile("\\[[^\\]]*?([0-9.]+),\"([^\"]*)\"\\]");

    private final HttpClient http = HttpClient.newHttpClient();
    private final String theirs;
    private final String ours;

    /** When to evaluate, in seconds since the epoch; a step of 0 is an instant query. */
    record When(long start, long end, long step) {
        static When instant(long time) {
            return new When(time, time, 0);
        }

        @Override
        public String toString() {
            return step == 0 ? "at " + start : "from " + start + " to " + end + " by " + step;
        }
    }

    /** What both servers say. */
    record Answers(JsonObject theirs, JsonObject ours) {
        boolean succeed() {
            return theirs.getString("status").equals("success")
                    && ours.getString("status").equals("success");
        }

        /** Where they differ by more than the tolerance. */
        Optional<String> difference(RandomExpression.Node node) {
            return ApiDifference.between(theirs, ours, TOLERANCE)
                    .or(() -> order(node.text()))
                    .or(() -> Optional.ofNullable(theirs.getString("errorType", null))
                            .filter(type -> !type.equals(ours.getString("errorType", null)))
                            .map(type -> "/errorType: expected " + type + " but was " + ours));
        }

        /** Whether a damaged expression was handled worse: later versions understand more than 2.42, never less. */
        boolean isWorse() {
            boolean more = theirs.getString("status").equals("success")
                    && !ours.getString("status").equals("success")
                    && !ours.getString("error").startsWith("multiple matches");
            return more || ours.getString("errorType", "").equals("internal");
        }

        /** The order of values counts where the expression says so; that of equal ones does not. */
        private Optional<String> order(String text) {
            boolean ordered = text.startsWith("sort(") || text.startsWith("sort_desc(");
            if (!ordered || !succeed()) {
                return Optional.empty();
            }
            JsonArray expected = result(theirs);
            JsonArray actual = result(ours);
            for (int i = 0; i < expected.size(); i++) {
                double a =
                        number(expected.getJsonObject(i).getJsonArray("value").getString(1));
                double b = number(actual.getJsonObject(i).getJsonArray("value").getString(1));
                if (Double.compare(a, b) != 0 && !(Math.abs(a - b) <= TOLERANCE * Math.abs(a))) {
                    return Optional.of("/order " + i + ": expected " + expected + " but was " + actual);
                }
            }
            return Optional.empty();
        }

        boolean areEqual() {
            return ApiDifference.between(theirs, ours, 0).isEmpty();
        }
    }

    /**
     * A disagreement.
     *
     * @param rounding whether it comes of last digits in which parts differ: a comparison, say, of numbers that are nearly equal
     * @param tie whether {@code topk} or {@code bottomk} just took another one of equal elements
     */
    record Found(RandomExpression.Node part, When when, String difference, boolean rounding, boolean tie) {}

    Differences(String theirs, String ours) {
        this.theirs = theirs;
        this.ours = ours;
    }

    Answers ask(RandomExpression.Node node, When when) {
        CompletableFuture<JsonObject> first = get(theirs, node.text(), when);
        CompletableFuture<JsonObject> second = get(ours, RandomExpression.renamed(node.text()), when);
        return new Answers(first.join(), second.join());
    }

    /** Whether Prometheus itself answers now so, now so: it takes elements in random order at times. */
    boolean isUnsteady(RandomExpression.Node node, When when) {
        JsonObject first = ask(node, when).theirs;
        for (int i = 0; i < 8; i++) {
            if (ApiDifference.between(first, ask(node, when).theirs, 0).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private CompletableFuture<JsonObject> get(String url, String text, When when) {
        String query = "query=" + RunningNarthex.encode(text)
                + (when.step == 0
                        ? "&time=" + when.start
                        : "&start=" + when.start + "&end=" + when.end + "&step=" + when.step);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url + (when.step == 0 ? "/api/v1/query" : "/api/v1/query_range")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(query))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> RunningNarthex.json(answer.body()));
    }

    /** The smallest disagreement within an expression; empty if there is none. */
    Optional<Found> find(RandomExpression.Node node, When when) {
        Answers answers = ask(node, when);
        Optional<String> difference = answers.difference(node);
        if (difference.isEmpty()) {
            return Optional.empty();
        }
        if (when.step > 0) {
            for (long time = when.start; time <= when.end; time += when.step) {
                String text = fixed(node.text(), when);
                Optional<Found> atOnce = text.equals(node.text()) ? find(node, When.instant(time)) : Optional.empty();
                if (atOnce.isPresent()) {
                    return atOnce;
                }
            }
        }
        if (node.subquery()) {
            return inSubquery(node, when, difference.get(), answers);
        }
        double scale = 0;
        boolean exact = true;
        for (RandomExpression.Node part : node.parts()) {
            if (part.subquery() && when.step > 0) {
                continue;
            }
            Optional<Found> smaller = isMatrix(part) && when.step > 0 ? Optional.empty() : find(part, when);
            if (smaller.isPresent()) {
                return smaller;
            }
            if (!isMatrix(part) || when.step == 0) {
                Answers partly = ask(part, when);
                exact &= partly.areEqual();
                scale = Math.max(scale, largest(partly.theirs));
            }
        }
        boolean canceled = node.inexact() && answers.succeed() && isWithin(answers, scale);
        return Optional.of(new Found(node, when, difference.get(), canceled || !exact, isTie(node, answers)));
    }

    private static boolean isMatrix(RandomExpression.Node node) {
        return node.subquery()
                || Pattern.compile("\\[[0-9smh]+\\][^\\])]*$")
                        .matcher(node.text())
                        .find();
    }

    /** With its start and end in place of {@code start()} and {@code end()}. */
    private static String fixed(String text, When when) {
        return text.replace("start()", when.start + "").replace("end()", when.end + "");
    }

    private Optional<Found> inSubquery(RandomExpression.Node node, When when, String difference, Answers answers) {
        if (answers.succeed()) {
            for (JsonValue series : result(answers.theirs)) {
                JsonArray samples = series.asJsonObject().getJsonArray("values");
                for (JsonValue sample : samples == null ? JsonValue.EMPTY_JSON_ARRAY : samples) {
                    long time = sample.asJsonArray().getJsonNumber(0).longValue();
                    Optional<Found> inner = find(node.parts().get(0), When.instant(time));
                    if (inner.isPresent()) {
                        return inner;
                    }
                }
            }
        }
        return Optional.of(
                new Found(node, when, difference, false, isTie(node.parts().get(0), answers)));
    }

    /** Whether all values agree in proportion to what they were computed from. */
    private static boolean isWithin(Answers answers, double scale) {
        Matcher expected = VALUE.matcher(result(answers.theirs).toString());
        Matcher actual = VALUE.matcher(result(answers.ours).toString());
        while (expected.find()) {
            if (!actual.find()) {
                return false;
            }
            double a = number(expected.group(2));
            double b = number(actual.group(2));
            if (Double.compare(a, b) != 0 && !(Math.abs(a - b) <= TOLERANCE * Math.max(scale, scale * scale))) {
                return false;
            }
        }
        return !actual.find();
    }

    private static boolean isTie(RandomExpression.Node node, Answers answers) {
        return (node.text().startsWith("topk") || node.text().startsWith("bottomk"))
                && answers.succeed()
                && values(answers.theirs).equals(values(answers.ours));
    }

    /** Times and values alone, sorted. */
    private static List<String> values(JsonObject answer) {
        return VALUE.matcher(result(answer).toString())
                .results()
                .map(value -> new BigDecimal(value.group(1)).stripTrailingZeros() + " " + value.group(2))
                .sorted()
                .toList();
    }

    private static double largest(JsonObject answer) {
        double largest = 0;
        if (answer.getString("status").equals("success")) {
            Matcher values = VALUE.matcher(result(answer).toString());
            while (values.find()) {
                double value = Math.abs(number(values.group(2)));
                largest = value < Double.POSITIVE_INFINITY ? Math.max(largest, value) : largest;
            }
        }
        return largest;
    }

    private static JsonArray result(JsonObject answer) {
        return answer.getJsonObject("data").getJsonArray("result");
    }

    private static double number(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
