package org.narthex.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.config.SectionSchema.Kind;

/** Checks the sections of prometheus.yml that are known but without effect yet, so that a mistake in them is not found only once they have one. */
final class AcceptedSections {
    private static final SectionSchema RUNTIME = SectionSchema.texts().with(Kind.INTEGER, "gogc");
    private static final SectionSchema OTLP = SectionSchema.texts("translation_strategy")
            .with(Kind.TEXTS, "promote_resource_attributes", "ignore_resource_attributes")
            .with(
                    Kind.BOOL,
                    "promote_all_resource_attributes",
                    "keep_identifying_resource_attributes",
                    "convert_histograms_to_nhcb",
                    "promote_scope_metadata",
                    "label_name_underscore_sanitization",
                    "label_name_preserve_multiple_underscores");

    private final Path folder;
    private final boolean legacyNames;
    private final Diagnostics diagnostics;

    AcceptedSections(Path folder, boolean legacyNames, Diagnostics diagnostics) {
        this.folder = folder;
        this.legacyNames = legacyNames;
        this.diagnostics = diagnostics;
    }

    void check(Section top) throws ConfigException {
        diagnostics.notInForce(top, "remote_write", "remote_read", "otlp");
        runtime(top.section("runtime"));
        RemoteSections remotes = new RemoteSections(folder, legacyNames);
        remotes.writes(top);
        remotes.reads(top);
        otlp(top.section("otlp"));
    }

    private void runtime(Section runtime) throws ConfigException {
        RUNTIME.check(runtime, new HttpClientReader(folder, new Diagnostics()));
        if (runtime.has("gogc")) {
            diagnostics.add(
                    runtime.node().require("gogc"),
                    "runtime.gogc is for Go's garbage collector; the one of Java adapts itself and has no such setting");
        }
    }

    private void otlp(Section otlp) throws ConfigException {
        OTLP.check(otlp, new HttpClientReader(folder, new Diagnostics()));
        boolean all = otlp.bool("promote_all_resource_attributes", false);
        if (all && !otlp.texts("promote_resource_attributes").isEmpty()) {
            throw otlp.error(
                    "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously");
        }
        if (!all && !otlp.texts("ignore_resource_attributes").isEmpty()) {
            throw otlp.error(
                    "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true");
        }
        attributes(otlp, "promote_resource_attributes", "promoted");
        attributes(otlp, "ignore_resource_attributes", "ignored");
        String strategy = otlp.text("translation_strategy", "UnderscoreEscapingWithSuffixes");
        switch (strategy) {
            case "", "UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes" -> {}
            case "NoUTF8EscapingWithSuffixes", "NoTranslation" -> {
                if (legacyNames) {
                    throw otlp.error(
                            "translation_strategy",
                            "OTLP translation strategy \"" + strategy + "\" is not allowed when UTF8 is disabled");
                }
            }
            default ->
                throw otlp.error("translation_strategy", "unsupported OTLP translation strategy \"" + strategy + "\"");
        }
    }

    private static void attributes(Section otlp, String key, String how) throws ConfigException {
        Set<String> seen = new HashSet<>();
        StringBuilder faults = new StringBuilder();
        for (String attribute : otlp.texts(key)) {
            String name = attribute.strip();
            if (name.isEmpty()) {
                faults.append("; empty ").append(how).append(" OTel resource attribute");
            } else if (!seen.add(name)) {
                faults.append("; duplicated ")
                        .append(how)
                        .append(" OTel resource attribute \"")
                        .append(name)
                        .append('"');
            }
        }
        if (!faults.isEmpty()) {
            throw otlp.error(key, "invalid '" + key + "' " + faults);
        }
    }
}
