package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RestWhiteboardTest {
    @Test
    void putsEveryApplicationBelowItsRoot() {
        assertEquals("/api", RestWhiteboard.contextPath("/"));
        assertEquals("/api", RestWhiteboard.contextPath("/*"));
        assertEquals("/api/v1", RestWhiteboard.contextPath("/v1"));
        assertEquals("/api/v1", RestWhiteboard.contextPath("/v1/*"));
        assertEquals("/api/mine", RestWhiteboard.contextPath("mine/"));
    }
}
