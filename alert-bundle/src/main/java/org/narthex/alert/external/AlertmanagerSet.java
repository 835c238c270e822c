package org.narthex.alert.external;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.config.AlertSendingConfig.Alertmanagers;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.http.UrlHost;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the Alertmanagers of one section are.
 *
 * @param active those that alerts are sent to
 * @param dropped those that relabelling dropped, as they would have been reached
 */
record AlertmanagerSet(Set<URI> active, Set<String> dropped) {
    private static final String ADDRESS = "__address__";
    private static final String SCHEME = "__scheme__";
    private static final String PATH = "__alerts_path__";
    private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerSet.class);

    static AlertmanagerSet of(Alertmanagers section, Collection<TargetGroup> discovered) {
        List<TargetGroup> groups = new ArrayList<>(section.staticConfigs());
        groups.addAll(discovered);
        Set<URI> active = new LinkedHashSet<>();
        Set<String> dropped = new LinkedHashSet<>();
        for (TargetGroup group : groups) {
            for (Labels target : group.targets()) {
                Labels.Builder labels = target.toBuilder();
                Labels shared = group.labels();
                for (int i = 0; i < shared.size(); i++) {
                    if (!labels.has(shared.name(i))) {
                        labels.set(shared.name(i), shared.value(i));
                    }
                }
                labels.set(SCHEME, section.scheme());
                labels.set(PATH, path(section.pathPrefix()));
                Labels before = labels.build();
                Optional<Labels> after = RelabelConfig.apply(before, section.relabelConfigs());
                if (after.isEmpty()) {
                    dropped.add(url(before));
                } else {
                    add(after.get(), active);
                }
            }
        }
        return new AlertmanagerSet(active, dropped);
    }

    private static void add(Labels labels, Set<URI> active) {
        try {
            URI url = UrlHost.create(url(labels));
            if (url.getHost() == null) {
                throw new IllegalArgumentException("no host in " + url);
            }
            active.add(url);
        } catch (IllegalArgumentException e) {
            LOG.warn("An Alertmanager that was discovered cannot be told: {}", e.getMessage());
        }
    }

    private static String path(String prefix) {
        String joined = "/" + prefix + "/api/v2/alerts";
        return joined.replaceAll("/{2,}", "/");
    }

    private static String url(Labels labels) {
        return labels.get(SCHEME) + "://" + labels.get(ADDRESS) + labels.get(PATH);
    }
}
