package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.config.YamlFiles;

/** With a script in the place of {@code ping}, which may send nothing in many a sandbox. */
class IcmpProberTest {
    @TempDir
    private Path folder;

    private static final String SECTION =
            "{ preferred_ip_protocol: ip4, payload_size: 100, ttl: 7, dont_fragment: true }";

    private ProbeRun run(String script, boolean success) throws Exception {
        Path ping = folder.resolve("ping");
        Files.writeString(ping, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(ping, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProbeRun run = new ProbeRun("127.0.0.1", "", 20_000);
        IcmpProber prober = new IcmpProber(new YamlFiles().parse("icmp", SECTION), ping.toString());
        assertThat(prober.probe(run)).isEqualTo(success);
        return run;
    }

    private static String text(ProbeRun run) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run.metrics().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void readsTheReply() throws Exception {
        ProbeRun run = run("echo \"$@\"\necho '64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.250 ms'\n", true);
        assertThat(text(run))
                .contains(
                        "probe_icmp_duration_seconds{phase=\"rtt\"} 0.00025\n",
                        "probe_icmp_duration_seconds{phase=\"setup\"} ",
                        "probe_icmp_reply_hop_limit 64\n");
        assertThat(String.join("\n", run.log()))
                .containsPattern("ping: -4 -n -c 1 -w \\d+ -s 100 -t 7 -M do 127.0.0.1");
    }

    @Test
    void noReplyIsAFailure() throws Exception {
        assertThat(text(run("exit 1\n", false))).contains("probe_icmp_duration_seconds{phase=\"rtt\"} 0\n");
    }

    @Test
    void saysWhatIsNeeded() {
        assertThatThrownBy(() -> run("echo 'ping: socktype: Operation not permitted'\nexit 2\n", false))
                .hasMessageContaining("needs the capability net_raw");
        assertThatThrownBy(() -> new IcmpProber(
                                new YamlFiles().parse("icmp", SECTION),
                                folder.resolve("absent").toString())
                        .probe(new ProbeRun("127.0.0.1", "", 1000)))
                .hasMessageContaining("icmp needs the program ping");
    }
}
