package org.narthex.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.narthex.api.query.QueryException;
import org.narthex.api.scrape.ScrapeTargets;

/** {@code targets}, {@code targets/metadata} and {@code scrape_pools}. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class TargetsResource {
    private final LiveServices services;

    TargetsResource(LiveServices services) {
        this.services = services;
    }

    /** What {@code targets} answers. */
    public record Targets(
            List<ActiveTarget> activeTargets,
            List<DroppedTarget> droppedTargets,
            Map<String, Integer> droppedTargetCounts) {}

    /** A target that is scraped. */
    public record ActiveTarget(
            Map<String, String> discoveredLabels,
            Map<String, String> labels,
            String scrapePool,
            String scrapeUrl,
            String globalUrl,
            String lastError,
            String lastScrape,
            double lastScrapeDuration,
            String health,
            String scrapeInterval,
            String scrapeTimeout) {
        static ActiveTarget of(ScrapeTargets.Active target) {
            return new ActiveTarget(
                    target.discoveredLabels().toMap(),
                    target.labels().toMap(),
                    target.scrapePool(),
                    target.scrapeUrl(),
                    target.globalUrl(),
                    target.lastError(),
                    ApiTime.format(target.lastScrapeMs()),
                    target.lastDurationSeconds(),
                    target.health().name().toLowerCase(Locale.ROOT),
                    PromDuration.format(target.intervalMs()),
                    PromDuration.format(target.timeoutMs()));
        }
    }

    /** A target that relabelling dropped. */
    public record DroppedTarget(Map<String, String> discoveredLabels, String scrapePool) {}

    /** What one target says about a metric family; the name is left out where it was asked for. */
    public record TargetMetadata(
            Map<String, String> target, Optional<String> metric, String type, String help, String unit) {}

    /** What {@code scrape_pools} answers. */
    public record ScrapePools(List<String> scrapePools) {}

    @GET
    @Path("targets")
    public Object targets(@Context UriInfo uri) {
        return targets(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    Envelope targets(ApiParameters parameters) {
        String state = parameters.text("state").toLowerCase(Locale.ROOT);
        String pool = parameters.text("scrapePool");
        ScrapeTargets targets = services.scrapeTargets.required();
        Map<String, Integer> droppedCounts = new TreeMap<>();
        List<ActiveTarget> active = new ArrayList<>();
        for (ScrapeTargets.Active target : targets.active()) {
            if (pool.isEmpty() || pool.equals(target.scrapePool())) {
                droppedCounts.putIfAbsent(target.scrapePool(), 0);
                if (!state.equals("dropped")) {
                    active.add(ActiveTarget.of(target));
                }
            }
        }
        List<DroppedTarget> dropped = new ArrayList<>();
        for (ScrapeTargets.Dropped target : targets.dropped()) {
            if (pool.isEmpty() || pool.equals(target.scrapePool())) {
                droppedCounts.merge(target.scrapePool(), 1, Integer::sum);
                if (!state.equals("active")) {
                    dropped.add(new DroppedTarget(target.discoveredLabels().toMap(), target.scrapePool()));
                }
            }
        }
        return Envelope.of(new Targets(active, dropped, state.equals("active") ? Map.of() : droppedCounts));
    }

    @GET
    @Path("targets/metadata")
    public Envelope metadata(@Context UriInfo uri) {
        return metadata(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    private Envelope metadata(ApiParameters parameters) {
        int limit = MetadataResource.number(parameters, "limit");
        List<Matcher> matchers = targetMatchers(parameters);
        String metric = parameters.text("metric");
        List<TargetMetadata> answer = new ArrayList<>();
        Labels target = Labels.EMPTY;
        for (ScrapeTargets.TargetMetadata said :
                services.scrapeTargets.required().metadata(metric)) {
            if (limit >= 0 && answer.size() >= limit && !said.target().equals(target)) {
                // As upstream has it, the limit leaves out whole targets.
                break;
            }
            target = said.target();
            if (matchers.stream().allMatch(matcher -> matcher.matches(said.target()))) {
                answer.add(new TargetMetadata(
                        target.toMap(),
                        metric.isEmpty() ? Optional.of(said.metric()) : Optional.empty(),
                        said.metadata().type().word(),
                        said.metadata().help(),
                        said.metadata().unit()));
            }
        }
        if (answer.isEmpty()) {
            throw new ApiException(ErrorType.NOT_FOUND, "specified metadata not found");
        }
        return Envelope.of(answer);
    }

    private List<Matcher> targetMatchers(ApiParameters parameters) {
        String selector = parameters.text("match_target");
        if (selector.isEmpty()) {
            return List.of();
        }
        try {
            return services.queryEngine.required().parseSelector(selector);
        } catch (QueryException e) {
            throw e.kind() == QueryException.Kind.BAD_DATA
                    ? ApiException.badParameter("match_target", e.getMessage())
                    : ApiException.of(e);
        }
    }

    @GET
    @Path("scrape_pools")
    public Envelope scrapePools() {
        TreeSet<String> pools = new TreeSet<>();
        ScrapeTargets targets = services.scrapeTargets.required();
        services.configSource
                .get()
                .ifPresent(source -> source.current().scrapeConfigs().forEach(config -> pools.add(config.jobName())));
        targets.active().forEach(target -> pools.add(target.scrapePool()));
        return Envelope.of(new ScrapePools(List.copyOf(pools)));
    }
}
