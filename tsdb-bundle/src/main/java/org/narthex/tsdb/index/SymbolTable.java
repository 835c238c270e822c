package org.narthex.tsdb.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;
import org.narthex.tsdb.encoding.MappedFile;

/**
 * The strings of an index: read in place from every 32nd, whose offset is remembered, and the last used ones kept, so that series share them. A
 * string's number is its ordinal, in version 1 its file offset. Thread-safe.
 */
final class SymbolTable {
    private static final int STEP = 32;
    private static final int CACHED = 4096;

    private final MappedFile file;
    private final boolean byOffset;
    private final long start;
    private final long end;
    private final int count;
    /** Counted from {@link #start}, unsigned. */
    private final int[] every32nd;

    private record Symbol(int number, String text) {}

    /** By the low bits of the number. Made with the first use: most blocks are asked nothing for long. */
    private volatile AtomicReferenceArray<Symbol> cache;

    SymbolTable(MappedFile file, long section, boolean byOffset) throws CorruptionException {
        this.file = file;
        this.byOffset = byOffset;
        Decbuf head = file.at(section, file.size());
        long length = Integer.toUnsignedLong(head.be32());
        file.checkCrc(section + 4, length);
        count = head.size32();
        start = section + 8;
        end = section + 4 + length;
        if (count > end - start) {
            throw head.corrupt(count + " symbols do not fit into " + length + " bytes");
        }
        every32nd = new int[count / STEP + 1];
        Decbuf in = file.at(start, end);
        for (int i = 0; i < count; i++) {
            in = file.follow(in, end);
            if (i % STEP == 0) {
                every32nd[i / STEP] = (int) (in.offset() - start);
            }
            in.skipStr();
        }
    }

    int count() {
        return count;
    }

    String get(int number) throws CorruptionException {
        AtomicReferenceArray<Symbol> known = cache;
        if (known == null) {
            known = new AtomicReferenceArray<>(CACHED);
            cache = known;
        }
        // Offsets of version 1 differ in their low bits just as well.
        int slot = number & (CACHED - 1);
        Symbol symbol = known.get(slot);
        if (symbol == null || symbol.number != number) {
            symbol = new Symbol(number, read(number));
            known.set(slot, symbol);
        }
        return symbol.text;
    }

    private String read(int number) throws CorruptionException {
        return new String(bytes(number), StandardCharsets.UTF_8);
    }

    byte[] bytes(int number) throws CorruptionException {
        if (byOffset) {
            return file.at(Integer.toUnsignedLong(number), end).strBytes();
        }
        if (number < 0 || number >= count) {
            throw new CorruptionException(
                    file.name(), start, "symbol " + Integer.toUnsignedString(number) + " of " + count);
        }
        Decbuf in = file.at(start + Integer.toUnsignedLong(every32nd[number / STEP]), end);
        for (int i = 0; i < number % STEP; i++) {
            in.skipStr();
        }
        return in.strBytes();
    }

    /** Goes through all symbols, ascending by their bytes. */
    final class Cursor {
        private Decbuf in;
        private int at = -1;
        private int number;
        private byte[] bytes = {};

        private Cursor() throws CorruptionException {
            in = file.at(start, end);
        }

        boolean next() throws CorruptionException {
            if (++at >= count) {
                return false;
            }
            in = file.follow(in, end);
            number = byOffset ? (int) in.offset() : at;
            byte[] before = bytes;
            bytes = in.strBytes();
            if (at > 0 && Arrays.compareUnsigned(before, bytes) >= 0) {
                throw in.corrupt("symbol " + new String(bytes, StandardCharsets.UTF_8) + " is out of order");
            }
            return true;
        }

        /** As series refer to it. */
        int number() {
            return number;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    Cursor cursor() throws CorruptionException {
        return new Cursor();
    }
}
