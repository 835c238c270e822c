package org.narthex.scrape;

import org.narthex.scrape.proto.ProtobufParser;
import org.narthex.scrape.text.OpenMetricsParser;
import org.narthex.scrape.text.PageParser;
import org.narthex.scrape.text.TextParser;

/** The parsers of one worker, each made when the first page needs it. */
final class Parsers {
    private final boolean startTimestamps;
    private final PageParser text = new TextParser();
    private PageParser openMetrics;
    private ProtobufParser protobuf;

    /** @param startTimestamps whether to read since when series count */
    Parsers(boolean startTimestamps) {
        this.startTimestamps = startTimestamps;
    }

    PageParser of(ContentType.Format format, HistogramModes modes) {
        switch (format) {
            case TEXT -> {
                return text;
            }
            case OPENMETRICS -> {
                if (openMetrics == null) {
                    openMetrics = new OpenMetricsParser(startTimestamps);
                }
                return openMetrics;
            }
            default -> {
                if (protobuf == null) {
                    protobuf = new ProtobufParser();
                }
                protobuf.take(modes.nativeOnes(), modes.alwaysClassic());
                return protobuf;
            }
        }
    }
}
