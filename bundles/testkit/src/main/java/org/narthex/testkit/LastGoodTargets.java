package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;

/** Discovery by an API that fails for a while. */
public final class LastGoodTargets {
    private LastGoodTargets() {}

    /**
     * What was found stays while the API refuses everything, which it is asked again and again meanwhile.
     *
     * @param section refreshes often, so that failures follow soon
     */
    public static void stayWhileItFails(FakeApi api, RefreshingProvider provider, ConfigNode section) throws Exception {
        DiscoveryContract.Groups groups = new DiscoveryContract.Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section, groups)) {
            assertThat(running).isNotNull();
            groups.await(found -> !found.addresses().isEmpty());
            List<TargetGroup> good = groups.all();
            api.status(503);
            // Of the questions under way some may still be answered; of six, one at least is a new attempt.
            api.awaitAsked(api.asked().size() + 6);
            assertThat(groups.all()).isEqualTo(good);
            api.status(200);
            api.awaitAsked(api.asked().size() + 6);
            assertThat(groups.all()).isEqualTo(good);
        }
    }
}
