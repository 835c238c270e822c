/** Native histograms as values of PromQL: arithmetic, comparison, quantiles. */
package org.narthex.promql.histogram;
