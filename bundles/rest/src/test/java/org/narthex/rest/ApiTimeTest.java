package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ApiTimeTest {
    @Test
    void readsTheEndsOfTime() {
        assertEquals(ApiTime.MIN_MS, ApiTime.parse("-292273086-05-16T16:47:06Z"));
        assertEquals(ApiTime.MAX_MS, ApiTime.parse("292277025-08-18T07:12:54.999999999Z"));
    }

    @Test
    void readsFractionsBeforeAndAfterTheEpoch() {
        assertEquals(1_500, ApiTime.parse("1.5"));
        assertEquals(-1_500, ApiTime.parse("-1.5"));
        assertEquals(1_000, ApiTime.parse("1e0"));
    }

    @Test
    void refusesWhatIsNoTime() {
        for (String bad :
                new String[] {"NaN", "Inf", "1e300", "1d", "0x1", " 1", "2015-06-03", "2015-13-03T00:00:00Z"}) {
            assertThrows(IllegalArgumentException.class, () -> ApiTime.parse(bad), bad);
        }
    }

    @Test
    void writesZeroAsGosZeroTime() {
        assertEquals("0001-01-01T00:00:00Z", ApiTime.format(0));
        assertEquals("2023-11-14T22:13:20.123Z", ApiTime.format(1_700_000_000_123L));
    }
}
