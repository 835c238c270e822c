package org.narthex.functions.anomaly;

import java.util.Map;

import org.narthex.api.query.FunctionPack;
import org.osgi.service.component.annotations.Component;

/** The functions by their names. */
@Component
public final class AnomalyFunctions implements FunctionPack {
    @Override
    public Map<String, Function> functions() {
        return Map.of(
                "robust_zscore",
                overWindow(0, (window, none) -> RobustScore.ofNewest(window)),
                "seasonal_baseline",
                overWindow(2, SeasonalBaseline::baseline),
                "seasonal_zscore",
                overWindow(2, SeasonalBaseline::score),
                "double_exponential_band",
                overWindow(3, DoubleExponential::band),
                "double_exponential_zscore",
                overWindow(2, DoubleExponential::score),
                "change_point",
                overWindow(1, ChangePoint::timeSeconds),
                "change_point_shift",
                overWindow(1, ChangePoint::shift),
                "outliers_mad",
                new Declared(1, 1, (OverVector) GroupOutliers::byDeviation),
                "outliers_dbscan",
                new Declared(2, 2, (OverVector) GroupOutliers::byDensity));
    }

    private static Function overWindow(int numbers, OverWindow function) {
        return new Declared(numbers, numbers, function);
    }
}
