package org.narthex.promql.function;

import java.util.HashMap;
import java.util.Map;

import org.narthex.promql.eval.Kernel;
import org.narthex.promql.parser.Signature;

/** A table of functions. Filled once, then only read. */
public final class Functions {
    private final Map<String, Signature> signatures = new HashMap<>();
    private final Map<String, Kernel> kernels = new HashMap<>();

    /** All functions of Prometheus, experimental ones included. */
    public static Functions builtIn() {
        Functions functions = new Functions();
        MathFunctions.addTo(functions);
        RateFunctions.addTo(functions);
        RegressionFunctions.addTo(functions);
        OverTimeFunctions.addTo(functions);
        ExtremeFunctions.addTo(functions);
        TimeFunctions.addTo(functions);
        LabelFunctions.addTo(functions);
        VectorFunctions.addTo(functions);
        AbsentFunctions.addTo(functions);
        HistogramFunctions.addTo(functions);
        QueryFunctions.addTo(functions);
        InfoFunction.addTo(functions);
        return functions;
    }

    /** @return false if the name is taken already */
    public boolean add(Signature signature, Kernel kernel) {
        if (signatures.putIfAbsent(signature.name(), signature) != null) {
            return false;
        }
        kernels.put(signature.name(), kernel);
        return true;
    }

    public Map<String, Signature> signatures() {
        return signatures;
    }

    public Map<String, Kernel> kernels() {
        return kernels;
    }
}
