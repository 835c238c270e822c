package org.narthex.scrape;

/** Reason phrases of the answers a target gives when it gives no page. */
final class HttpStatus {
    private HttpStatus() {}

    /** Such as {@code 404 Not Found}. */
    static String text(int code) {
        String phrase =
                switch (code) {
                    case 204 -> "No Content";
                    case 301 -> "Moved Permanently";
                    case 302 -> "Found";
                    case 303 -> "See Other";
                    case 307 -> "Temporary Redirect";
                    case 308 -> "Permanent Redirect";
                    case 400 -> "Bad Request";
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden";
                    case 404 -> "Not Found";
                    case 405 -> "Method Not Allowed";
                    case 406 -> "Not Acceptable";
                    case 408 -> "Request Timeout";
                    case 429 -> "Too Many Requests";
                    case 500 -> "Internal Server Error";
                    case 501 -> "Not Implemented";
                    case 502 -> "Bad Gateway";
                    case 503 -> "Service Unavailable";
                    case 504 -> "Gateway Timeout";
                    default -> "";
                };
        return phrase.isEmpty() ? Integer.toString(code) : code + " " + phrase;
    }
}
