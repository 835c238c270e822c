package org.narthex.scrape.text;

import org.narthex.api.model.SampleValue;

/** The canonical spelling of OpenMetrics: always with a dot or an exponent; exponents from 1e+06 on and below 1e-04. */
public final class OpenMetricsFloat {
    private OpenMetricsFloat() {}

    public static String format(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return SampleValue.format(value);
        }
        double abs = Math.abs(value);
        if (abs != 0 && (abs < 1e-4 || abs >= 1e6)) {
            return SampleValue.formatExponent(value);
        }
        String plain = SampleValue.format(value);
        return plain.indexOf('.') < 0 && plain.indexOf('e') < 0 ? plain + ".0" : plain;
    }
}
