package org.narthex.alert.template;

import java.util.List;

/** Go's time.Duration. */
record GoDuration(long nanos) implements Members {
    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        return switch (name) {
            case "String" -> toString();
            case "Nanoseconds" -> nanos;
            case "Microseconds" -> nanos / 1_000;
            case "Milliseconds" -> nanos / 1_000_000;
            case "Seconds" -> nanos / 1e9;
            case "Minutes" -> nanos / 60e9;
            case "Hours" -> nanos / 3600e9;
            default -> throw Members.unknown(name, typeName());
        };
    }

    @Override
    public String typeName() {
        return "*time.Duration";
    }

    /** {@code 1h30m0s}, {@code 1.5s}, {@code 20ms}, {@code 0s}. */
    @Override
    public String toString() {
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        double abs = Math.abs((double) nanos);
        if (abs < 1e9) {
            String unit = abs < 1e3 ? "ns" : abs < 1e6 ? "µs" : "ms";
            return sign + fraction(Math.abs(nanos), abs < 1e3 ? 1 : abs < 1e6 ? 1_000 : 1_000_000) + unit;
        }
        long seconds = Math.abs(nanos / 1_000_000_000);
        long rest = Math.abs(nanos % 1_000_000_000);
        String inMinute = fraction(seconds % 60 * 1_000_000_000 + rest, 1_000_000_000) + "s";
        long minutes = seconds / 60;
        if (minutes == 0) {
            return sign + inMinute;
        }
        return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + inMinute;
    }

    private static String fraction(long value, long unit) {
        return java.math.BigDecimal.valueOf(value)
                .divide(java.math.BigDecimal.valueOf(unit))
                .stripTrailingZeros()
                .toPlainString();
    }
}
