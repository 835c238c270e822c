package org.narthex.promql.function;

/** Orders texts with numbers in them as people do: {@code a2} before {@code a10}. */
final class NaturalOrder {
    private NaturalOrder() {}

    static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int iEnd = runEnd(a, i);
            int jEnd = runEnd(b, j);
            int order = isDigit(a.charAt(i)) && isDigit(b.charAt(j))
                    ? numbers(a.substring(i, iEnd), b.substring(j, jEnd))
                    : a.substring(i, iEnd).compareTo(b.substring(j, jEnd));
            if (order != 0) {
                return order;
            }
            i = iEnd;
            j = jEnd;
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }

    private static int numbers(String a, String b) {
        String x = strip(a);
        String y = strip(b);
        int order = x.length() == y.length() ? x.compareTo(y) : Integer.compare(x.length(), y.length());
        return order != 0 ? order : Integer.compare(a.length(), b.length());
    }

    private static String strip(String digits) {
        int i = 0;
        while (i < digits.length() - 1 && digits.charAt(i) == '0') {
            i++;
        }
        return digits.substring(i);
    }

    /** End of the run of digits, or of other characters, that starts here. */
    private static int runEnd(String text, int start) {
        boolean digits = isDigit(text.charAt(start));
        int i = start + 1;
        while (i < text.length() && isDigit(text.charAt(i)) == digits) {
            i++;
        }
        return i;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
