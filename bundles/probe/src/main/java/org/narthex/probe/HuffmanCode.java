package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The code of texts in headers of HTTP/2.
 *
 * <p>Source: RFC 7541, appendix B. The code is canonical, so that lengths are enough to tell it: codes of one length follow each other in the order of
 * their symbols, and each length goes on where the one before ended.
 */
final class HuffmanCode {
    /** Bits of each symbol, 0 to 255. */
    private static final int[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
                28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23,
                22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22,
                23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26,
                28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
                27, 27, 27, 26
    };

    private static final int MAX_LENGTH = 30;
    /** At most so many bits fill up the last byte. */
    private static final int MAX_FILL = 7;

    /** By length: the first code, and where its symbol stands in {@link #SYMBOLS}. */
    private static final int[] FIRST_CODES = new int[MAX_LENGTH + 1];

    private static final int[] FIRST_PLACES = new int[MAX_LENGTH + 2];
    private static final int[] SYMBOLS = new int[LENGTHS.length];

    static {
        int code = 0;
        int place = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            code <<= 1;
            FIRST_CODES[length] = code;
            FIRST_PLACES[length] = place;
            for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                if (LENGTHS[symbol] == length) {
                    SYMBOLS[place++] = symbol;
                    code++;
                }
            }
        }
        FIRST_PLACES[MAX_LENGTH + 1] = place;
    }

    private HuffmanCode() {}

    /** @throws IOException the bits are none of the code */
    static byte[] decode(byte[] coded) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(coded.length * 2);
        int code = 0;
        int length = 0;
        for (int bit = 0; bit < coded.length * 8; bit++) {
            code = code << 1 | (coded[bit >> 3] >> (7 - (bit & 7)) & 1);
            length++;
            if (length > MAX_LENGTH) {
                throw new IOException("a header is damaged: it holds no text of the code");
            }
            int place = FIRST_PLACES[length] + code - FIRST_CODES[length];
            if (place < FIRST_PLACES[length + 1]) {
                text.write(SYMBOLS[place]);
                code = 0;
                length = 0;
            }
        }
        // What is left are the first bits of the longest code, all ones.
        if (length > MAX_FILL || code != (1 << length) - 1) {
            throw new IOException("a header is damaged: its text ends within a code");
        }
        return text.toByteArray();
    }
}
