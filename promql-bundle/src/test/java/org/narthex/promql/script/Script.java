package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.model.PromDuration;
import org.narthex.promql.parser.Quoting;

/** The commands of a script in the promqltest language. */
final class Script {
    private static final Pattern LOAD = Pattern.compile("load(?:_(with_nhcb))?\\s+(.+?)");
    private static final Pattern INSTANT =
            Pattern.compile("eval(?:_(fail|warn|ordered|info))?\\s+instant\\s+(?:at\\s+(.+?))?\\s+(.+)");
    private static final Pattern RANGE = Pattern.compile(
            "eval(?:_(fail|warn|info))?\\s+range\\s+from\\s+(.+)\\s+to\\s+(.+)\\s+step\\s+(.+?)\\s+(.+)");
    private static final Pattern RANGE_VECTOR =
            Pattern.compile("expect range vector\\s+from\\s+(.+)\\s+to\\s+(.+)\\s+step\\s+(.+)");
    private static final Pattern EXPECT =
            Pattern.compile("expect\\s+(ordered|fail|warn|no_warn|info|no_info)(?:\\s+(regex|msg):(.+))?");

    private final List<String> lines = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private int next;

    private Script(String text) {
        for (String line : text.split("\n", -1)) {
            String trimmed = line.trim();
            lines.add(trimmed.startsWith("#") ? "" : trimmed);
        }
    }

    static List<Command> parse(String text) {
        Script script = new Script(text);
        while (script.next < script.lines.size()) {
            String line = script.lines.get(script.next++);
            if (!line.isEmpty()) {
                script.command(line);
            }
        }
        return script.commands;
    }

    private void command(String line) {
        String word = line.split("\\s+")[0].toLowerCase(Locale.ROOT);
        if (word.equals("clear")) {
            commands.add(new Command.Clear());
        } else if (word.startsWith("load")) {
            load(line);
        } else if (word.startsWith("eval")) {
            eval(line);
        } else {
            throw new IllegalArgumentException("invalid command \"" + line + "\"");
        }
    }

    private boolean hasLine() {
        return next < lines.size() && !lines.get(next).isEmpty();
    }

    private void load(String line) {
        Matcher matcher = match(LOAD, line);
        List<SeriesLine> series = new ArrayList<>();
        List<Long> startOffsets = List.of();
        while (hasLine()) {
            String description = lines.get(next++);
            if (description.split("\\s+")[0].endsWith("@st")) {
                startOffsets = SeriesLine.startOffsets(description);
            } else {
                series.add(SeriesLine.parse(description).withStartOffsets(startOffsets));
                startOffsets = List.of();
            }
        }
        long stepMs = PromDuration.parse(matcher.group(2));
        commands.add(new Command.Load(stepMs, series, matcher.group(1) != null));
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid command \"" + line + "\"");
        }
        return matcher;
    }

    private void eval(String line) {
        int number = next;
        Matcher instant = INSTANT.matcher(line);
        if (instant.matches()) {
            long at = PromDuration.parse(instant.group(2));
            Expectations expectations = expectations(instant.group(1));
            long time = expectations.rangeVector.map(range -> range[1]).orElse(at);
            commands.add(new Command.Eval(number, instant.group(3), time, time, 0, expectations.build()));
            return;
        }
        Matcher range = match(RANGE, line);
        Expectations expectations = expectations(range.group(1));
        commands.add(new Command.Eval(
                number,
                range.group(5),
                PromDuration.parse(range.group(2)),
                PromDuration.parse(range.group(3)),
                PromDuration.parse(range.group(4)),
                expectations.build()));
    }

    private Expectations expectations(String mode) {
        Expectations expectations = new Expectations(mode == null ? "" : mode);
        while (hasLine()) {
            if (expectations.endsWith(lines.get(next++))) {
                break;
            }
        }
        return expectations;
    }

    private static final class Expectations {
        private final List<Command.Text> warnings = new ArrayList<>();
        private final List<Command.Text> infos = new ArrayList<>();
        private final List<SeriesLine> series = new ArrayList<>();
        private Optional<Command.Text> fail = Optional.empty();
        private Optional<Double> scalar = Optional.empty();
        private Optional<String> string = Optional.empty();
        private Optional<long[]> rangeVector = Optional.empty();
        private boolean ordered;
        private boolean noWarnings;
        private boolean noInfos;

        Expectations(String mode) {
            if (!mode.isEmpty()) {
                expect(mode, new Command.Text(Optional.empty(), Optional.empty()));
            }
        }

        Command.Expected build() {
            return new Command.Expected(
                    ordered, fail, warnings, infos, noWarnings, noInfos, scalar, string, rangeVector, series);
        }

        /** Takes a line; true if it is the last of its block. */
        boolean endsWith(String line) {
            if (fail.isPresent() && line.startsWith("expected_fail_message")) {
                fail = Optional.of(new Command.Text(
                        Optional.of(
                                line.substring("expected_fail_message".length()).trim()),
                        Optional.empty()));
                return true;
            }
            if (fail.isPresent() && line.startsWith("expected_fail_regexp")) {
                fail = Optional.of(new Command.Text(
                        Optional.empty(),
                        Optional.of(
                                line.substring("expected_fail_regexp".length()).trim())));
                return true;
            }
            if (line.startsWith("expect range vector")) {
                Matcher matcher = match(RANGE_VECTOR, line);
                rangeVector = Optional.of(new long[] {
                    PromDuration.parse(matcher.group(1)),
                    PromDuration.parse(matcher.group(2)),
                    PromDuration.parse(matcher.group(3))
                });
                return false;
            }
            if (line.startsWith("expect string")) {
                string = Optional.of(
                        Quoting.unquote(line.substring("expect string".length()).trim()));
                return false;
            }
            if (line.split("\\s+")[0].equals("expect")) {
                Matcher matcher = match(EXPECT, line);
                String text = matcher.group(3) == null ? "" : matcher.group(3).trim();
                boolean regex = "regex".equals(matcher.group(2));
                boolean message = "msg".equals(matcher.group(2));
                expect(
                        matcher.group(1),
                        new Command.Text(
                                message ? Optional.of(text) : Optional.empty(),
                                regex ? Optional.of(text) : Optional.empty()));
                return false;
            }
            Optional<Double> number = number(line);
            if (number.isPresent()) {
                scalar = number;
                return true;
            }
            series.add(SeriesLine.parse(line));
            return false;
        }

        private void expect(String what, Command.Text text) {
            switch (what) {
                case "ordered" -> ordered = true;
                case "fail" -> fail = Optional.of(text);
                case "warn" -> warnings.add(text);
                case "info" -> infos.add(text);
                case "no_warn" -> noWarnings = true;
                case "no_info" -> noInfos = true;
                default -> throw new IllegalArgumentException(what);
            }
        }

        private static Optional<Double> number(String line) {
            try {
                if (line.matches("[-+]?0[xX][0-9a-fA-F_]+")) {
                    return Optional.of((double) Long.decode(line.replace("_", "")));
                }
                return line.matches("[-+]?(?i:inf|nan|[0-9._]+(e[-+]?[0-9]+)?)")
                        ? Optional.of(SeriesLine.number(line.replace("_", "")))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }
}
