package org.narthex.rest;

import org.narthex.api.alert.AlertDesk;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.alert.ExternalAlertmanagers;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.alert.RuleTimeMachine;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Host;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.storage.Storage;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The parts of the server that answers are made from. Each may be missing or swapped at any time, while this object and its users stay. */
@Component(service = LiveServices.class)
public final class LiveServices {
    final Current<Storage> storage = new Current<>("storage");
    final Current<QueryEngine> queryEngine = new Current<>("query engine");
    final Current<ScrapeTargets> scrapeTargets = new Current<>("scrape part");
    final Current<Alertmanager> alertmanager = new Current<>("Alertmanager");
    final Current<AlertDesk> alertDesk = new Current<>("alert desk");
    final Current<ExternalAlertmanagers> externalAlertmanagers = new Current<>("sender of alerts");
    final Current<RuleTimeMachine> ruleTimeMachine = new Current<>("rule evaluation");
    final Current<RuleStates> ruleStates = new Current<>("rule evaluation");
    final Current<ConfigSource> configSource = new Current<>("configuration");
    final Current<Host> host = new Current<>("host");

    @Reference(
            name = "storage",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setStorage(Storage service) {
        storage.set(service);
    }

    void unsetStorage(Storage service) {
        storage.unset(service);
    }

    @Reference(
            name = "queryEngine",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setQueryEngine(QueryEngine service) {
        queryEngine.set(service);
    }

    void unsetQueryEngine(QueryEngine service) {
        queryEngine.unset(service);
    }

    @Reference(
            name = "scrapeTargets",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setScrapeTargets(ScrapeTargets service) {
        scrapeTargets.set(service);
    }

    void unsetScrapeTargets(ScrapeTargets service) {
        scrapeTargets.unset(service);
    }

    @Reference(
            name = "alertmanager",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setAlertmanager(Alertmanager service) {
        alertmanager.set(service);
    }

    void unsetAlertmanager(Alertmanager service) {
        alertmanager.unset(service);
    }

    @Reference(
            name = "alertDesk",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setAlertDesk(AlertDesk service) {
        alertDesk.set(service);
    }

    void unsetAlertDesk(AlertDesk service) {
        alertDesk.unset(service);
    }

    @Reference(
            name = "externalAlertmanagers",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setExternalAlertmanagers(ExternalAlertmanagers service) {
        externalAlertmanagers.set(service);
    }

    void unsetExternalAlertmanagers(ExternalAlertmanagers service) {
        externalAlertmanagers.unset(service);
    }

    @Reference(
            name = "ruleTimeMachine",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setRuleTimeMachine(RuleTimeMachine service) {
        ruleTimeMachine.set(service);
    }

    void unsetRuleTimeMachine(RuleTimeMachine service) {
        ruleTimeMachine.unset(service);
    }

    @Reference(
            name = "ruleStates",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setRuleStates(RuleStates service) {
        ruleStates.set(service);
    }

    void unsetRuleStates(RuleStates service) {
        ruleStates.unset(service);
    }

    @Reference(
            name = "configSource",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setConfigSource(ConfigSource service) {
        configSource.set(service);
    }

    void unsetConfigSource(ConfigSource service) {
        configSource.unset(service);
    }

    @Reference(
            name = "host",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setHost(Host service) {
        host.set(service);
    }

    void unsetHost(Host service) {
        host.unset(service);
    }
}
