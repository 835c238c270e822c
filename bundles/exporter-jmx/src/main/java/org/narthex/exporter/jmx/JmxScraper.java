package org.narthex.exporter.jmx;

import javax.management.MBeanServer;

import org.narthex.api.scrape.MetricSink;

/** Reads the beans by one version of the rules. */
final class JmxScraper {
    private final BeanReader reader;
    private final RuleMatcher matcher;

    JmxScraper(MBeanServer server, Settings settings) {
        reader = new BeanReader(server, settings);
        matcher = new RuleMatcher(settings);
    }

    /** Scrapes come one after the other, since what is remembered from one to the next is not for several threads. */
    synchronized void scrape(MetricSink sink) {
        JmxPage page = new JmxPage();
        matcher.begin();
        reader.read(value -> matcher.match(value)
                .ifPresent(match -> match.valueOf(value.value()).ifPresent(number -> page.add(match, number))));
        matcher.end();
        page.writeTo(sink);
        sink.gauge("jmx_scrape_cached_beans", "Number of beans with their matching rule cached", matcher.remembered());
    }
}
