package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

class ApiParametersTest {
    private static ApiParameters form(String query, String type, String body) {
        return ApiParameters.of(query, type, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void putsTheFormBeforeTheUrl() {
        ApiParameters parameters =
                form("a=url&b=2", "application/x-www-form-urlencoded; charset=UTF-8", "a=form&c=x%2By+z");
        assertEquals("form", parameters.text("a"));
        assertEquals(List.of("form", "url"), parameters.all("a"));
        assertEquals("2", parameters.text("b"));
        assertEquals("x+y z", parameters.text("c"));
    }

    @Test
    void leavesOtherBodiesAlone() {
        assertEquals("", form(null, "application/json", "a=1").text("a"));
        assertEquals("", form(null, null, "a=1").text("a"));
    }

    @Test
    void readsNamesWithoutValuesAndEmptyPieces() {
        ApiParameters parameters = ApiParameters.of("&a&b=&&=c&d=e=f");
        assertEquals("", parameters.text("a"));
        assertEquals(List.of(""), parameters.all("b"));
        assertEquals("e=f", parameters.text("d"));
    }

    @Test
    void refusesBrokenEscapes() {
        assertThrows(ApiException.class, () -> ApiParameters.of("a=%zz"));
    }

    @Test
    void refusesWhatIsNotUtf8AndSaysWhere() {
        ApiException refused = assertThrows(ApiException.class, () -> ApiParameters.of("a=1&match[]=%ff"));
        assertEquals("error parsing form values: \"match[]\" is not valid UTF-8", refused.getMessage());
        assertThrows(ApiException.class, () -> ApiParameters.of("%c3=1"));
        assertThrows(ApiException.class, () -> ApiParameters.of("a=%c3%28"));
        assertThrows(
                ApiException.class,
                () -> ApiParameters.of(
                        null,
                        "application/x-www-form-urlencoded",
                        new ByteArrayInputStream("a=\u00ff".getBytes(StandardCharsets.ISO_8859_1))));
        assertEquals(
                "\u00fc\ufffd\ud83d\ude00",
                form("", "application/x-www-form-urlencoded", "a=\u00fc%EF%BF%BD%f0%9f%98%80")
                        .text("a"));
        assertEquals("\u00fc", ApiParameters.of("a=\u00fc").text("a"));
    }

    @Test
    void readsBooleansAsGoDoes() {
        assertTrue(ApiParameters.of("a=T").flag("a"));
        assertFalse(ApiParameters.of("a=0").flag("a"));
        assertFalse(ApiParameters.of("").flag("a"));
        assertThrows(ApiException.class, () -> ApiParameters.of("a=yes").flag("a"));
    }
}
