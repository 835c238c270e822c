package org.narthex.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.narthex.testkit.DamagedInput;

class DnsMessageTest {
    /** An answer to a question for {@code _x._tcp.example}, with a record of each type, whose names point back to it. */
    private static byte[] response() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(DnsMessage.query(7, "_x._tcp.example", DnsMessage.Type.SRV));
        byte[] example = {(byte) 0xc0, 20};
        record(out, 33, new byte[] {0, 1, 0, 2, 0x0c, (byte) 0xea, 2, 'd', 'b'}, example);
        record(out, 1, new byte[] {(byte) 192, 0, 2, 1});
        record(out, 28, Arrays.copyOf(new byte[] {0x20, 1, 0x0d, (byte) 0xb8}, 16));
        record(out, 15, new byte[] {0, 10, 2, 'm', 'x'}, example);
        record(out, 2, new byte[] {2, 'n', 's'}, example);
        byte[] bytes = out.toByteArray();
        bytes[2] |= (byte) 0x80;
        bytes[7] = 5;
        return bytes;
    }

    private static void record(ByteArrayOutputStream out, int type, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        out.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 60, 0, (byte) length});
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
    }

    @ParameterizedTest
    @EnumSource
    void responsesAreTakenOrRefused(DnsMessage.Type type) throws Exception {
        byte[] sound = response();
        assertThat(DnsMessage.response(sound, sound.length, type).answers()).hasSize(1);
        DamagedInput.isTakenOrRefused(2_000, sound, IOException.class, bytes -> assertThat(
                        DnsMessage.response(bytes, bytes.length, type).answers())
                .hasSizeLessThan(100));
    }

    /** Each label is followed by a pointer to the one before: a few hundred bytes would become a name of many thousands, each record anew. */
    @Test
    void refusesNamesThatGrowWithoutEnd() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 7, (byte) 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        byte[] label = new byte[64];
        Arrays.fill(label, (byte) 'a');
        label[0] = 63;
        for (int i = 0; i < 5; i++) {
            out.writeBytes(label);
        }
        out.write(0);
        out.writeBytes(new byte[] {0, 33, 0, 1});
        byte[] bytes = out.toByteArray();
        assertThatThrownBy(() -> DnsMessage.response(bytes, bytes.length, DnsMessage.Type.SRV))
                .hasMessage("a name in a response of the name server is longer than 255 bytes");
    }
}
