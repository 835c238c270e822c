package org.narthex.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client gets that asks for metrics with an {@code Accept} header.
 *
 * @param escaping how names are written
 */
record Negotiation(ExpositionFormat format, NameEscaping escaping) {
    /** For clients that say nothing: they may be of a time when names were simple. */
    private static final NameEscaping USUAL_ESCAPING = NameEscaping.UNDERSCORES;

    /** One of the things that a header lists, with the parameters as written. */
    private record Element(String mediaType, Map<String, String> parameters, double quality) {
        /** Which comes first of two that are wanted as much: {@code *} stands for what is not named. */
        int vagueness() {
            return mediaType.startsWith("*") ? 2 : mediaType.endsWith("/*") ? 1 : 0;
        }
    }

    /** For an endpoint that has text only. */
    static Negotiation ofText(String accept) {
        return of(accept, EnumSet.of(ExpositionFormat.TEXT), USUAL_ESCAPING);
    }

    /**
     * Chooses the format wanted most of those offered, or text. An escaping counts that is named on the way there, be it with a format that is not to
     * be had: so Prometheus asks for text of an older version with names as they are.
     *
     * @param accept the header; null for none
     * @param usual the escaping for a client that names none
     */
    static Negotiation of(String accept, Set<ExpositionFormat> offered, NameEscaping usual) {
        NameEscaping escaping = usual;
        for (Element element : elements(accept == null ? "" : accept)) {
            escaping = NameEscaping.of(element.parameters().getOrDefault("escaping", ""))
                    .orElse(escaping);
            Optional<ExpositionFormat> format = ExpositionFormat.of(element.mediaType(), element.parameters(), offered);
            if (format.isPresent()) {
                return new Negotiation(format.get(), escaping);
            }
        }
        return new Negotiation(ExpositionFormat.TEXT, escaping);
    }

    /** For the header of the answer. */
    String contentType() {
        return format.contentType() + "; escaping=" + escaping.word();
    }

    /** What is wanted, most wanted first. */
    private static List<Element> elements(String accept) {
        List<Element> elements = new ArrayList<>();
        for (String part : accept.split(",", -1)) {
            String[] pieces = part.split(";", -1);
            Map<String, String> parameters = new HashMap<>();
            for (int i = 1; i < pieces.length; i++) {
                int equals = pieces[i].indexOf('=');
                if (equals > 0) {
                    parameters.put(
                            pieces[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
                            pieces[i].substring(equals + 1).strip());
                }
            }
            String mediaType = pieces[0].strip().toLowerCase(Locale.ROOT);
            if (!mediaType.isEmpty()) {
                elements.add(new Element(mediaType, parameters, quality(parameters.remove("q"))));
            }
        }
        elements.sort(Comparator.comparingDouble(Element::quality).reversed().thenComparingInt(Element::vagueness));
        return elements;
    }

    private static double quality(String text) {
        try {
            return text == null ? 1 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
