package org.narthex.probe;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.MetricType;

/** The prober {@code dns}: asks a server one question, and looks at the answer. */
final class DnsProber implements Prober {
    private static final int PORT = 53;
    private static final int TLS_PORT = 853;
    private static final int MAX_MESSAGE = 65_535;

    private final SecureRandom random = new SecureRandom();
    private final IpProtocol protocol;
    private final Optional<InetAddress> source;
    private final Transport transport;
    private final Tls tls;
    private final Question question;
    private final List<String> validCodes;
    private final RecordRules answers;
    private final RecordRules authorities;
    private final RecordRules additionals;

    private enum Transport {
        UDP,
        TCP,
        TLS
    }

    /** What is asked. */
    private record Question(String name, int type, int dnsClass, boolean recursionDesired) {
        static Question read(ConfigNode section) throws ConfigException {
            String name = section.string("query_name", "");
            if (name.isEmpty()) {
                throw section.error("query name must be set for DNS module");
            }
            String type = section.string("query_type", "ANY");
            if (DnsTypes.type(type) < 0) {
                throw section.require("query_type").error("query type \"" + type + "\" is not valid");
            }
            String dnsClass = section.string("query_class", "IN");
            if (DnsTypes.dnsClass(dnsClass) < 0) {
                throw section.require("query_class").error("query class \"" + dnsClass + "\" is not valid");
            }
            return new Question(
                    name, DnsTypes.type(type), DnsTypes.dnsClass(dnsClass), section.bool("recursion_desired", true));
        }
    }

    DnsProber(ConfigNode section, Supplier<HttpClients> clients) throws ConfigException {
        section.onlyKeys(
                IpProtocol.PREFERRED,
                IpProtocol.FALLBACK,
                SourceAddress.KEY,
                "transport_protocol",
                "dns_over_tls",
                "tls_config",
                "query_name",
                "query_type",
                "query_class",
                "recursion_desired",
                "valid_rcodes",
                "validate_answer_rrs",
                "validate_authority_rrs",
                "validate_additional_rrs");
        protocol = IpProtocol.read(section);
        source = SourceAddress.read(section);
        transport = transport(section);
        tls = new Tls(clients, Sections.tls(section));
        question = Question.read(section);
        validCodes = codes(section);
        answers = RecordRules.read(section, "validate_answer_rrs");
        authorities = RecordRules.read(section, "validate_authority_rrs");
        additionals = RecordRules.read(section, "validate_additional_rrs");
    }

    private static Transport transport(ConfigNode section) throws ConfigException {
        String name = section.string("transport_protocol", "udp");
        boolean overTls = section.bool("dns_over_tls", false);
        switch (name) {
            case "udp" -> {
                if (overTls && section.given("transport_protocol").isPresent()) {
                    throw section.require("dns_over_tls").error("DNS over TLS goes over tcp");
                }
            }
            case "tcp" -> {}
            default -> throw section.require("transport_protocol").error("expected udp or tcp, found \"" + name + "\"");
        }
        return overTls ? Transport.TLS : name.equals("udp") ? Transport.UDP : Transport.TCP;
    }

    private static List<String> codes(ConfigNode section) throws ConfigException {
        List<String> codes = new ArrayList<>();
        for (ConfigNode code : section.list("valid_rcodes")) {
            if (!DnsTypes.isCode(code.text())) {
                throw code.error("rcode \"" + code.text() + "\" is not valid");
            }
            codes.add(code.text());
        }
        return codes.isEmpty() ? List.of("NOERROR") : codes;
    }

    @Override
    public boolean probe(ProbeRun run) throws IOException {
        HostPort target = HostPort.parse(run.target(), transport == Transport.TLS ? TLS_PORT : PORT);
        DnsMessage.Answer answer = null;
        double[] seconds = {0, 0, 0};
        try {
            answer = ask(target, seconds, run);
        } finally {
            report(answer, seconds, run);
        }
        return isGood(answer, run);
    }

    /** @param seconds of resolving, connecting and asking; filled in */
    private DnsMessage.Answer ask(HostPort target, double[] seconds, ProbeRun run) throws IOException {
        IpProtocol.Found found = protocol.resolve(target.host(), run);
        seconds[0] = found.seconds();
        int id = random.nextInt(MAX_MESSAGE);
        byte[] query = DnsMessage.query(id, question.name, question.type, question.dnsClass, question.recursionDesired);
        InetSocketAddress server = new InetSocketAddress(found.address(), target.port());
        run.log("Making DNS query target=" + server + " transport=" + transport + " query=" + question.name + " type="
                + DnsTypes.typeName(question.type));
        return transport == Transport.UDP
                ? byUdp(server, id, query, seconds, run)
                : byTcp(server, target.host(), id, query, seconds, run);
    }

    private DnsMessage.Answer byUdp(InetSocketAddress server, int id, byte[] query, double[] seconds, ProbeRun run)
            throws IOException {
        long start = System.nanoTime();
        try (DatagramSocket socket = source.isPresent() ? new DatagramSocket(0, source.get()) : new DatagramSocket()) {
            socket.connect(server);
            seconds[1] = ProbeRun.secondsSince(start);
            long asked = System.nanoTime();
            socket.send(new DatagramPacket(query, query.length));
            byte[] bytes = new byte[MAX_MESSAGE];
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            do {
                socket.setSoTimeout(run.remainingMs());
                socket.receive(packet);
            } while (!DnsMessage.answers(bytes, packet.getLength(), id));
            seconds[2] = ProbeRun.secondsSince(asked);
            return DnsMessage.parse(bytes, packet.getLength());
        }
    }

    private DnsMessage.Answer byTcp(
            InetSocketAddress server, String host, int id, byte[] query, double[] seconds, ProbeRun run)
            throws IOException {
        long start = System.nanoTime();
        try (Socket socket = new Socket()) {
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            socket.connect(server, run.remainingMs());
            if (transport == Transport.TCP) {
                seconds[1] = ProbeRun.secondsSince(start);
                return overStream(socket, id, query, seconds, run);
            }
            try (SSLSocket safe = tls.over(socket, host, run)) {
                seconds[1] = ProbeRun.secondsSince(start);
                return overStream(safe, id, query, seconds, run);
            }
        }
    }

    private static DnsMessage.Answer overStream(Socket socket, int id, byte[] query, double[] seconds, ProbeRun run)
            throws IOException {
        long asked = System.nanoTime();
        OutputStream out = socket.getOutputStream();
        out.write(ByteBuffer.allocate(query.length + 2)
                .putShort((short) query.length)
                .put(query)
                .array());
        out.flush();
        DataInputStream in = new DataInputStream(new TimedStream(socket, run));
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        seconds[2] = ProbeRun.secondsSince(asked);
        if (!DnsMessage.answers(bytes, bytes.length, id)) {
            throw new IOException("what came is no answer to the question");
        }
        return DnsMessage.parse(bytes, bytes.length);
    }

    private void report(DnsMessage.Answer answer, double[] seconds, ProbeRun run) {
        String name = "probe_dns_duration_seconds";
        run.metrics().family(name, MetricType.GAUGE, "Duration of DNS request by phase");
        run.metrics().sample(name, seconds[1], "phase", "connect");
        run.metrics().sample(name, seconds[2], "phase", "request");
        run.metrics().sample(name, seconds[0], "phase", "resolve");
        count(run, "probe_dns_answer_rrs", "answer", answer == null ? List.of() : answer.answers());
        count(run, "probe_dns_authority_rrs", "authority", answer == null ? List.of() : answer.authorities());
        count(run, "probe_dns_additional_rrs", "additional", answer == null ? List.of() : answer.additionals());
        run.metrics()
                .gauge(
                        "probe_dns_query_succeeded",
                        "Displays whether or not the query was executed successfully",
                        answer == null ? 0 : 1);
        if (answer != null && question.type == DnsTypes.SOA) {
            run.metrics().gauge("probe_dns_serial", "Returns the serial number of the zone", (double)
                    answer.serial().orElse(0));
        }
    }

    private static void count(ProbeRun run, String name, String part, List<String> records) {
        run.metrics().gauge(name, "Returns number of entries in the " + part + " resource record list", records.size());
    }

    private boolean isGood(DnsMessage.Answer answer, ProbeRun run) {
        answer.answers().forEach(record -> run.log("Answer rr=" + record));
        if (!validCodes.contains(answer.code())) {
            return run.fails("Rcode is not one of the valid rcodes rcode=" + answer.code() + " valid=" + validCodes);
        }
        boolean passed = answers.pass(answer.answers(), run)
                && authorities.pass(answer.authorities(), run)
                && additionals.pass(answer.additionals(), run);
        if (answers.areAny() || authorities.areAny() || additionals.areAny()) {
            run.failedByRegex(!passed);
        }
        return passed;
    }
}
