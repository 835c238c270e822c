package org.narthex.exporter.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;

/** Reads a file of the text format 0.0.4 as strictly as node_exporter does: the last line ends, and no sample has a time. */
final class TextFormat {
    private final Map<String, TextFamily> families = new LinkedHashMap<>();
    private TextFamily current = new TextFamily("");
    private String line = "";
    private int at;

    private TextFormat() {}

    /** What is wrong with a file; the message names the line. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1;

        Fault(String message) {
            super(message);
        }
    }

    static List<TextFamily> parse(String text) throws Fault {
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new Fault("the last line does not end; it may not be written to its end yet");
        }
        TextFormat format = new TextFormat();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            try {
                format.line(line.strip());
            } catch (Fault e) {
                throw new Fault("line " + number + ": " + e.getMessage());
            }
        }
        List<TextFamily> found = new ArrayList<>(format.families.values());
        found.removeIf(family -> family.samples().isEmpty());
        return found;
    }

    private void line(String text) throws Fault {
        line = text;
        at = 0;
        if (text.startsWith("#")) {
            comment();
        } else if (!text.isEmpty()) {
            sample();
        }
    }

    /** Anything but HELP and TYPE is for people. */
    private void comment() throws Fault {
        at++;
        blanks();
        String keyword = word();
        if (!keyword.equals("HELP") && !keyword.equals("TYPE")) {
            return;
        }
        blanks();
        String name = word();
        if (!Labels.isMetricName(name)) {
            throw new Fault("\"" + name + "\" is no metric name");
        }
        blanks();
        String rest = line.substring(at);
        current = families.computeIfAbsent(name, TextFamily::new);
        if (keyword.equals("HELP")) {
            current.help(unescaped(rest));
        } else {
            current.type(type(rest));
        }
    }

    private static MetricType type(String word) throws Fault {
        return switch (word) {
            case "counter" -> MetricType.COUNTER;
            case "gauge" -> MetricType.GAUGE;
            case "histogram" -> MetricType.HISTOGRAM;
            case "summary" -> MetricType.SUMMARY;
            case "untyped" -> MetricType.UNKNOWN;
            default -> throw new Fault("\"" + word + "\" is no type");
        };
    }

    private void sample() throws Fault {
        while (at < line.length() && line.charAt(at) != '{' && !isBlank(line.charAt(at))) {
            at++;
        }
        String name = line.substring(0, at);
        if (!Labels.isMetricName(name)) {
            throw new Fault("\"" + name + "\" is no metric name");
        }
        blanks();
        String[] labels = at < line.length() && line.charAt(at) == '{' ? labels() : new String[0];
        blanks();
        double value = value(word());
        blanks();
        if (at < line.length()) {
            throw new Fault(
                    word().matches("-?\\d+") && at == line.length()
                            ? "a sample with a time; a file is always of now"
                            : "something follows the value: \"" + line + "\"");
        }
        family(name).samples().add(new TextFamily.Sample(name, labels, value));
    }

    /** That declared last if the sample is one of it, as those of a histogram are named otherwise; else one of the sample's name. */
    private TextFamily family(String sample) {
        if (!current.holds(sample)) {
            current = families.values().stream()
                    .filter(family -> family.holds(sample))
                    .findFirst()
                    .orElseGet(() -> families.computeIfAbsent(sample, TextFamily::new));
        }
        return current;
    }

    private static double value(String word) throws Fault {
        // Java knows hexadecimal numbers, and letters that tell the size of one.
        boolean plain = word.matches("[-+0-9.eE]+");
        try {
            return switch (word) {
                case "+Inf", "Inf", "+inf", "inf" -> Double.POSITIVE_INFINITY;
                case "-Inf", "-inf" -> Double.NEGATIVE_INFINITY;
                case "NaN", "nan" -> Double.NaN;
                default -> plain ? Double.parseDouble(word) : notANumber(word);
            };
        } catch (NumberFormatException e) {
            return notANumber(word);
        }
    }

    private static double notANumber(String word) throws Fault {
        throw new Fault("\"" + word + "\" is no number");
    }

    /** From the brace on; sorted by name. */
    private String[] labels() throws Fault {
        Map<String, String> labels = new TreeMap<>();
        at++;
        blanks();
        while (at < line.length() && line.charAt(at) != '}') {
            int start = at;
            while (at < line.length() && line.charAt(at) != '=' && !isBlank(line.charAt(at))) {
                at++;
            }
            String name = line.substring(start, at);
            if (!Labels.isLabelName(name) || name.startsWith("__")) {
                throw new Fault("\"" + name + "\" is no label name");
            }
            blanks();
            expect('=');
            blanks();
            if (labels.put(name, quoted()) != null) {
                throw new Fault("the label " + name + " is there twice");
            }
            blanks();
            if (at < line.length() && line.charAt(at) == ',') {
                at++;
                blanks();
            } else if (at < line.length() && line.charAt(at) != '}') {
                throw new Fault("a comma or a brace is missing after the label " + name);
            }
        }
        expect('}');
        String[] pairs = new String[2 * labels.size()];
        int i = 0;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            pairs[i++] = label.getKey();
            pairs[i++] = label.getValue();
        }
        return pairs;
    }

    private String quoted() throws Fault {
        expect('"');
        int start = at;
        while (at < line.length() && line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= line.length()) {
            throw new Fault("a label's value does not end");
        }
        return unescaped(line.substring(start, at++));
    }

    private static String unescaped(String text) throws Fault {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                out.append(
                        switch (text.charAt(i)) {
                            case 'n' -> '\n';
                            case '\\' -> '\\';
                            case '"' -> '"';
                            default -> throw new Fault("there is no escape \\" + text.charAt(i));
                        });
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private void expect(char c) throws Fault {
        if (at >= line.length() || line.charAt(at) != c) {
            throw new Fault("'" + c + "' is missing: \"" + line + "\"");
        }
        at++;
    }

    private String word() {
        int start = at;
        while (at < line.length() && !isBlank(line.charAt(at))) {
            at++;
        }
        return line.substring(start, at);
    }

    private void blanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
