package org.narthex.alert.template;

import java.util.AbstractList;
import java.util.List;

/** What a query of a template gave. */
final class QueryResult extends AbstractList<Sample> implements Members {
    private final List<Sample> samples;

    QueryResult(List<Sample> samples) {
        this.samples = List.copyOf(samples);
    }

    @Override
    public Sample get(int index) {
        return samples.get(index);
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        throw Members.unknown(name, typeName());
    }

    @Override
    public String typeName() {
        return "template.queryResult";
    }
}
