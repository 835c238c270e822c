package org.narthex.scrape;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.narthex.api.scrape.ExpositionReader;
import org.narthex.api.scrape.MetricFamily;
import org.narthex.scrape.proto.ProtobufParser;
import org.narthex.scrape.text.OpenMetricsParser;
import org.narthex.scrape.text.PageFormatException;
import org.narthex.scrape.text.PageParser;
import org.narthex.scrape.text.SeriesText;
import org.narthex.scrape.text.TextParser;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Lends the parsers of scrapes to others, a new one for each page: these come seldom. */
@Component
public final class ExpositionPages implements ExpositionReader {
    @Activate
    public ExpositionPages() {}

    @Override
    public List<MetricFamily> read(String contentType, byte[] page) throws IOException {
        PageParser parser = parser(contentType);
        FamilyCollector families = new FamilyCollector();
        SeriesText series = new SeriesText();
        // The parsers ask for room for a byte.
        parser.reset(Arrays.copyOf(page, page.length + 1), page.length, families);
        try {
            while (parser.next((bytes, from, limit) -> -1)) {
                parser.read(series);
                families.add(series, parser);
            }
        } catch (PageFormatException e) {
            throw new IOException(e.getMessage(), e);
        }
        return families.families();
    }

    private static PageParser parser(String contentType) {
        String type = contentType.strip().toLowerCase(Locale.ROOT);
        if (type.startsWith("application/openmetrics-text")) {
            return new OpenMetricsParser(true);
        }
        return type.startsWith("application/vnd.google.protobuf") ? new ProtobufParser() : new TextParser();
    }
}
