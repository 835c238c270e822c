package org.narthex.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Reads from a socket until the probe's time is over, however slowly the other side writes. */
final class TimedStream extends InputStream {
    private final Socket socket;
    private final InputStream in;
    private final ProbeRun run;

    TimedStream(Socket socket, ProbeRun run) throws IOException {
        this.socket = socket;
        this.run = run;
        in = socket.getInputStream();
    }

    @Override
    public int read() throws IOException {
        socket.setSoTimeout(run.remainingMs());
        return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        socket.setSoTimeout(run.remainingMs());
        return in.read(bytes, from, length);
    }
}
