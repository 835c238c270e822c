package org.narthex.exporter.node;

import java.io.IOException;

/** An address as {@code /proc/net/ip_vs} writes it: {@code C0A80016:0CEA}, or {@code [2620:0000:…:0001]:0050}. */
record IpvsAddress(String address, String port) {
    private static final int V4_DIGITS = 8;

    /** @param file where the text stands, for the message */
    static IpvsAddress parse(String file, String text) throws IOException {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            String port = Long.toString((long) KernelFiles.hexadecimal(file, text.substring(colon + 1)));
            String address = text.substring(0, colon);
            if (address.length() == V4_DIGITS && address.indexOf(':') < 0) {
                return new IpvsAddress(dotted((long) KernelFiles.hexadecimal(file, address)), port);
            }
            if (address.startsWith("[") && address.endsWith("]")) {
                return new IpvsAddress(compressed(file, address.substring(1, address.length() - 1)), port);
            }
        }
        throw new IOException(file + ": not an address: \"" + text + "\"");
    }

    private static String dotted(long address) {
        return (address >> 24) + "." + ((address >> 16) & 0xff) + "." + ((address >> 8) & 0xff) + "."
                + (address & 0xff);
    }

    /** As RFC 5952 wants it: no leading zeros, and the first longest run of groups that are zero left out. */
    private static String compressed(String file, String address) throws IOException {
        String[] groups = address.split(":", -1);
        int from = 0;
        int length = 1;
        int run = 0;
        for (int i = 0; i < groups.length; i++) {
            groups[i] = Long.toHexString((long) KernelFiles.hexadecimal(file, groups[i]));
            run = groups[i].equals("0") ? run + 1 : 0;
            if (run > length) {
                length = run;
                from = i + 1 - run;
            }
        }
        if (length == 1) {
            return String.join(":", groups);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == from) {
                out.append("::");
                i += length - 1;
            } else {
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":")
                        .append(groups[i]);
            }
        }
        return out.toString();
    }
}
