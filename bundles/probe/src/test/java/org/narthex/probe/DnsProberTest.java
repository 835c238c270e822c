package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class DnsProberTest {
    private static final String POINTER = "c00c";

    /** An answer to a query, whose question it repeats: the records are hex; names may point to that of the question. */
    private static byte[] answer(byte[] query, int length, int code, int answers, int authorities, String records) {
        byte[] data = HexFormat.of().parseHex(records);
        ByteBuffer out = ByteBuffer.allocate(length + data.length);
        out.put(query, 0, length).put(data);
        out.put(2, (byte) 0x81).put(3, (byte) (0x80 | code));
        out.putShort(6, (short) answers).putShort(8, (short) authorities);
        return out.array();
    }

    private static String record(int type, String data) {
        return POINTER + String.format("%04x00010000012c%04x", type, data.length() / 2) + data;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static final String TWO_ADDRESSES = record(1, "7f000001") + record(28, "20010db8000000000000000000000001");
    /** ns.example.com. mail.example.com. 7 1 2 3 4 */
    private static final String AUTHORITY = record(
            6, "02" + hex("ns") + POINTER + "04" + hex("mail") + POINTER + "0000000700000001000000020000000300000004");

    private static String probe(String section, int code, int answers, int authorities, String records)
            throws Exception {
        return probe(section, code, answers, authorities, records, "A");
    }

    private static String probe(String section, int code, int answers, int authorities, String records, String type)
            throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                    server.receive(packet);
                    byte[] reply = answer(packet.getData(), packet.getLength(), code, answers, authorities, records);
                    // One that is not meant for us comes first.
                    byte[] foreign = reply.clone();
                    foreign[0]++;
                    server.send(new DatagramPacket(foreign, foreign.length, packet.getSocketAddress()));
                    server.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            String page = Probes.probe(
                    "dns",
                    "query_name: example.com\nquery_type: " + type + "\n" + section,
                    "127.0.0.1:" + server.getLocalPort());
            answered.get(10, TimeUnit.SECONDS);
            return page;
        }
    }

    @Test
    void countsRecords() throws Exception {
        assertThat(probe("", 0, 2, 1, TWO_ADDRESSES + AUTHORITY))
                .contains(
                        "probe_success 1\n",
                        "probe_dns_query_succeeded 1\n",
                        "probe_dns_answer_rrs 2\n",
                        "probe_dns_authority_rrs 1\n",
                        "probe_dns_additional_rrs 0\n",
                        "probe_dns_duration_seconds{phase=\"request\"} ",
                        "rr=example.com.\\x09300\\x09IN\\x09A\\x09127.0.0.1",
                        "AAAA\\x092001:db8::1")
                .doesNotContain("probe_dns_serial", "probe_failed_due_to_regex");
        assertThat(probe("", 0, 1, 0, AUTHORITY)).doesNotContain("probe_dns_serial");
        assertThat(probe("", 0, 0, 0, "", "SOA")).contains("probe_dns_serial 0\n");
        assertThat(probe("", 0, 1, 0, AUTHORITY, "SOA"))
                .contains("probe_dns_serial 7\n", "SOA\\x09ns.example.com. mail.example.com. 7 1 2 3 4");
    }

    @Test
    void spellsRecordsAsZoneFilesDo() throws Exception {
        String records = record(15, "000a" + "04" + hex("mail") + POINTER)
                + record(16, "0568656c6c6f" + "02" + hex("\"x"))
                + record(33, "000100020050" + POINTER)
                + record(257, "0005" + hex("issue") + hex("ca.example"))
                + record(99, "ff");
        assertThat(probe("", 0, 5, 0, records))
                .contains(
                        "MX\\x0910 mail.example.com.",
                        "TXT\\x09\"hello\" \"\\\"x\"",
                        "SRV\\x091 2 80 example.com.",
                        "CAA\\x090 issue \"ca.example\"",
                        "SPF\\x09\\# 1 ff");
    }

    @Test
    void judgesTheCode() throws Exception {
        assertThat(probe("", 3, 0, 0, "")).contains("probe_success 0\n", "rcode=NXDOMAIN");
        assertThat(Probes.probe("dns", "query_name: a", "nowhere.invalid"))
                .contains(
                        "unknown host",
                        "probe_ip_protocol 0\n",
                        "probe_ip_addr_hash 0\n",
                        "probe_dns_lookup_time_seconds ",
                        "probe_dns_duration_seconds{phase=\"resolve\"} 0\n");
        assertThat(probe("valid_rcodes: [NXDOMAIN]", 3, 0, 0, "")).contains("probe_success 1\n");
    }

    @Test
    void looksAtRecords() throws Exception {
        String rules = "validate_answer_rrs: { ";
        assertThat(probe(rules + "fail_if_matches_regexp: ['127.0.0.1'] }", 0, 2, 0, TWO_ADDRESSES))
                .contains("probe_success 0\n", "probe_failed_due_to_regex 1\n");
        assertThat(probe(rules + "fail_if_all_match_regexp: ['127.0.0.1'] }", 0, 2, 0, TWO_ADDRESSES))
                .contains("probe_success 0\n", "Not all RRs matched regexp=127.0.0.1");
        assertThat(probe(rules + "fail_if_all_match_regexp: ['example'] }", 0, 2, 0, TWO_ADDRESSES))
                .contains("probe_success 1\n", "probe_failed_due_to_regex 0\n");
        assertThat(probe(rules + "fail_if_none_matches_regexp: ['127.0.0.2', '127.0.0.1'] }", 0, 2, 0, TWO_ADDRESSES))
                .contains("probe_success 1\n");
        assertThat(probe(rules + "fail_if_not_matches_regexp: ['.*'] }", 0, 0, 0, ""))
                .contains("probe_success 0\n", "no RRs were returned");
        assertThat(probe(rules + "fail_if_none_matches_regexp: ['.*'] }", 0, 0, 0, ""))
                .contains("probe_success 0\n");
        assertThat(probe(rules + "fail_if_not_matches_regexp: ['127.0.0.1'] }", 0, 2, 0, TWO_ADDRESSES))
                .contains("probe_success 0\n");
        assertThat(probe(rules + "fail_if_none_matches_regexp: ['127.0.0.2'] }", 0, 2, 0, TWO_ADDRESSES))
                .contains("probe_success 0\n");
        assertThat(probe("validate_authority_rrs: { fail_if_matches_regexp: [mail] }", 0, 0, 1, AUTHORITY))
                .contains("probe_success 0\n");
    }

    @Test
    void asksOverTcpToo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] query = new byte[in.readUnsignedShort()];
                    in.readFully(query);
                    byte[] reply = answer(query, query.length, 0, 2, 0, TWO_ADDRESSES);
                    socket.getOutputStream().write(new byte[] {(byte) (reply.length >> 8), (byte) reply.length});
                    socket.getOutputStream().write(reply);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            String page = Probes.probe(
                    "dns", "query_name: example.com\ntransport_protocol: tcp", "127.0.0.1:" + server.getLocalPort());
            assertThat(page).contains("probe_success 1\n", "probe_dns_answer_rrs 2\n", "type=ANY");
            answered.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aDamagedAnswerFailsTheProbeAlone() throws Exception {
        assertThat(probe("", 0, 1, 0, "c00c0001")).contains("probe_success 0\n", "the answer is damaged");
        String longLabel = "3f" + hex("a".repeat(63));
        assertThat(probe("", 0, 1, 0, record(2, longLabel.repeat(4) + POINTER)))
                .contains("probe_success 0\n", "the answer is damaged: a name longer than 255 bytes");
        // A name that points to itself; the question before it has 29 bytes.
        assertThat(probe("", 0, 1, 0, "c01d0001000100000000000400000000"))
                .contains("probe_success 0\n", "the answer is damaged");
    }
}
