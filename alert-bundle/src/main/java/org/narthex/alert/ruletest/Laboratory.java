package org.narthex.alert.ruletest;

import org.narthex.api.query.QueryEngine;
import org.narthex.api.storage.Storage;

/** What one test runs on: an empty storage, and an engine that answers from it. */
public record Laboratory(Storage storage, QueryEngine engine) {}
