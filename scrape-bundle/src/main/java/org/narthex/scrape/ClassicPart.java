package org.narthex.scrape;

import java.nio.charset.StandardCharsets;

import org.narthex.scrape.text.PageParser;
import org.narthex.scrape.text.SeriesText;

/**
 * Which part of a classic histogram a series is.
 *
 * @param role in the words of {@link ClassicCollector}
 * @param suffix of the metric's name
 * @param bound of a bucket
 */
record ClassicPart(byte role, String suffix, double bound) {
    static final String LE = "le";
    private static final ClassicPart NONE = new ClassicPart(ClassicCollector.NO_PART, "", 0);

    /** @param familyHash of the family that the page declared to be a histogram, as {@link PageParser#familyHash} has it */
    static ClassicPart of(SeriesText series, int familyHash) {
        String name = series.value(0);
        int underscore = name.lastIndexOf('_');
        if (underscore < 0 || hash(name.substring(0, underscore)) != familyHash) {
            return NONE;
        }
        String suffix = name.substring(underscore);
        return switch (suffix) {
            case "_bucket" -> bucket(series, suffix);
            case "_count" -> new ClassicPart(ClassicCollector.COUNT, suffix, 0);
            case "_sum" -> new ClassicPart(ClassicCollector.SUM, suffix, 0);
            default -> NONE;
        };
    }

    private static ClassicPart bucket(SeriesText series, String suffix) {
        for (int i = 1; i < series.size(); i++) {
            if (series.name(i).equals(LE)) {
                double bound = SeriesText.number(series.value(i));
                return Double.isNaN(bound) ? NONE : new ClassicPart(ClassicCollector.BUCKET, suffix, bound);
            }
        }
        return NONE;
    }

    private static int hash(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return SeriesText.familyHash(bytes, 0, bytes.length);
    }
}
