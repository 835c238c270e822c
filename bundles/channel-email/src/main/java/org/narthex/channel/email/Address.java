package org.narthex.channel.email;

import java.util.ArrayList;
import java.util.List;

/**
 * A mail address as headers have it, reduced to what SMTP wants.
 *
 * @param text {@code local@domain}
 */
record Address(String text) {
    /**
     * Reads a list: addresses with or without a name, {@code Ann <ann@example.org>, bob@example.org}.
     *
     * @throws IllegalArgumentException naming what is no address
     */
    static List<Address> list(String list) {
        List<Address> addresses = new ArrayList<>();
        for (String item : split(list)) {
            addresses.add(of(item.strip()));
        }
        return addresses;
    }

    private static Address of(String item) {
        int open = item.lastIndexOf('<');
        String address = open >= 0 && item.endsWith(">") ? item.substring(open + 1, item.length() - 1) : item;
        int at = address.lastIndexOf('@');
        boolean clean = address.chars().noneMatch(c -> c == ' ' || c == '<' || c == '>')
                && item.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        if (at <= 0 || at == address.length() - 1 || !clean) {
            throw new IllegalArgumentException("not a mail address: \"" + item + "\"");
        }
        return new Address(address);
    }

    /** At the commas that are not inside quotes. */
    private static List<String> split(String list) {
        List<String> items = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                items.add(list.substring(start, i));
                start = i + 1;
            }
        }
        items.add(list.substring(start));
        return items;
    }
}
