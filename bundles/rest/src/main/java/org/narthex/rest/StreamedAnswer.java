package org.narthex.rest;

import java.io.IOException;

/** A good answer that writes itself, envelope and all. */
interface StreamedAnswer {
    void write(JsonBytes json) throws IOException;
}
