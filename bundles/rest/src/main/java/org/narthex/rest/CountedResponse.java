package org.narthex.rest;

import java.io.IOException;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** A response that knows how many bytes were written into it. */
class CountedResponse extends HttpServletResponseWrapper {
    private long bytes;
    private ServletOutputStream counting;

    CountedResponse(HttpServletResponse response) {
        super(response);
    }

    /** The bytes of the body so far, as they go over the wire. */
    final long bytes() {
        return bytes;
    }

    /** Asked before anything is written into the body; what may not be is dropped. */
    boolean mayWrite() throws IOException {
        return true;
    }

    @Override
    public final ServletOutputStream getOutputStream() throws IOException {
        if (counting == null) {
            counting = new Counting(super.getOutputStream());
        }
        return counting;
    }

    private final class Counting extends ServletOutputStream {
        private final ServletOutputStream out;

        Counting(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            if (mayWrite()) {
                out.write(b);
                bytes++;
            }
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            if (mayWrite()) {
                out.write(from, offset, length);
                bytes += length;
            }
        }

        @Override
        public void flush() throws IOException {
            if (mayWrite()) {
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (mayWrite()) {
                out.close();
            }
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
