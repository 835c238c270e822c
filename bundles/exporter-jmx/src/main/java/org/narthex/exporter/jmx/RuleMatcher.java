package org.narthex.exporter.jmx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;

import org.narthex.api.model.MetricType;

/** Finds the first rule for each value, and what that makes of it. For one thread at a time. */
final class RuleMatcher {
    /** What a pattern sees of the value where its result is remembered. */
    private static final String NO_VALUE = "<cache>";

    private final Settings settings;
    /** By rule, what it made of each text; empty for one its pattern does not match. */
    private final Map<Rule, Map<String, Optional<Match>>> remembered = new HashMap<>();
    /** The texts that this scrape has seen, by rule. */
    private final Map<Rule, Set<String>> seen = new HashMap<>();

    RuleMatcher(Settings settings) {
        this.settings = settings;
    }

    /** Begins a scrape. */
    void begin() {
        seen.clear();
    }

    /** Ends it: what it did not see is forgotten. */
    void end() {
        remembered.forEach((rule, texts) -> texts.keySet().retainAll(seen.getOrDefault(rule, Set.of())));
    }

    /** How many results are remembered. */
    int remembered() {
        return remembered.values().stream().mapToInt(Map::size).sum();
    }

    /** Empty if no rule is for it, or the one that is makes nothing of it. */
    Optional<Match> match(BeanValue value) {
        // Rules differ in two ways in what they see: each of the four texts is made once.
        String[] texts = new String[4];
        for (Rule rule : settings.rules()) {
            String attribute = rule.snakeCase() ? Names.snakeCase(value.attribute()) : value.attribute();
            int seenAs = (rule.snakeCase() ? 1 : 0) + (rule.cached() ? 2 : 0);
            if (texts[seenAs] == null) {
                texts[seenAs] = value.matchText(attribute, rule.cached() ? NO_VALUE : value.value());
            }
            String text = texts[seenAs];
            Optional<Optional<Match>> known = recall(rule, text);
            if (known.isPresent()) {
                if (known.get().isPresent()) {
                    return known.get();
                }
                continue;
            }
            Optional<Matcher> matcher = rule.pattern().map(pattern -> pattern.matcher(text));
            if (matcher.isPresent() && !matcher.get().matches()) {
                remember(rule, text, Optional.empty());
                continue;
            }
            Optional<Match> match = apply(rule, matcher, value, attribute);
            if (match.isPresent()) {
                remember(rule, text, match);
            }
            return match;
        }
        return Optional.empty();
    }

    private Optional<Optional<Match>> recall(Rule rule, String text) {
        if (!rule.cached()) {
            return Optional.empty();
        }
        seen.computeIfAbsent(rule, any -> new HashSet<>()).add(text);
        return Optional.ofNullable(remembered.getOrDefault(rule, Map.of()).get(text));
    }

    private void remember(Rule rule, String text, Optional<Match> match) {
        if (rule.cached()) {
            remembered.computeIfAbsent(rule, any -> new HashMap<>()).put(text, match);
        }
    }

    private Optional<Match> apply(Rule rule, Optional<Matcher> matcher, BeanValue value, String attribute) {
        OptionalDouble fixed = OptionalDouble.empty();
        if (!rule.value().isEmpty()) {
            String text = matcher.map(found -> found.replaceAll(rule.value())).orElse(rule.value());
            try {
                fixed = OptionalDouble.of(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        if (rule.name().isEmpty() || matcher.isEmpty()) {
            return Optional.of(plain(rule, value, attribute, fixed));
        }
        String name = Names.lower(Names.safe(matcher.get().replaceAll(rule.name())), settings.lowercaseNames());
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String help = rule.help().isEmpty() ? value.help() : matcher.get().replaceAll(rule.help());
        List<String> labels = new ArrayList<>();
        rule.labels()
                .forEach((labelName, labelValue) -> label(
                        labels,
                        matcher.get().replaceAll(labelName),
                        matcher.get().replaceAll(labelValue)));
        return Optional.of(match(rule, name, help, labels, fixed));
    }

    /** Without a name: domain, first property, path and attribute are the name, and the other properties labels. */
    private Match plain(Rule rule, BeanValue value, String attribute, OptionalDouble fixed) {
        StringBuilder name = new StringBuilder(value.domain());
        List<String> labels = new ArrayList<>();
        boolean first = true;
        for (Map.Entry<String, String> property : value.properties().entrySet()) {
            if (first) {
                name.append('_').append(property.getValue());
            } else {
                label(labels, property.getKey(), property.getValue());
            }
            first = false;
        }
        value.path().forEach(part -> name.append('_').append(part));
        name.append('_').append(attribute);
        String safe = Names.lower(Names.safe(name.toString()), settings.lowercaseNames());
        return match(rule, safe, value.help(), labels, fixed);
    }

    private void label(List<String> labels, String name, String value) {
        String safe = Names.lower(Names.safe(name), settings.lowercaseLabels()).replace(':', '_');
        // Two properties may become the same name; a series has each label once.
        for (int i = 0; i < labels.size(); i += 2) {
            if (labels.get(i).equals(safe)) {
                return;
            }
        }
        if (!safe.isEmpty() && !value.isEmpty()) {
            labels.add(safe);
            labels.add(value);
        }
    }

    private Match match(Rule rule, String name, String help, List<String> labels, OptionalDouble fixed) {
        boolean inferred = settings.infersCounters() && rule.type() == MetricType.UNKNOWN && name.endsWith("_total");
        MetricType type = inferred ? MetricType.COUNTER : rule.type();
        String full = type == MetricType.COUNTER && !name.endsWith("_total") ? name + "_total" : name;
        return new Match(full, type, help.replace('\n', ' '), List.copyOf(labels), fixed, rule.factor());
    }
}
