package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The network protocols' counters, from {@code /proc/net/netstat}, {@code snmp} and {@code snmp6}. */
final class NetstatCollector implements Collector {
    static final String DEFAULT_FIELDS = "^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)"
            + "|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)"
            + "|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)"
            + "|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$";

    private final KernelFiles proc;
    private final Filter fields;

    /** @param fields protocol, underscore and name of the counters to be written */
    NetstatCollector(KernelFiles proc, Filter fields) {
        this.proc = proc;
        this.fields = fields;
    }

    @Override
    public String name() {
        return "netstat";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        pairs(sink, "net/netstat");
        pairs(sink, "net/snmp");
        if (proc.file("net/snmp6").exists()) {
            for (String line : proc.lines("net/snmp6")) {
                List<String> words = KernelFiles.words(line);
                int six = words.isEmpty() ? -1 : words.get(0).indexOf('6');
                if (words.size() == 2 && six > 0) {
                    String protocol = words.get(0).substring(0, six + 1);
                    write(sink, "net/snmp6", protocol, words.get(0).substring(six + 1), words.get(1));
                }
            }
        }
    }

    /** A line of names, and below it one of values, each after the protocol and a colon. */
    private void pairs(MetricSink sink, String file) throws IOException {
        List<String> lines = proc.lines(file);
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            List<String> names = KernelFiles.words(lines.get(i));
            List<String> values = KernelFiles.words(lines.get(i + 1));
            if (names.isEmpty()
                    || names.size() != values.size()
                    || !names.get(0).equals(values.get(0))) {
                throw new IOException(file + ": a line of names does not fit the line of values below it");
            }
            String protocol = names.get(0).substring(0, names.get(0).length() - 1);
            for (int j = 1; j < names.size(); j++) {
                write(sink, file, protocol, names.get(j), values.get(j));
            }
        }
    }

    private void write(MetricSink sink, String file, String protocol, String field, String value) throws IOException {
        String key = protocol + "_" + field;
        if (fields.accepts(key)) {
            String name = "node_netstat_" + key;
            sink.family(name, MetricType.UNKNOWN, "Statistic " + protocol + field + ".");
            sink.sample(name, KernelFiles.number(file, value));
        }
    }
}
