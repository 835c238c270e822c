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
            Map.entry("MD", 3),
            Map.entry("MF", 4),
            Map.entry("MB", 7),
            Map.entry("MG", 8),
            Map.entry("MR", 9),
            Map.entry("NULL", 10),
            Map.entry("MINFO", 14),
            Map.entry("RP", 17),
            Map.entry("AFSDB", 18),
            Map.entry("X25", 19),
            Map.entry("ISDN", 20),
            Map.entry("RT", 21),
            Map.entry("NSAPPTR", 23),
            Map.entry("SIG", 24),
            Map.entry("KEY", 25),
            Map.entry("PX", 26),
            Map.entry("GPOS", 27),
            Map.entry("EID", 31),
            Map.entry("NIMLOC", 32),
            Map.entry("ATMA", 34),
            Map.entry("KX", 36),
            Map.entry("CERT", 37),
            Map.entry("OPT", 41),
            Map.entry("APL", 42),
            Map.entry("IPSECKEY", 45),
            Map.entry("DHCID", 49),
            Map.entry("NSEC3", 50),
            Map.entry("NSEC3PARAM", 51),
            Map.entry("SMIMEA", 53),
            Map.entry("HIP", 55),
            Map.entry("NINFO", 56),
            Map.entry("RKEY", 57),
            Map.entry("TALINK", 58),
            Map.entry("CDS", 59),
            Map.entry("CDNSKEY", 60),
            Map.entry("OPENPGPKEY", 61),
            Map.entry("CSYNC", 62),
            Map.entry("ZONEMD", 63),
            Map.entry("UINFO", 100),
            Map.entry("UID", 101),
            Map.entry("GID", 102),
            Map.entry("UNSPEC", 103),
            Map.entry("NID", 104),
            Map.entry("L32", 105),
            Map.entry("L64", 106),
            Map.entry("LP", 107),
            Map.entry("EUI48", 108),
            Map.entry("EUI64", 109),
            Map.entry("TKEY", 249),
            Map.entry("TSIG", 250),
            Map.entry("IXFR", 251),
            Map.entry("AXFR", 252),
            Map.entry("MAILB", 253),
            Map.entry("MAILA", 254),
            Map.entry("AVC", 258),
            Map.entry("TA", 32768),
            Map.entry("DLV", 32769),
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

    /** They stand in records of answers to signed questions, and so in none that comes here. */
    private static final List<String> LONG_CODES =
            List.of("BADSIG", "BADVERS", "BADKEY", "BADTIME", "BADMODE", "BADNAME", "BADALG", "BADTRUNC", "BADCOOKIE");

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
        return CODES.contains(name) || LONG_CODES.contains(name);
    }

    static String codeName(int code) {
        return code < CODES.size() ? CODES.get(code) : "RCODE" + code;
    }
}
