package org.narthex.probe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Numbers of DNS by name (RFC 1035 and those after it). */
final class DnsTypes {
    static final int A = 1;
    static final int NS = 2;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int PTR = 12;
    static final int MX = 15;
    static final int TXT = 16;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int DNAME = 39;
    static final int CAA = 257;

    private static final Map<String, Integer> TYPES = new TreeMap<>(Map.ofEntries(
            Map.entry("A", A),
            Map.entry("NS", NS),
            Map.entry("CNAME", CNAME),
            Map.entry("SOA", SOA),
            Map.entry("PTR", PTR),
            Map.entry("HINFO", 13),
            Map.entry("MX", MX),
            Map.entry("TXT", TXT),
            Map.entry("AAAA", AAAA),
            Map.entry("LOC", 29),
            Map.entry("SRV", SRV),
            Map.entry("NAPTR", 35),
            Map.entry("DNAME", DNAME),
            Map.entry("DS", 43),
            Map.entry("SSHFP", 44),
            Map.entry("RRSIG", 46),
            Map.entry("NSEC", 47),
            Map.entry("DNSKEY", 48),
            Map.entry("TLSA", 52),
            Map.entry("SVCB", 64),
            Map.entry("HTTPS", 65),
            Map.entry("SPF", 99),
            Map.entry("ANY", 255),
            Map.entry("URI", 256),
            Map.entry("CAA", CAA)));

    private static final Map<String, Integer> CLASSES =
            Map.of("IN", 1, "CS", 2, "CH", 3, "HS", 4, "NONE", 254, "ANY", 255);

    /** By their number. */
    private static final List<String> CODES = List.of(
            "NOERROR",
            "FORMERR",
            "SERVFAIL",
            "NXDOMAIN",
            "NOTIMP",
            "REFUSED",
            "YXDOMAIN",
            "YXRRSET",
            "NXRRSET",
            "NOTAUTH",
            "NOTZONE");

    private DnsTypes() {}

    /** -1 if there is none of the name. */
    static int type(String name) {
        return TYPES.getOrDefault(name, -1);
    }

    static String typeName(int type) {
        return name(TYPES, type, "TYPE");
    }

    /** -1 if there is none of the name. */
    static int dnsClass(String name) {
        return CLASSES.getOrDefault(name, -1);
    }

    static String className(int dnsClass) {
        return name(CLASSES, dnsClass, "CLASS");
    }

    private static String name(Map<String, Integer> numbers, int number, String otherwise) {
        return numbers.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(otherwise + number);
    }

    static boolean isCode(String name) {
        return CODES.contains(name);
    }

    static String codeName(int code) {
        return code < CODES.size() ? CODES.get(code) : "RCODE" + code;
    }
}
