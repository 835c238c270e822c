package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/** Questions and answers of DNS, on the wire (RFC 1035). */
final class DnsMessage {
    private static final int HEADER = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int TRUNCATED = 0x0200;
    private static final int RESPONSE = 0x8000;
    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 255;
    private static final int MAX_JUMPS = 64;

    /**
     * An answer.
     *
     * @param answers records as zone files write them, fields separated by tabs
     * @param serial of the first SOA record among the answers
     */
    record Answer(
            String code,
            boolean truncated,
            List<String> answers,
            List<String> authorities,
            List<String> additionals,
            OptionalLong serial) {}

    private final ByteBuffer message;
    private OptionalLong serial = OptionalLong.empty();

    private DnsMessage(ByteBuffer message) {
        this.message = message;
    }

    /** Asks one question. */
    static byte[] query(int id, String name, int type, int dnsClass, boolean recursionDesired) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(recursionDesired ? RECURSION_DESIRED : 0);
        out.writeShort(1);
        out.writeShort(0);
        out.writeShort(0);
        out.writeShort(0);
        for (String label : ascii(name).split("\\.", -1)) {
            byte[] text = label.getBytes(StandardCharsets.US_ASCII);
            if (text.length > MAX_LABEL) {
                throw new IOException(
                        "the label " + label + " of " + name + " has more than " + MAX_LABEL + " characters");
            }
            if (text.length > 0) {
                out.writeByte(text.length);
                out.write(text);
            }
        }
        out.writeByte(0);
        out.writeShort(type);
        out.writeShort(dnsClass);
        return bytes.toByteArray();
    }

    private static String ascii(String name) throws IOException {
        try {
            return name.equals(".") ? "" : IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw new IOException(name + " is no domain name: " + e.getMessage(), e);
        }
    }

    /** Whether the bytes may be an answer to the question. */
    static boolean answers(byte[] bytes, int length, int id) {
        return length >= HEADER && (((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff)) == id && (bytes[2] & 0x80) != 0;
    }

    /** @throws IOException the message is damaged */
    static Answer parse(byte[] bytes, int length) throws IOException {
        try {
            return new DnsMessage(ByteBuffer.wrap(bytes, 0, length)).answer();
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("the answer is damaged", e);
        }
    }

    private Answer answer() throws IOException {
        message.getShort();
        int flags = message.getShort() & 0xffff;
        if ((flags & RESPONSE) == 0) {
            throw new IOException("the message is no answer");
        }
        int questions = message.getShort() & 0xffff;
        int answers = message.getShort() & 0xffff;
        int authorities = message.getShort() & 0xffff;
        int additionals = message.getShort() & 0xffff;
        for (int i = 0; i < questions; i++) {
            name();
            message.getInt();
        }
        List<String> answered = records(answers);
        OptionalLong soa = serial;
        return new Answer(
                DnsTypes.codeName(flags & 0xf),
                (flags & TRUNCATED) != 0,
                answered,
                records(authorities),
                records(additionals),
                soa);
    }

    private List<String> records(int count) throws IOException {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = name();
            int type = message.getShort() & 0xffff;
            int dnsClass = message.getShort() & 0xffff;
            long ttl = message.getInt() & 0xffffffffL;
            int length = message.getShort() & 0xffff;
            int end = message.position() + length;
            String data = data(type, length);
            message.position(end);
            records.add(name + "\t" + ttl + "\t" + DnsTypes.className(dnsClass) + "\t" + DnsTypes.typeName(type) + "\t"
                    + data);
        }
        return records;
    }

    private String data(int type, int length) throws IOException {
        return switch (type) {
            case DnsTypes.A, DnsTypes.AAAA -> address(length);
            case DnsTypes.NS, DnsTypes.CNAME, DnsTypes.PTR, DnsTypes.DNAME -> name();
            case DnsTypes.MX -> (message.getShort() & 0xffff) + " " + name();
            case DnsTypes.TXT -> texts(length);
            case DnsTypes.SRV ->
                (message.getShort() & 0xffff) + " " + (message.getShort() & 0xffff) + " "
                        + (message.getShort() & 0xffff) + " " + name();
            case DnsTypes.SOA -> soa();
            case DnsTypes.CAA -> caa(length);
            default -> "\\# " + length + " " + HexFormat.of().formatHex(bytes(length));
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        message.get(bytes);
        return bytes;
    }

    private String address(int length) throws IOException {
        InetAddress address = InetAddress.getByAddress(bytes(length));
        return length == 4 ? address.getHostAddress() : shortest(address.getAddress());
    }

    /** With the longest run of zeros left out (RFC 5952), as others write it. */
    private static String shortest(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = ((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff);
        }
        int best = -1;
        int bestLength = 1;
        for (int from = 0; from < groups.length; from++) {
            int to = from;
            while (to < groups.length && groups[to] == 0) {
                to++;
            }
            if (to - from > bestLength) {
                best = from;
                bestLength = to - from;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == best) {
                out.append("::");
                i += bestLength - 1;
            } else {
                boolean first = out.isEmpty() || out.charAt(out.length() - 1) == ':';
                out.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    private String texts(int length) {
        StringBuilder out = new StringBuilder();
        int end = message.position() + length;
        while (message.position() < end) {
            String text = new String(bytes(message.get() & 0xff), StandardCharsets.UTF_8);
            out.append(out.isEmpty() ? "" : " ").append(quoted(text));
        }
        return out.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private String soa() throws IOException {
        String names = name() + " " + name();
        long number = message.getInt() & 0xffffffffL;
        if (serial.isEmpty()) {
            serial = OptionalLong.of(number);
        }
        StringBuilder out = new StringBuilder(names).append(' ').append(number);
        for (int i = 0; i < 4; i++) {
            out.append(' ').append(message.getInt() & 0xffffffffL);
        }
        return out.toString();
    }

    private String caa(int length) {
        byte[] data = bytes(length);
        int tag = data[1] & 0xff;
        return (data[0] & 0xff) + " " + new String(data, 2, tag, StandardCharsets.US_ASCII) + " "
                + quoted(new String(Arrays.copyOfRange(data, 2 + tag, length), StandardCharsets.UTF_8));
    }

    /** A name, with a dot at its end; its later parts may stand elsewhere in the message. */
    private String name() throws IOException {
        StringBuilder out = new StringBuilder();
        int back = -1;
        int jumps = 0;
        for (int length = message.get() & 0xff; length != 0; length = message.get() & 0xff) {
            if (length > MAX_LABEL) {
                int to = ((length & 0x3f) << 8) | (message.get() & 0xff);
                back = back < 0 ? message.position() : back;
                if (++jumps > MAX_JUMPS) {
                    throw new IOException("the answer is damaged: a name without an end");
                }
                message.position(to);
            } else {
                out.append(new String(bytes(length), StandardCharsets.UTF_8)).append('.');
                if (out.length() > MAX_NAME) {
                    throw new IOException("the answer is damaged: a name longer than " + MAX_NAME + " bytes");
                }
            }
        }
        if (back >= 0) {
            message.position(back);
        }
        return out.isEmpty() ? "." : out.toString();
    }
}
