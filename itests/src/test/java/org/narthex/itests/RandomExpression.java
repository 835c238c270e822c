package org.narthex.itests;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Random PromQL over the metrics of {@link IrregularData}, well-typed, in the language of Prometheus 2.42. What 2.42 and 3.x are known to
 * answer differently is not made here:
 *
 * <ul>
 *   <li>Ranges were closed on the left and are open now: samples lie between whole seconds, evaluation times at 2 and ranges at 1 modulo 5
 *       seconds, steps of subqueries and offsets at 0, so that nothing ever is at an edge.
 *   <li>The cap of extrapolation to zero was applied before the gap's limit, and not at all to histograms: {@code rate} and {@code increase}
 *       are applied to counters alone, whose values {@link IrregularData} chooses such that the order makes no difference.
 *   <li>{@code stddev} and {@code stdvar} of a first NaN or infinity were 0 and are NaN: they get finite values only.
 *   <li>Quantiles and fractions within a bucket of a native histogram were linear and are exponential: not asked for.
 *   <li>Histograms were given to functions of floats as 0, and had fewer operators: histograms are a type of their own here.
 *   <li>{@code topk} and {@code bottomk} replaced one NaN by another: they get no NaN unless everything fits.
 *   <li>{@code count_values} took groups for one if its label did not sort last among those of {@code by}: it does.
 *   <li>{@code atan2} kept the name of the metric: it is negated, which drops it.
 *   <li>Pairs that a comparison filtered out did not count as matches: where there may be too many, nothing is filtered.
 *   <li>A range with {@code @} slid all the same if the function around it depended on the time of evaluation: such have none. So did what an
 *       aggregation ranks, whose parameter was evaluated once.
 *   <li>{@code quantile} by NaN gave some value and gives NaN: the parameter is a number.
 *   <li>{@code histogram_quantile} gave its elements in random order: they are not ranked, nor added up to the last digit.
 *   <li>{@code holt_winters} has another name since 3.0, see {@link #renamed}.
 * </ul>
 */
final class RandomExpression {
    /**
     * An expression and those it is made of.
     *
     * @param parts may be evaluated at the same time as this one, but for a subquery's, which is evaluated at its own times
     * @param inexact whether the result depends on the order in which floats are added up
     */
    record Node(String text, List<Node> parts, boolean subquery, boolean inexact) {
        Node(String text, Node... parts) {
            this(text, List.of(parts), false, false);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final List<String> ANY_RANGE = List.of(
            "min_over_time",
            "max_over_time",
            "count_over_time",
            "last_over_time",
            "present_over_time",
            "changes",
            "resets",
            "delta",
            "idelta",
            "irate",
            "absent_over_time");
    private static final List<String> INEXACT_RANGE =
            List.of("stddev_over_time", "stdvar_over_time", "deriv", "sum_over_time", "avg_over_time");
    private static final List<String> COUNTER_RANGE = List.of("rate", "rate", "increase");
    private static final List<String> PER_SAMPLE = List.of(
            "abs",
            "ceil",
            "floor",
            "exp",
            "sqrt",
            "ln",
            "log2",
            "log10",
            "sgn",
            "deg",
            "rad",
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "atan",
            "sinh",
            "cosh",
            "tanh",
            "asinh",
            "acosh",
            "atanh",
            "round",
            "timestamp",
            "absent");
    private static final List<String> DATES =
            List.of("minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year");
    private static final List<String> RANGES = List.of("16s", "31s", "61s", "2m1s", "5m1s", "10m1s", "1h1s");
    private static final List<String> STEPS = List.of("5s", "10s", "15s", "30s", "1m", "1m55s", "");
    private static final List<String> OFFSETS = List.of("5s", "1m", "10m", "1h", "-30s", "-5m", "1m5s");
    private static final List<String> NUMBERS = List.of(
            "0", "1", "2", "-1", "0.5", "3", "10", "100", "1e3", "0x1F", "NaN", "Inf", "-Inf", ".25", "1e-3", "7");
    private static final List<String> OPERANDS = List.of(
            "level",
            "level",
            "level offset 1m",
            "2",
            "-3",
            "1.5e1",
            "vector(2)",
            "scalar(max(level))",
            "time()",
            "(level)",
            "level{job=\"a\"}",
            "sum(level)",
            "LEVEL",
            "0x10",
            "077");
    private static final Pattern TOKEN =
            Pattern.compile("[0-9][0-9a-zA-Z.]*|[a-zA-Z_]+|\"[^\"]*\"|[(){}\\[\\],:@]|[=!~<>+*/%^-]+");
    private static final List<String> LABELS = List.of("job", "instance", "zone", "path", "version", "le", "none");
    private static final List<String> AGGREGATIONS = List.of("sum", "sum", "avg", "min", "max", "count", "group");

    private final SplittableRandom random;
    private final long fromSeconds;
    private final long toSeconds;
    /** Whether {@code @} may be used. */
    private boolean pinning = true;

    /** @param fromSeconds times of the {@code @} modifier are between this and {@code toSeconds}, both multiples of 5 */
    RandomExpression(SplittableRandom random, long fromSeconds, long toSeconds) {
        this.random = random;
        this.fromSeconds = fromSeconds;
        this.toSeconds = toSeconds;
    }

    /** An expression of Prometheus 2.42 as later ones spell it. */
    static String renamed(String text) {
        return text.replace("holt_winters(", "double_exponential_smoothing(");
    }

    /** For a range query, or for an instant one, which may ask for more. */
    Node any(boolean instant) {
        int depth = 1 + random.nextInt(4);
        if (instant && chance(4)) {
            return range(depth);
        }
        if (instant && chance(8)) {
            Node inner = vector(depth);
            return new Node((chance(50) ? "sort(" : "sort_desc(") + inner + ")", inner);
        }
        return chance(6) ? scalar(depth) : chance(6) ? chain() : vector(depth);
    }

    /** A word or sign left out of the expression or written twice: mostly not valid. Numbers stay, and so do edges of ranges. */
    Node damaged(Node node) {
        List<MatchResult> tokens = TOKEN.matcher(node.text).results().toList();
        MatchResult token = tokens.get(random.nextInt(tokens.size()));
        if (token.group().equals("bool") || Character.isDigit(token.group().charAt(0))) {
            return node;
        }
        String twice = chance(50) ? "" : token.group() + " " + token.group();
        return new Node(node.text.substring(0, token.start()) + twice + node.text.substring(token.end()));
    }

    /** Operators without parentheses. */
    private Node chain() {
        StringBuilder chain = new StringBuilder(pick(OPERANDS));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            String operator = chance(60) ? arithmetic() : chance(60) ? comparison() + " bool" : setOperator();
            chain.append(chance(5) ? " # why\n" : " ").append(operator).append(' ');
            chain.append(chance(20) ? "-" : chance(5) ? "+" : "").append(pick(OPERANDS));
        }
        // What is left of a power is another number for each last digit of it.
        return new Node(
                "abs(0 + (" + (chain.indexOf("^") < 0 ? chain : chain.toString().replace('%', '*')) + "))");
    }

    private Node vector(int depth) {
        if (depth <= 0) {
            return selector();
        }
        int kind = random.nextInt(100);
        if (kind < 12) {
            return selector();
        } else if (kind < 32) {
            return rangeFunction(depth);
        } else if (kind < 50) {
            return aggregation(depth);
        } else if (kind < 62) {
            return function(depth);
        } else if (kind < 72) {
            return withScalar(depth);
        } else if (kind < 87) {
            return withVector(depth);
        } else if (kind < 91) {
            return labels(depth);
        } else if (kind < 95) {
            return histogramQuantile();
        }
        return ofHistograms(depth);
    }

    private Node selector() {
        return new Node(selector(pick(IrregularData.FLOATS)) + shift());
    }

    /** A selector without offset and {@code @}. */
    private String selector(String metric) {
        List<String> matchers = new ArrayList<>();
        boolean byRegex = chance(5);
        if (byRegex) {
            boolean counter = IrregularData.COUNTERS.contains(metric);
            String other = pick(counter ? IrregularData.COUNTERS : IrregularData.FLOATS);
            matchers.add("__name__=~\"" + metric + (chance(50) ? "|" + other : "") + "\"");
        }
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            matchers.add(pick(IrregularData.MATCHERS));
        }
        return (byRegex ? "" : metric) + (matchers.isEmpty() ? "" : "{" + String.join(",", matchers) + "}");
    }

    private String shift() {
        if (!chance(22)) {
            return "";
        }
        String offset = chance(60) ? " offset " + pick(OFFSETS) : "";
        String at = "";
        if (pinning && chance(45)) {
            long time = fromSeconds + 5 * random.nextLong((toSeconds - fromSeconds) / 5) + 2;
            at = " @ " + pick(List.of(time + "", time + ".000", "start()", "end()"));
        }
        return chance(50) ? offset + at : at + offset;
    }

    private Node range(int depth) {
        if (depth <= 1 || chance(60)) {
            return new Node(selector(pick(IrregularData.FLOATS)) + "[" + pick(RANGES) + "]" + shift());
        }
        Node inner = vector(depth - 2);
        String range = pick(RANGES);
        // Longer steps than the range might leave no step at all, and a series without values.
        String step = pick(range.length() == 3 ? STEPS.subList(0, 3) : STEPS);
        String text = "(" + inner + ")[" + range + ":" + step + "]" + shift();
        return new Node(text, List.of(inner), true, false);
    }

    private Node rangeFunction(int depth) {
        int kind = random.nextInt(100);
        if (kind < 30) {
            Node range = new Node(selector(pick(IrregularData.COUNTERS)) + "[" + pick(RANGES) + "]" + shift());
            return new Node(pick(COUNTER_RANGE) + "(" + range + ")", range);
        }
        boolean before = pinning;
        pinning &= kind < 82 || kind >= 94;
        Node range = range(depth);
        pinning = before;
        if (kind < 70) {
            return new Node(pick(ANY_RANGE) + "(" + range + ")", range);
        } else if (kind < 82) {
            return new Node(pick(INEXACT_RANGE) + "(" + range + ")", List.of(range), false, true);
        } else if (kind < 88) {
            Node parameter = chance(80) ? number("0", "0.25", "0.5", "0.9", "1", "-1", "2") : varying();
            return new Node("quantile_over_time(" + parameter + ", " + range + ")", parameter, range);
        } else if (kind < 94) {
            Node parameter = chance(80) ? number("0", "60", "3600", "-600") : scalar(depth - 1);
            return new Node("predict_linear(" + range + ", " + parameter + ")", List.of(range, parameter), false, true);
        }
        return new Node(
                "holt_winters(" + range + ", " + pick(List.of("0.1", "0.5", "0.9")) + ", "
                        + pick(List.of("0.1", "0.5", "0.8", chance(10) ? "1" : "0.3")) + ")",
                List.of(range),
                false,
                true);
    }

    private Node aggregation(int depth) {
        int kind = random.nextInt(100);
        boolean before = pinning;
        pinning &= kind < 67 || kind >= 92;
        Node inner = vector(depth - 1);
        pinning = before;
        String by = grouping();
        if (kind < 55) {
            String operator = pick(AGGREGATIONS);
            boolean sums = operator.equals("sum") || operator.equals("avg");
            return new Node(placed(operator, by, inner.text), List.of(inner), false, sums);
        } else if (kind < 67) {
            Node finite = new Node("((" + inner + ") > -Inf < +Inf)", inner);
            return new Node(placed(chance(50) ? "stddev" : "stdvar", by, finite.text), List.of(finite), false, true);
        } else if (kind < 80) {
            String operator = chance(50) ? "topk" : "bottomk";
            if (chance(20)) {
                return new Node(placed(operator, by, "100, " + inner), inner);
            }
            Node k = number("1", "2", "3", "5", "0", "-1", "1.9", "(time() % 7 - 2)", "scalar(count(level))");
            // By the time, so that it never is the same at all steps.
            Node ordered = new Node("((" + inner + ") >= time() * -Inf)", inner);
            return new Node(placed(operator, by, k + ", " + ordered), k, ordered);
        } else if (kind < 92) {
            Node parameter = chance(85) ? number("0", "0.25", "0.5", "0.99", "1", "-0.5", "1.5") : varying();
            return new Node(placed("quantile", by, parameter + ", " + inner), parameter, inner);
        }
        Node coarse = new Node("round(" + inner + ", 4)", inner);
        String label = by.startsWith("by") ? "zz" : pick(List.of("value", "job", "x"));
        return new Node(placed("count_values", by, "\"" + label + "\", " + coarse), coarse);
    }

    private String placed(String operator, String by, String arguments) {
        return chance(50) || by.isEmpty()
                ? operator + (by.isEmpty() ? "" : " " + by + " ") + "(" + arguments + ")"
                : operator + "(" + arguments + ") " + by;
    }

    private String grouping() {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "without (" + labelList(3) + ")";
            default -> "by (" + labelList(3) + (chance(4) ? ", __name__" : "") + ")";
        };
    }

    private String labelList(int most) {
        int count = 1 + random.nextInt(most);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String label = LABELS.get(Math.min(random.nextInt(LABELS.size()), random.nextInt(LABELS.size())));
            if (!labels.contains(label)) {
                labels.add(label);
            }
        }
        return String.join(", ", labels);
    }

    private Node function(int depth) {
        int kind = random.nextInt(100);
        String perSample = pick(PER_SAMPLE);
        boolean before = pinning;
        // Of a selector it slid as ranges did.
        pinning &= (kind >= 60 || !perSample.equals("timestamp")) && (kind < 70 || kind >= 78);
        Node inner = vector(depth - 1);
        pinning = before;
        if (kind < 60) {
            return new Node(perSample + "(" + inner + ")", inner);
        } else if (kind < 70) {
            Node low = scalar(depth - 2);
            Node high = scalar(depth - 2);
            return switch (random.nextInt(4)) {
                case 0 -> new Node("clamp(" + inner + ", " + low + ", " + high + ")", inner, low, high);
                case 1 -> new Node("clamp_min(" + inner + ", " + low + ")", inner, low);
                case 2 -> new Node("clamp_max(" + inner + ", " + high + ")", inner, high);
                default -> new Node("round(" + inner + ", " + low + ")", inner, low);
            };
        } else if (kind < 78) {
            return chance(20)
                    ? new Node(pick(DATES) + "()")
                    : new Node(pick(DATES) + "(timestamp(" + inner + "))", inner);
        } else if (kind < 86) {
            Node scalar = scalar(depth - 1);
            return new Node("vector(" + scalar + ")", scalar);
        } else if (kind < 94) {
            return new Node((chance(70) ? "-" : "+") + "(" + inner + ")", inner);
        }
        return new Node("(" + inner + ")", inner);
    }

    private Node scalar(int depth) {
        int kind = depth <= 0 ? 0 : random.nextInt(100);
        if (kind < 40) {
            return new Node(pick(NUMBERS));
        } else if (kind < 55) {
            return new Node(chance(80) ? "time()" : "pi()");
        } else if (kind < 80) {
            Node inner = vector(depth - 1);
            Node one = chance(70) ? new Node("max(" + inner + ")", inner) : inner;
            return new Node("scalar(" + one + ")", one);
        } else if (kind < 85) {
            Node inner = scalar(depth - 1);
            return new Node("-(" + inner + ")", inner);
        }
        Node left = scalar(depth - 1);
        Node right = scalar(depth - 1);
        String operator = chance(70) ? arithmetic() : comparison() + " bool";
        return new Node("((" + left + ") " + operator + " (" + right + "))", left, right);
    }

    /** Between 0 and 1, and never NaN. */
    private static Node varying() {
        return new Node("(time() % 7 / 6)");
    }

    private Node withScalar(int depth) {
        Node vector = vector(depth - 1);
        Node scalar = scalar(depth - 1);
        String operator = chance(55) ? arithmetic() : comparison() + (chance(35) ? " bool" : "");
        boolean swap = chance(40);
        String text = "(" + (swap ? scalar : vector) + ") " + operator + " (" + (swap ? vector : scalar) + ")";
        return new Node(operator.equals("atan2") ? "-(" + text + ")" : "(" + text + ")", vector, scalar);
    }

    private Node withVector(int depth) {
        int kind = random.nextInt(100);
        if (kind < 30) {
            // The same labels on both sides.
            String selector = selector(pick(IrregularData.FLOATS)).replace("|", "");
            Node left = new Node(selector + shift());
            Node right = new Node(selector + " offset " + pick(OFFSETS));
            return joined(left, operator(), "", right);
        } else if (kind < 55) {
            String labels = labelList(2);
            Node a = vector(depth - 1);
            Node left = new Node("max by (" + labels + ") (" + a + ")", a);
            Node b = vector(depth - 1);
            Node right = new Node("min by (" + labels + ") (" + b + ")", b);
            String matching = chance(40) ? " on (" + labels + ")" : chance(20) ? " ignoring (none)" : "";
            return joined(left, chance(20) ? setOperator() : operator(), matching, right);
        } else if (kind < 78) {
            String labels = labelList(2);
            Node many = vector(depth - 1);
            Node b = vector(depth - 1);
            boolean info = chance(30);
            Node one = info ? new Node("build_info") : new Node("max by (" + labels + ", zone) (" + b + ")", b);
            String on = info ? "instance, job" : labels;
            String include = chance(50) ? "" : info ? "version" : chance(50) ? "zone" : "zone, none";
            if (chance(50)) {
                return joined(many, unfiltered(), " on (" + on + ") group_left (" + include + ")", one);
            }
            return joined(one, unfiltered(), " on (" + on + ") group_right (" + include + ")", many);
        } else if (kind < 92) {
            Node left = vector(depth - 1);
            Node right = vector(depth - 1);
            return joined(left, setOperator(), chance(60) ? matching() : "", right);
        }
        Node left = vector(depth - 1);
        Node right = vector(depth - 1);
        return joined(left, unfiltered(), matching(), right);
    }

    private static Node joined(Node left, String operator, String matching, Node right) {
        String text = "((" + left + ") " + operator + matching + " (" + right + "))";
        return new Node(operator.equals("atan2") ? "-" + text : text, left, right);
    }

    private String matching() {
        return (chance(60) ? " on (" : " ignoring (") + (chance(5) ? "" : labelList(2)) + ")";
    }

    private String operator() {
        return chance(60) ? arithmetic() : comparison() + (chance(35) ? " bool" : "");
    }

    /** An operator that gives something for each pair. */
    private String unfiltered() {
        return chance(80) ? arithmetic() : comparison() + " bool";
    }

    private String arithmetic() {
        return pick(List.of("+", "-", "*", "/", "+", "-", "*", "/", "%", "^", "atan2"));
    }

    private String comparison() {
        return pick(List.of("==", "!=", ">", "<", ">=", "<="));
    }

    private String setOperator() {
        return pick(List.of("and", "or", "unless"));
    }

    private Node labels(int depth) {
        Node inner = vector(depth - 1);
        String target = "\"" + pick(List.of("new", "job", "zone", "instance")) + "\", ";
        if (chance(50)) {
            String text = "label_join(" + inner + ", " + target
                    + pick(List.of("\"-\"", "\"\"", "\"ü\"", "\"\\t\\u00e9\"", "`\\`", "'\\''"))
                    + pick(List.of("", ", \"job\"", ", \"job\", \"instance\"", ", \"none\", \"zone\"")) + ")";
            return new Node(text, inner);
        }
        String text = "label_replace(" + inner + ", " + target
                + pick(List.of("\"$1\"", "\"x-$1-${2}\"", "\"\"", "\"$name\"", "\"$$\"", "\"fixed\"")) + ", \""
                + pick(List.of("job", "instance", "zone", "none", "__name__")) + "\", "
                + pick(List.of("\"(.*)\"", "\"(.)(.*)\"", "\"a\"", "\"(?P<name>[a-z]+).*\"", "\"\"", "\"[0-9]+\""))
                + ")";
        return new Node(text, inner);
    }

    private Node histogramQuantile() {
        Node parameter = chance(85) ? number("0", "0.1", "0.5", "0.9", "0.99", "1", "-1", "2") : scalar(1);
        Node buckets = new Node(selector("lat_bucket") + "[" + pick(RANGES) + "]" + shift());
        Node raw = chance(30)
                ? new Node(selector("lat_bucket") + shift())
                : new Node((chance(70) ? "rate" : "increase") + "(" + buckets + ")", buckets);
        Node summed = chance(50)
                ? raw
                : new Node("sum by (" + pick(List.of("le", "le, job", "le, instance, job")) + ") (" + raw + ")", raw);
        return new Node("histogram_quantile(" + parameter + ", " + summed + ")", parameter, summed);
    }

    /** A vector of floats made of native histograms. */
    private Node ofHistograms(int depth) {
        Node histograms = histograms(depth);
        return switch (random.nextInt(6)) {
            case 0 -> new Node("count by (job) (" + histograms + ")", histograms);
            case 1 -> new Node("absent(" + histograms + ")", histograms);
            case 2 -> {
                Node range = new Node(selector("native") + "[" + pick(RANGES) + "]" + shift());
                yield new Node(pick(List.of("count_over_time", "present_over_time")) + "(" + range + ")", range);
            }
            case 3 -> new Node("histogram_sum(" + histograms + ")", List.of(histograms), false, true);
            default -> new Node("histogram_count(" + histograms + ")", List.of(histograms), false, true);
        };
    }

    private Node histograms(int depth) {
        if (depth <= 1 || chance(30)) {
            return new Node(selector("native") + shift());
        }
        if (chance(60)) {
            Node range = new Node(selector("native") + "[" + pick(RANGES) + "]" + shift());
            return new Node(pick(List.of("rate", "increase")) + "(" + range + ")", range);
        }
        Node inner = histograms(depth - 1);
        return new Node(placed("sum", grouping(), inner.text), List.of(inner), false, true);
    }

    private Node number(String... choices) {
        return new Node(choices[random.nextInt(choices.length)]);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
